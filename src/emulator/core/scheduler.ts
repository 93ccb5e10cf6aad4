/**
 * How the emulator hands the thread back between two slices of work, and where what it throws is caught.
 *
 * In a browser v86 bounces a message off a helper worker, a thread switch every few milliseconds. Inside our own
 * worker a MessageChannel does the same without leaving the thread: the second `docker run` took 46 instead of 57 s
 * in Chromium. Timers are no alternative, they are held back to 4 ms. Node has setImmediate, which is faster still.
 */
import { Naps } from './naps.ts';

export interface Scheduler {
  /** Calls back after the time; below one millisecond as soon as other events had their turn. */
  schedule(callback: () => void, milliseconds: number): void;
  /** Something has happened: what waits for a timer is called back as soon as other events had their turn. */
  wake(): void;
  /** Resolves once what was scheduled waits for a timer, since the guest has nothing to do; soon if so already. */
  idle(): Promise<void>;
  /** Nothing is called back any more. */
  close(): void;
}

/**
 * @param onThrow gets what a callback throws
 * @param instructions that the guest has executed so far
 */
export function createScheduler(onThrow: (error: unknown) => void, instructions: () => number): Scheduler {
  let closed = false;
  const run = (callback: () => void): void => {
    if (closed) return;
    try {
      callback();
    } catch (error) {
      onThrow(error);
    }
  };
  const soon = soonest(run);
  let idle = false;
  const naps = new Naps(instructions);
  let nap: { readonly timer: ReturnType<typeof setTimeout>; readonly callback: () => void } | undefined;
  const waiting: (() => void)[] = [];
  return {
    schedule(callback, milliseconds) {
      idle = milliseconds >= 1;
      if (!idle) {
        soon.schedule(callback);
        return;
      }
      const timer = setTimeout(() => {
        // Another one may have been asked for meanwhile, which can still be woken.
        if (nap?.timer === timer) nap = undefined;
        run(callback);
      }, naps.next(milliseconds));
      nap = { timer, callback };
      for (const resolve of waiting.splice(0)) later(resolve);
    },
    wake() {
      if (nap === undefined) return;
      clearTimeout(nap.timer);
      naps.disturb();
      soon.schedule(nap.callback);
      nap = undefined;
    },
    idle: () =>
      new Promise((resolve) => {
        if (idle) later(resolve);
        else waiting.push(resolve);
      }),
    close() {
      closed = true;
      for (const resolve of waiting.splice(0)) resolve();
      soon.close();
    },
  };
}

/** By a timer: whoever asks again and again for an idle guest must not keep other events of the thread from their turn. */
function later(callback: () => void): void {
  setTimeout(callback, 1);
}

function soonest(run: (callback: () => void) => void): { schedule: (callback: () => void) => void; close: () => void } {
  // Node only, so that the types of a worker do not have it.
  const immediate: unknown = Reflect.get(globalThis, 'setImmediate');
  if (typeof immediate === 'function') {
    return { schedule: (callback) => Reflect.apply(immediate, undefined, [run, callback]), close: () => undefined };
  }
  const channel = new MessageChannel();
  let pending: (() => void)[] = [];
  channel.port1.onmessage = () => {
    const due = pending;
    pending = [];
    for (const callback of due) run(callback);
  };
  return {
    schedule(callback) {
      pending.push(callback);
      channel.port2.postMessage(0);
    },
    close() {
      channel.port1.close();
      channel.port2.close();
    },
  };
}
