/** Keeps a fault in a listener from tearing down the link it listens to. */

/** Calls it; what it throws surfaces as an uncaught error of its own, with its stack, and nothing else breaks. */
export function isolated(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
