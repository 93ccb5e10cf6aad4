/** The learner's files in the guest, as the editor needs them. */
import type { AgentClient } from '../../guest/client.ts';
import type { DirEntry } from '../../guest/files.ts';
import { DrydockError, isDrydockError } from '../../shared/errors.ts';
import { baseName, decodeText, maximumFileBytes, parentOf, sortEntries } from './paths.ts';

export type FileContent =
  | { kind: 'text'; text: string }
  | { kind: 'binary' }
  | { kind: 'large'; bytes: number }
  | { kind: 'missing' };

export class GuestFiles {
  readonly #agent: AgentClient;
  readonly #onChange: () => void;

  /** @param onChange called after each change that was made here */
  constructor(agent: AgentClient, onChange: () => void) {
    this.#agent = agent;
    this.#onChange = onChange;
  }

  async list(folder: string): Promise<DirEntry[]> {
    return sortEntries(await this.#agent.listDir(folder));
  }

  /** Reads a file unless it is too large or no text. */
  async read(path: string): Promise<FileContent> {
    const entry = (await this.#agent.listDir(parentOf(path))).find(({ name }) => name === baseName(path));
    if (entry === undefined) return { kind: 'missing' };
    if (entry.size > maximumFileBytes) return { kind: 'large', bytes: entry.size };
    try {
      const text = decodeText(await this.#agent.readFile(path, { maxBytes: maximumFileBytes }));
      return text === undefined ? { kind: 'binary' } : { kind: 'text', text };
    } catch (error) {
      // A link may point at something larger than the link itself.
      if (isDrydockError(error, 'output-too-large')) return { kind: 'large', bytes: maximumFileBytes };
      throw error;
    }
  }

  async write(path: string, text: string): Promise<void> {
    await this.#agent.writeFile(path, text);
    this.#onChange();
  }

  /** Creates an empty file; fails if there is already something. */
  createFile(path: string): Promise<void> {
    return this.#run(['sh', '-c', 'set -C; : > "$1"', 'sh', path]);
  }

  createFolder(path: string): Promise<void> {
    return this.#run(['mkdir', '--', path]);
  }

  /** Fails if there is already something at the new path. */
  rename(from: string, to: string): Promise<void> {
    return this.#run(['mv', '-T', '--update=none-fail', '--', from, to]);
  }

  /** Deletes a file, or a folder with everything inside. */
  remove(path: string): Promise<void> {
    return this.#run(['rm', '-rf', '--', path]);
  }

  async #run(argv: readonly string[]): Promise<void> {
    const { exitCode, stderr } = await this.#agent.exec(argv);
    if (exitCode !== 0) throw new DrydockError('command-failed', { command: argv.join(' '), exitCode, output: stderr.trim() });
    this.#onChange();
  }
}
