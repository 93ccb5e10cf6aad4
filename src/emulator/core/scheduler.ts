/**
 * How the emulator hands the thread back between two slices of work.
 *
 * In a browser v86 bounces a message off a helper worker, a thread switch every few milliseconds. Inside our own
 * worker a MessageChannel does the same without leaving the thread: the second `docker run` took 46 instead of 57 s
 * in Chromium. Timers are no alternative, they are held back to 4 ms. In Node v86 uses setImmediate, which stays.
 */
export function messageScheduler(): { schedule: (callback: () => void, milliseconds: number) => void; close: () => void } {
  const channel = new MessageChannel();
  let pending: (() => void)[] = [];
  channel.port1.onmessage = () => {
    const due = pending;
    pending = [];
    for (const callback of due) callback();
  };
  return {
    schedule(callback, milliseconds) {
      if (milliseconds >= 1) {
        setTimeout(callback, milliseconds);
        return;
      }
      pending.push(callback);
      channel.port2.postMessage(0);
    },
    close() {
      channel.port1.close();
      channel.port2.close();
      pending = [];
    },
  };
}
