/** Jobs side by side, each in a process of its own: a machine keeps its thread busy, and so does a compressor. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { z } from 'zod';
import { optimiseLittle } from '../../src/emulator/node/v8-options.ts';
import { Limiter } from '../../src/shared/limiter.ts';
import { BuildError } from '../builder/errors.ts';
import type { Reporter } from '../builder/progress.ts';
import { messageSchema, type Order } from './orders.ts';

/** For the minute of a start. In the minutes of an installation V8 knows best, by a twentieth. */
const engineArguments: Record<Order['kind'], readonly string[]> = { 'registry and packages': [], host: [], start: [optimiseLittle] };

export class JobPool {
  readonly #reporter: Reporter;
  readonly #limiter: Limiter;
  readonly #ending = new AbortController();

  /** @param atOnce how many run at once; the others wait for their turn */
  constructor(atOnce: number, reporter: Reporter) {
    this.#limiter = new Limiter(atOnce);
    this.#reporter = reporter;
  }

  /**
   * Resolves with what the job gives, once its turn has come and it is done.
   *
   * @param lane under which its progress is shown; absent where whoever ordered it tells of it
   * @throws BuildError what the job failed with; Error where its process ended otherwise, or the pool was closed
   */
  async run<Result>(order: Order, result: z.ZodType<Result>, lane?: string): Promise<Result> {
    const { signal } = this.#ending;
    return result.parse(await this.#limiter.run(() => inProcess(order, signal, this.#reporter, lane), signal));
  }

  /** Does something in this process, once its turn has come: it keeps a core busy as a job does. */
  here<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#limiter.run(work, this.#ending.signal);
  }

  /** Ends the processes that are at work, and begins no others. */
  close(): void {
    this.#ending.abort(new Error('another part of the build has failed'));
  }
}

function inProcess(order: Order, signal: AbortSignal, reporter: Reporter, lane: string | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'job.ts'), [JSON.stringify(order)], {
      execArgv: [...process.execArgv, ...engineArguments[order.kind]],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal,
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('message', (received) => {
      const message = messageSchema.parse(received);
      switch (message.kind) {
        case 'progress':
          if (lane !== undefined) reporter.progress({ lane, ...message.progress });
          break;
        case 'warning':
          reporter.warn(lane === undefined ? message.message : `${lane}: ${message.message}`);
          break;
        case 'done':
          resolve(message.result);
          break;
        case 'failed':
          reject(failure(message));
          break;
      }
    });
    child.once('error', reject);
    // After its last message; nothing more is decided where there was one.
    child.once('close', (code, killedBy) => reject(new Error(`its process ended with ${killedBy ?? `code ${code}`}: ${said.trim()}`)));
  });
}

function failure({ code, message, hint, cause }: { code?: BuildError['code'] | undefined; message: string; hint?: string | undefined; cause?: string | undefined }): Error {
  const why = cause === undefined ? undefined : new Error(cause);
  return code === undefined ? new Error(message, { cause: why }) : new BuildError(code, message, hint ?? '', why);
}
