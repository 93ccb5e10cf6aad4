/** Comparing numbers with what an exercise expects. */

export interface Range {
  min: number;
  max?: number | undefined;
}

export type CountExpectation = 'exists' | 'absent' | { count: Range };

export function isWithin(range: Range, value: number): boolean {
  return value >= range.min && value <= (range.max ?? Number.POSITIVE_INFINITY);
}

export function meetsCount(expect: CountExpectation, count: number): boolean {
  if (expect === 'exists') return count > 0;
  if (expect === 'absent') return count === 0;
  return isWithin(expect.count, count);
}
