/** What is known of the guest's folders: read when opened, read again when the guest tells of a change. */
import type { DirEntry, FileChange, Watch } from '../../guest/files.ts';
import type { AgentClient } from '../../guest/client.ts';
import { Emitter } from '../emitter.ts';
import type { GuestFiles } from './guest-files.ts';
import { baseName, isTransient, isWithin, joinPath, parentOf } from './paths.ts';

/** Changes come in bursts, for example when an archive is unpacked. */
const settleMilliseconds = 200;

export class Folders {
  readonly root: string;
  readonly entries = new Map<string, DirEntry[]>();
  readonly open = new Set<string>();
  /** The listing is new. */
  readonly changed = new Emitter<void>();
  /** A file may have a new content, or be gone; `undefined`: any of them. */
  readonly touched = new Emitter<string | undefined>();
  readonly failed = new Emitter<unknown>();
  readonly #files: GuestFiles;
  #watch: Watch | undefined;
  #stale = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  constructor(root: string, files: GuestFiles) {
    this.root = root;
    this.#files = files;
  }

  /** Reads the root and begins to watch it. */
  async start(agent: AgentClient): Promise<void> {
    try {
      const watch = await agent.watch(this.root, (change) => this.#onChange(change));
      if (this.#disposed) return watch.dispose();
      this.#watch = watch;
      watch.ended.catch((error: unknown) => !this.#disposed && this.failed.emit(error));
    } catch (error) {
      if (!this.#disposed) this.failed.emit(error);
    }
    await this.read(this.root);
  }

  async read(folder: string): Promise<void> {
    try {
      this.entries.set(folder, (await this.#files.list(folder)).filter(({ name }) => !isTransient(name)));
    } catch (error) {
      if (this.#disposed) return;
      this.#forget(folder);
      // A folder that is gone is no news: its parent's listing tells.
      if (folder === this.root) this.failed.emit(error);
    }
    if (!this.#disposed) this.changed.emit();
  }

  async readAll(): Promise<void> {
    await Promise.all([this.root, ...this.open].map((folder) => this.read(folder)));
  }

  async toggle(folder: string): Promise<void> {
    if (this.open.delete(folder)) this.changed.emit();
    else {
      this.open.add(folder);
      await this.read(folder);
    }
  }

  /** Opens the folders on the way to a file. */
  async reveal(path: string): Promise<void> {
    for (let folder = parentOf(path); folder !== this.root && isWithin(folder, this.root); folder = parentOf(folder)) {
      if (!this.open.has(folder)) await this.toggle(folder);
    }
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#watch?.dispose();
  }

  #forget(folder: string): void {
    for (const path of this.entries.keys()) if (path !== this.root && isWithin(path, folder)) this.entries.delete(path);
    for (const path of this.open) if (isWithin(path, folder)) this.open.delete(path);
  }

  #onChange(change: FileChange): void {
    if (this.#disposed || isTransient(baseName(change.path))) return;
    if (change.what === 'overflow') {
      for (const folder of this.entries.keys()) this.#stale.add(folder);
      this.touched.emit(undefined);
    } else {
      const path = joinPath(this.root, change.path);
      // The content of a file does not change the listing of its folder.
      if (change.what !== 'modified' && this.entries.has(parentOf(path))) this.#stale.add(parentOf(path));
      if (change.what === 'deleted' && change.isDirectory) this.#forget(path);
      if (!change.isDirectory) this.touched.emit(path);
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const stale = [...this.#stale];
      this.#stale.clear();
      for (const folder of stale) void this.read(folder);
    }, settleMilliseconds);
  }
}
