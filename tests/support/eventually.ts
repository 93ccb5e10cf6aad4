/** Waiting for a state that comes by itself. */

const stepMilliseconds = 100;

/** Repeats the check until it no longer throws; after the time its last error is thrown. */
export async function eventually(check: () => unknown, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, stepMilliseconds));
  }
}
