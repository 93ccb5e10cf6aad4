/**
 * Sees which pages of the saved memory a learner's first minutes touch, and in which order, by playing them on a machine
 * that gets every page only when it is touched.
 *
 * No two learners' minutes touch the same: of some 16,000 pages, 450 of one play are not among those of another, and each of
 * them is waited for. So they are played three times, on two machines; 200 are then left (docs/performance.md).
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
  /** From there to the end of the first commands; all that a command touched in any play comes before what the next one did. */
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
  /** Of each machine: how often the commands are played on it. The first records the code, and is slow. */
  readonly plays: readonly number[];
  /** Whether there is an engine, which the lab looks at. */
  readonly engine: boolean;
}

const entropyBytes = 64;
/** On the machine. */
export const machineCommands = ['docker run --rm busybox true', 'docker run hello-world', 'docker ps -a'];

export async function tracePages(sources: TraceSources, reporter: Reporter): Promise<PageTrace> {
  const { firstCommands, plays } = sources;
  const start = new Set<number>();
  /** By command. */
  const ahead = firstCommands.map(() => new Set<number>());
  const step = (name: string, done: number): void => reporter.progress({ stage: 'Tracing the first minutes', step: name, done, total: plays.length * (firstCommands.length + 1) });
  let code: readonly HotPage[] | undefined;
  for (const [at, times] of plays.entries()) {
    const first = at * (firstCommands.length + 1);
    await onMachine(sources, at === 0, async (player) => {
      step('prompt', first);
      const lab = await player.begin();
      player.touched().forEach((page) => start.add(page));
      for (let time = 0; time < times; time++) {
        for (const [index, command] of firstCommands.entries()) {
          step(command, first + 1 + index);
          await lab.terminal.type(command);
          player.touched().forEach((page) => ahead[index]?.add(page));
        }
      }
      code ??= player.code();
    });
  }
  const known = new Set(start);
  const inOrder = ahead.flatMap((pages) => [...pages].filter((page) => !known.has(page) && known.add(page)));
  return { start: [...start], ahead: inOrder, code: code ?? [] };
}

interface Player {
  /** Opens the lab, as its page does. */
  begin(): ReturnType<typeof openLab>;
  /** Pages that were touched since the last call, in order. */
  touched(): readonly number[];
  /** What ran so far, as far as it is as it was saved. */
  code(): readonly HotPage[];
}

/** Restores a machine for the time of the work. */
async function onMachine(sources: TraceSources, record: boolean, work: (player: Player) => Promise<void>): Promise<void> {
  const { memory, state } = sources.snapshot;
  const touched: number[] = [];
  const recorder = new CodeRecorder();
  const machine = await createMachine({
    ...(record && sources.recordingWasm ? { wasm: sources.recordingWasm, recordCode: recorder.record } : { wasm: sources.wasm }),
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
  try {
    await machine.run();
    await work({
      async begin() {
        const agent = new AgentClient(machine.link, { user: machineParameters.guest.user });
        await agent.hello();
        agent.setClock(new Date());
        agent.addEntropy(crypto.getRandomValues(new Uint8Array(entropyBytes)));
        return openLab(agent, listening, sources.engine);
      },
      touched: () => touched.splice(0),
      code() {
        const saved = new Map([...memory.pages].map((page, index) => [page, index]));
        return recorder.hotPages((page) => {
          const index = saved.get(page);
          return index !== undefined && Buffer.compare(machine.memory.page(page), memory.bytes.subarray(index * pageBytes, (index + 1) * pageBytes)) === 0;
        });
      },
    });
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
