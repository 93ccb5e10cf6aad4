/** Which commands fit what was typed. */

/** Those that contain every word, wherever; where a word begins a label, first. Chinese needs no spaces between words. */
export function fitting<T extends { label: string }>(commands: readonly T[], typed: string): T[] {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const [first] = words;
  const found = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  if (first === undefined) return found;
  const begins = ({ label }: T): number => (label.toLowerCase().startsWith(first) ? 0 : 1);
  return found.toSorted((a, b) => begins(a) - begins(b));
}
