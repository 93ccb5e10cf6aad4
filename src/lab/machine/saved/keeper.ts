/** Saves the lab's machine and wakes it again: joins the session, the browser's store and the record of progress. */
import { ProgressStore } from '../../../checkers/progress.ts';
import { DrydockError } from '../../../shared/errors.ts';
import type { PageData } from '../../page-data.ts';
import { progressStorage } from '../../storage.ts';
import type { LabSession } from '../session.ts';
import type { AutosaveTarget } from './autosave.ts';
import { newSessionId, readSessionFile, type SavedSession } from './file.ts';
import { SessionStore } from './store.ts';

/** Kept of what was saved by itself, for each lesson: the last one, and the one of the machine before. */
const keptAutomatic = 2;
/** An idle guest executes far fewer instructions in a second, a working one far more. */
const idleInstructions = 8_000_000;
const idleMilliseconds = 1000;

export class SessionKeeper implements AutosaveTarget {
  readonly store = new SessionStore();
  readonly #session: LabSession;
  readonly #data: PageData;
  readonly #progress = new ProgressStore(progressStorage());
  readonly #automaticName: string;
  /** What is saved by itself of one machine takes one place. */
  #automaticId = newSessionId();
  #worked = false;
  #saving: Promise<unknown> = Promise.resolve();

  constructor(session: LabSession, data: PageData) {
    this.#session = session;
    this.#data = data;
    this.#automaticName = data.strings.sessionAutomatic;
    session.onAgent((agent) => {
      this.#worked = false;
      // A machine that began anew does not take the place of what was saved of another one.
      if (agent !== undefined && !session.woken) this.#automaticId = newSessionId();
    });
  }

  /** Whether there is a machine, with its lesson prepared. */
  get canSave(): boolean {
    const { state, prepared } = this.#session;
    return (state.kind === 'running' || state.kind === 'paused') && prepared;
  }

  /** Somebody has done something to the machine. */
  noteWork(): void {
    this.#worked = true;
  }

  worthSaving(): boolean {
    return this.#worked && this.canSave;
  }

  async idle(): Promise<boolean> {
    const before = await this.#session.instructions();
    await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
    const after = await this.#session.instructions();
    return before !== undefined && after !== undefined && after - before < idleInstructions;
  }

  /** By itself, in place of what was saved of this machine before. */
  async save(): Promise<void> {
    try {
      const { session, image } = await this.make(this.#automaticName, 'auto');
      await this.store.put(session, image);
      const others = (await this.store.list()).filter(({ kind, page, id }) => kind === 'auto' && page === session.page && id !== session.id);
      for (const { id } of others.slice(keptAutomatic - 1)) await this.store.delete(id);
    } catch (error) {
      // Nobody is looking; who saves by hand is told what is wrong.
      console.warn('drydock: the machine was not saved by itself', error);
    }
  }

  /**
   * The machine as it is now, with its label. One at a time. Rejects with `machine-stopped` where there is none, and as
   * `LabSession.save`.
   */
  make(name: string, kind: SavedSession['kind']): Promise<{ session: SavedSession; image: Blob }> {
    const made = this.#saving.then(async () => {
      if (!this.canSave) throw new DrydockError('machine-stopped', {});
      this.#worked = false;
      const { image, imageId } = await this.#session.save();
      const { page, exercise } = this.#data;
      const session: SavedSession = {
        id: kind === 'auto' ? this.#automaticId : newSessionId(),
        name: name.trim() || page.title,
        kind,
        page: page.path,
        title: page.title,
        savedAt: new Date().toISOString(),
        imageId,
        bytes: image.size,
        ...(exercise && { exercise: { id: exercise.id, progress: this.#progress.load(exercise.id).progress } }),
      };
      return { session, image };
    });
    this.#saving = made.catch(() => undefined);
    return made;
  }

  /** Whether the session can be restored on this page. */
  fits({ page, imageId }: SavedSession): boolean {
    return page === this.#data.page.path && this.isOfThisImage(imageId);
  }

  isOfThisImage(imageId: string): boolean {
    return this.#data.imageId === undefined || imageId === this.#data.imageId;
  }

  /** The newest session of this lesson that can be restored. None where the store does not answer: a lesson then begins as ever. */
  async latest(): Promise<SavedSession | undefined> {
    const all = await this.store.list().catch(() => []);
    return all.find((session) => this.fits(session));
  }

  /** Puts the session in place of whatever runs. Rejects where it cannot be read; what goes wrong later is a state of the machine. */
  async restore(saved: SavedSession): Promise<void> {
    const image = await this.store.image(saved.id);
    if (saved.exercise !== undefined) this.#progress.merge(saved.exercise.id, saved.exercise.progress);
    this.#automaticId = saved.kind === 'auto' ? saved.id : newSessionId();
    this.#session.restore(image);
  }

  /** Takes a file into the store, as a session of its own. Rejects with `session-invalid`, or as the store does. */
  async import(file: Blob): Promise<SavedSession> {
    const { session, image } = await readSessionFile(file);
    const taken: SavedSession = { ...session, id: newSessionId(), kind: 'manual' };
    await this.store.put(taken, image);
    return taken;
  }
}
