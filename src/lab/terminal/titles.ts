/** Names of the terminals' tabs. */

/** Most characters of a tab's name; the whole title is its tooltip. */
const longest = 28;

/**
 * The name for a terminal: the title that its program set, without the `user@host: ` that every shell of the machine
 * puts in front, or the fallback while there is none.
 */
export function tabName(title: string, fallback: string): string {
  const short = title.replace(/^[\w.-]+@[\w.-]+:\s*/, '').trim();
  if (short === '' || short === '~') return fallback;
  const characters = [...short];
  return characters.length <= longest ? short : `${characters.slice(0, longest - 1).join('')}…`;
}

/** The lowest number from 1 up that no open terminal has. */
export function lowestFree(numbers: readonly number[]): number {
  let number = 1;
  while (numbers.includes(number)) number++;
  return number;
}

/** What a code block sends: its lines, each ended by the key Enter. Blank lines at its end are left out. */
export function typedLines(code: string): string {
  return `${code.replace(/\r\n?/g, '\n').replace(/\n+$/, '').replaceAll('\n', '\r')}\r`;
}
