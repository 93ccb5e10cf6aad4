/** Something about one line of a file, and how problems told by schemas become such. */

export interface Placed {
  line: number;
  text: string;
}

/** Takes apart what parseYaml tells: one problem a line, with its line in front, or somewhere in what YAML itself says. */
export function placedProblems(problems: string): Placed[] {
  return problems.split('\n').map((text) => ({ line: Number(/\bline (\d+)/.exec(text)?.[1] ?? 1), text: text.replace(/^line \d+, /, '') }));
}
