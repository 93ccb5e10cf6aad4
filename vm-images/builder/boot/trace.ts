/**
 * Sees which pages of the saved memory a learner's first minutes touch, and in which order, by playing them on a machine
 * that gets every page only when it is touched.
 */
import { Buffer } from 'node:buffer';
import type { Disk } from '../../../src/emulator/core/disk/disk.ts';
import type { HotPage } from '../../../src/emulator/core/hot-code/hot-code.ts';
import { createMachine } from '../../../src/emulator/core/machine.ts';
import type { SavedMemory } from '../../../src/emulator/core/memory/guest-memory.ts';
import { createPageMap, pageBytes } from '../../../src/emulator/core/memory/page-map.ts';
import { AgentClient } from '../../../src/guest/client.ts';
import { networkOfOne } from '../../../src/network/network.ts';
import { BuildError } from '../errors.ts';
import type { Reporter } from '../progress.ts';
import { CodeRecorder } from './code-recorder.ts';
import { openLab } from './learner.ts';
import { machineParameters } from './parameters.ts';
import type { Snapshot } from './snapshot.ts';

/** Pages in the order of their first use. */
export interface PageTrace {
  /** Until there is a prompt. */
  readonly start: readonly number[];
  /** From there to the end of a first container. */
  readonly ahead: readonly number[];
  /** The code they run through, as far as it is in the saved memory. */
  readonly code: readonly HotPage[];
}

export interface TraceSources {
  /** v86.wasm that tells which code the guest runs; undefined: the unchanged one, which cannot. */
  readonly recordingWasm: ArrayBuffer | undefined;
  readonly wasm: ArrayBuffer;
  readonly disk: Disk;
  readonly seabios: ArrayBuffer;
  readonly vgabios: ArrayBuffer;
  readonly snapshot: Snapshot;
  /** What learners do first; what each of these needs is fetched while they read. */
  readonly firstCommands: readonly string[];
  /** Whether there is an engine, which the lab looks at. */
  readonly engine: boolean;
}

const entropyBytes = 64;
/** On the machine. */
export const machineCommands = ['docker run --rm busybox true', 'docker run hello-world', 'docker ps -a'];

export async function tracePages(sources: TraceSources, reporter: Reporter): Promise<PageTrace> {
  const { memory, state } = sources.snapshot;
  const touched: number[] = [];
  const recorder = new CodeRecorder();
  const machine = await createMachine({
    wasm: sources.recordingWasm ?? sources.wasm,
    ...(sources.recordingWasm && { recordCode: recorder.record }),
    bios: sources.seabios,
    vgaBios: sources.vgabios,
    memoryBytes: machineParameters.memoryBytes,
    vgaMemoryBytes: machineParameters.vgaMemoryBytes,
    disks: [sources.disk],
    state: state.slice(0),
    network: networkOfOne(machineParameters.network).attach(),
    mtu: machineParameters.network.mtu,
    missing: {
      map: createPageMap(everyPageItsOwnPart(memory), memory.pages.length),
      readNow(part) {
        touched.push(memory.pages[part - 1] ?? 0);
        return memory.bytes.subarray((part - 1) * pageBytes, part * pageBytes);
      },
    },
  });
  const listening = new AbortController();
  const step = (name: string, done: number): void => reporter.progress({ stage: 'Tracing the first minutes', step: name, done, total: 100 });
  try {
    step('prompt', 0);
    await machine.run();
    const agent = new AgentClient(machine.link, { user: machineParameters.guest.user });
    await agent.hello();
    agent.setClock(new Date());
    agent.addEntropy(crypto.getRandomValues(new Uint8Array(entropyBytes)));
    const lab = await openLab(agent, listening, sources.engine);
    const start = touched.splice(0);
    for (const [index, command] of sources.firstCommands.entries()) {
      step(command, (100 * (index + 1)) / (sources.firstCommands.length + 1));
      await lab.terminal.type(command);
    }
    const saved = new Map([...memory.pages].map((page, index) => [page, index]));
    const unchanged = (page: number): boolean => {
      const index = saved.get(page);
      return index !== undefined && Buffer.compare(machine.memory.page(page), memory.bytes.subarray(index * pageBytes, (index + 1) * pageBytes)) === 0;
    };
    return { start, ahead: touched, code: recorder.hotPages(unchanged) };
  } catch (error) {
    throw new BuildError('snapshot-failed', 'the saved machine did not come back to life', 'look at the cause below; the emulator or the agent has changed', error);
  } finally {
    listening.abort();
    await machine.destroy();
  }
}

function everyPageItsOwnPart({ pages }: SavedMemory): Uint16Array {
  const partOf = new Uint16Array(machineParameters.memoryBytes / pageBytes);
  if (pages.length > 0xffff) throw new BuildError('snapshot-failed', `the saved memory has ${pages.length} pages in use, more than can be traced`, 'look at what fills the memory of the machine');
  pages.forEach((page, index) => (partOf[page] = index + 1));
  return partOf;
}
