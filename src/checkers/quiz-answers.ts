/** Judges answers to quizzes. Apart from the schema, so that a page with a quiz need not load it. */

/** An answer that was typed, as it is compared: without a prompt, in lower case, with single spaces, without a full stop. */
export function normalAnswer(text: string): string {
  return text
    .normalize('NFKC')
    .trim()
    .replace(/^[$#]\s+/, '')
    .replace(/\s+/g, ' ')
    .replace(/[.。]$/, '')
    .toLowerCase();
}

/** Whether two answers are the same one. */
export function sameAnswer(a: string, b: string): boolean {
  return normalAnswer(a) === normalAnswer(b);
}

/** Whether exactly the right ones were chosen. */
export function sameChoice(right: readonly string[], chosen: readonly string[]): boolean {
  return right.length === chosen.length && right.every((id) => chosen.includes(id));
}

/** Whether the order is the right one. */
export function sameOrder(right: readonly string[], given: readonly string[]): boolean {
  return right.length === given.length && right.every((id, index) => given[index] === id);
}

/** The items in an order that is not the right one: the same for everybody, so that the page can be built ahead. */
export function mixed<T extends { id: string }>(items: readonly T[]): T[] {
  const hash = (text: string): number => [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0, 7);
  const result = items.toSorted((a, b) => hash(a.id) - hash(b.id) || a.id.localeCompare(b.id));
  return result.every((item, index) => item === items[index]) ? [...result.slice(1), ...result.slice(0, 1)] : result;
}

/** The items after one of them was moved by a number of places, kept within the ends. */
export function moved<T>(items: readonly T[], from: number, by: number): T[] {
  const to = Math.min(items.length - 1, Math.max(0, from + by));
  const result = [...items];
  result.splice(to, 0, ...result.splice(from, 1));
  return result;
}
