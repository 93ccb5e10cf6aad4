/** Work on many things, a few at a time. */

/**
 * Calls `work` for each item and its index, in order. The first failure is thrown, and nothing new is begun after it.
 *
 * @param limit how many are worked on at once
 */
export async function inParallel<T>(items: Iterable<T>, limit: number, work: (item: T, index: number) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  let index = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && !failed; next = queue.next()) {
      try {
        await work(next.value, index++);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
