/** A limit on a wait whose end cannot be forced: what comes after it is dropped. */
import type { Clock } from '../shared/clock.ts';

export async function within<T>(clock: Clock, milliseconds: number, work: Promise<T>): Promise<T | 'too late'> {
  const late = Promise.withResolvers<'too late'>();
  const cancel = clock.after(milliseconds, () => late.resolve('too late'));
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}
