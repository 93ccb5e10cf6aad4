/** A limit on a wait whose end cannot be forced: what comes after it is dropped. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | 'too late'> {
  const late = Promise.withResolvers<'too late'>();
  const timer = setTimeout(() => late.resolve('too late'), milliseconds);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
