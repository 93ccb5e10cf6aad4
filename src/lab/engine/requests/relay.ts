/** Starts the relay in the machine and reads its report. */
import { concatBytes, decodeUtf8 } from '../../../guest/bytes.ts';
import type { AgentClient } from '../../../guest/client.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { relayProgram } from './relay-program.ts';

export interface RelayFrame {
  connection: number;
  kind: 'open' | 'request' | 'response' | 'cut' | 'closed';
  /** Milliseconds of the guest's own clock since it was switched on. */
  at: number;
  /** Name of the program for `open`; what passed for `request` and `response`. */
  bytes: Uint8Array;
}

const kinds: Readonly<Record<string, RelayFrame['kind']>> = { o: 'open', '>': 'request', '<': 'response', c: 'cut', x: 'closed' };

const socketPath = '/run/docker.sock';
/** Where the daemon's own socket is meanwhile. */
export const daemonSocketPath = '/run/docker-engine.sock';
const reportPath = '/run/drydock-inspector.sock';

/** Bytes reported of each direction of a connection. A build context or a followed log would flood the link. */
export const reportedBytes = 256 * 1024;

/** Perl starts in a second; a machine that builds or pulls meanwhile takes longer. */
const startMilliseconds = 120_000;

/**
 * Follows what passes, until the signal aborts. Raises DD3020 where the relay cannot be started.
 * @param onReady called once requests pass through it
 */
export async function* followRelay(agent: AgentClient, signal: AbortSignal, onReady: () => void = () => {}): AsyncGenerator<RelayFrame, void, void> {
  if (signal.aborted) return;
  // Not ended by the signal: a relay that stands already must be met, which then ends it and gives the socket back.
  const started = await agent.exec(['perl', '-', socketPath, daemonSocketPath, reportPath, String(reportedBytes)], { user: 'root', input: relayProgram, timeoutMs: startMilliseconds });
  if (started.exitCode !== 0) throw new DrydockError('inspector-failed', { reason: started.stderr.trim() || `perl ended with exit code ${started.exitCode}` });
  const report = await agent.connectUnix(reportPath);
  if (!signal.aborted) onReady();
  else {
    report.close();
    return;
  }
  const stop = (): void => report.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const reader = new FrameReader();
    for (let bytes = await report.read(); bytes !== null; bytes = await report.read()) yield* reader.push(bytes);
    if (!signal.aborted) throw new DrydockError('inspector-failed', { reason: 'it ended by itself' });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    report.close();
  }
}

/** Takes the report apart. */
export class FrameReader {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();

  /** Frames that are complete now. */
  *push(bytes: Uint8Array): Generator<RelayFrame, void, void> {
    this.#rest = concatBytes([this.#rest, bytes]);
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end === -1) return;
      const [connection, mark = '', at, length] = decodeUtf8(this.#rest.subarray(0, end)).split(' ');
      const kind = kinds[mark];
      const size = Number(length);
      if (kind === undefined || !Number.isInteger(size)) throw new DrydockError('inspector-failed', { reason: `its report is not understood at “${mark}”` });
      if (this.#rest.length < end + 1 + size) return;
      yield { connection: Number(connection), kind, at: Number(at), bytes: this.#rest.slice(end + 1, end + 1 + size) };
      this.#rest = this.#rest.slice(end + 1 + size);
    }
  }
}
