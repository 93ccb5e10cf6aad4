/** Which commands a busybox has: it cannot be run on the building machine, but it carries the list. */

const first = '[\0[[\0';

/**
 * Reads the table of applet names: sorted, each ended by a zero byte, and the first two are always `[` and `[[`.
 *
 * @throws SyntaxError when the program has no such table
 */
export function busyboxApplets(program: Buffer): string[] {
  for (let at = program.indexOf(first); at >= 0; at = program.indexOf(first, at + 1)) {
    const names: string[] = [];
    for (let start = at; ; ) {
      const end = program.indexOf(0, start);
      const name = end < 0 ? '' : program.toString('latin1', start, end);
      if (!/^[a-z0-9[_.-]+$/i.test(name) || name < (names.at(-1) ?? '')) break;
      names.push(name);
      start = end + 1;
    }
    if (names.includes('sh') && names.includes('ls')) return names;
  }
  throw new SyntaxError('the program is no busybox: it has no table of applets');
}
