/** The machine of the lab: the emulator's client, told in the lab's states. */
import { MachineClient, startWorker, type WorkerLike } from '../../emulator/client/machine-client.ts';
import type { Lifecycle } from '../../emulator/core/lifecycle.ts';
import { deserializeError } from '../../shared/errors.ts';
import type { StartState } from '../../shared/starts.ts';
import type { LabState, Machine } from './session.ts';

/**
 * @param manifestUrl address of the machine image's manifest, relative to the page or absolute
 * @param start the start of the exercise, where it is made already
 * @param soon it will most likely be started at once: its worker is loaded now, while that is found out
 */
export function createMachine(manifestUrl: string, start: StartState | undefined, soon: boolean): Machine {
  const made = start && { start };
  const client = new MachineClient(soon ? { createWorker: withSpare(startWorker) } : {});
  // Whatever these reject with is the state `failed` or `stopped`, which is shown.
  const shown = (done: Promise<void>): void => void done.catch(() => {});
  return {
    onState: (listener) => void client.onLifecycle((state) => listener(labState(state))),
    onLink: (listener) => void client.onLink(listener),
    start: () => shown(client.start(manifestUrl, made)),
    retry: () => shown(client.retry()),
    reset: () => shown(client.reset()),
    pause: () => client.pause(),
    resume: () => client.resume(),
    save: () => client.save(),
    restore: (image) => shown(client.start(manifestUrl, { session: image, ...made })),
    instructions: async () => (await client.stats())?.instructions,
    connect: (port, signal) => client.connect(port, { signal }),
    onRegistryAccess: (listener) => void client.onRegistryAccess(listener),
  };
}

/** Makes workers, the first of which is on its way already. */
export function withSpare(make: () => WorkerLike): () => WorkerLike {
  let spare: WorkerLike | undefined = make();
  // Nobody listens to it yet. Whoever gets the next one hears what is wrong with it.
  spare.onerror = () => (spare = undefined);
  return () => {
    const worker = spare ?? make();
    spare = undefined;
    return worker;
  };
}

/** A state of the emulator as one of the lab. */
export function labState(state: Lifecycle): LabState {
  switch (state.phase) {
    case 'loading':
      return { kind: 'loading', receivedBytes: state.receivedBytes, totalBytes: state.totalBytes };
    case 'failed':
      return { kind: 'failed', error: deserializeError(state.error), retryable: state.retryable };
    default:
      return { kind: state.phase };
  }
}
