/** Settings that are written once for many: what stands nearer wins. */

/**
 * Objects in it are merged one level deep; everything else, lists too, is taken as a whole from where it is nearer.
 * @param inner what stands nearer; fields without a value do not count
 */
export function inherit<T extends object>(outer: T, inner: T): T {
  const merged: Record<string, unknown> = Object.fromEntries(given(outer));
  for (const [name, value] of given(inner)) {
    const above = merged[name];
    merged[name] = isObject(above) && isObject(value) ? { ...above, ...Object.fromEntries(given(value)) } : value;
  }
  return merged as T;
}

function given(settings: object): [string, unknown][] {
  return Object.entries(settings).filter(([, value]) => value !== undefined);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
