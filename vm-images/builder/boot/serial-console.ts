/**
 * What the guest says to the builder on the serial line.
 *
 * Lines that begin with "@@" are for the builder: `@@stage NAME`, `@@image NAME ID`, `@@engine VERSION`,
 * `@@kernel VERSION`, `@@failed WHY`, `@@done`, and from the agent `@@agent` once the link may be used. Everything else is kept for the error message.
 */

export type InstallerLine =
  | { readonly kind: 'stage'; readonly name: string }
  | { readonly kind: 'image'; readonly name: string; readonly id: string }
  | { readonly kind: 'engine' | 'kernel'; readonly version: string }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'done' | 'agent' };

/** Lines kept for an error message. */
const keptLines = 40;

export class SerialConsole {
  readonly #onLine: (line: InstallerLine) => void;
  readonly #recent: string[] = [];
  #partial = '';

  constructor(onLine: (line: InstallerLine) => void) {
    this.#onLine = onLine;
  }

  /** Takes bytes as they come from the UART. */
  receive(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#take(line.replace(/\r$/, ''));
  }

  /** The last lines, oldest first. */
  recent(): string {
    return [...this.#recent, this.#partial].join('\n').trim();
  }

  #take(line: string): void {
    this.#recent.push(line);
    if (this.#recent.length > keptLines) this.#recent.shift();
    const parsed = parseInstallerLine(line);
    if (parsed !== undefined) this.#onLine(parsed);
  }
}

/** `undefined` for a line that is not for the builder. */
export function parseInstallerLine(line: string): InstallerLine | undefined {
  const match = /@@(\w+) ?(.*)$/.exec(line);
  const rest = match?.[2] ?? '';
  switch (match?.[1]) {
    case 'stage':
      return { kind: 'stage', name: rest };
    case 'engine':
      return { kind: 'engine', version: rest };
    case 'kernel':
      return { kind: 'kernel', version: rest };
    case 'failed':
      return { kind: 'failed', why: rest };
    case 'done':
    case 'agent':
      return { kind: match[1] };
    case 'image': {
      const [name = '', id = ''] = rest.split(' ');
      return { kind: 'image', name, id };
    }
    default:
      return undefined;
  }
}
