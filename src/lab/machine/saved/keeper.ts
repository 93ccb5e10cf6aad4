/** Saves the lab's machine and wakes it again: joins the session, the browser's store and the record of progress. */
import { ProgressStore } from '../../../checkers/progress.ts';
import { DrydockError, isDrydockError, toDrydockError } from '../../../shared/errors.ts';
import { Emitter } from '../../emitter.ts';
import type { PageData } from '../../page-data.ts';
import { progressStorage } from '../../storage.ts';
import type { LabSession, LabState } from '../session.ts';
import type { AutosaveTarget } from './autosave.ts';
import { newSessionId, readSessionFile, type SavedSession } from './file.ts';
import { dispensable } from './room.ts';
import { SessionStore } from './store.ts';
import { Work } from './work.ts';

/** Kept of what was saved by itself, for each lesson: the last one, and the one of the machine before. */
const keptAutomatic = 2;
/** An idle guest executes far fewer instructions in a second, a working one far more. */
const idleInstructions = 8_000_000;
const idleMilliseconds = 1000;

/** A machine as it was for a moment. */
interface Taken {
  session: SavedSession;
  image: Blob;
  /** How much of the work is in it. */
  work: number;
  /** What it had gone on from, if that was saved by itself. */
  origin: SavedSession | undefined;
}

export class SessionKeeper implements AutosaveTarget {
  readonly store = new SessionStore();
  readonly #session: LabSession;
  readonly #data: PageData;
  readonly #progress = new ProgressStore(progressStorage());
  readonly #automaticName: string;
  readonly #work = new Work();
  readonly #unsaved = new Emitter<boolean>();
  readonly #troubles = new Emitter<DrydockError | undefined>();
  #trouble: DrydockError | undefined;
  #toldUnsaved = false;
  /** There is no machine, or the one that was here was thrown away. */
  #gone = true;
  /** What is saved by itself of one machine takes one place, which is no other tab's. */
  #automaticId = newSessionId();
  #origin: SavedSession | undefined;
  #taking: Promise<unknown> = Promise.resolve();
  #automatic: Promise<unknown> = Promise.resolve();

  constructor(session: LabSession, data: PageData) {
    this.#session = session;
    this.#data = data;
    this.#automaticName = data.strings.sessionAutomatic;
    this.#work.changed.on(() => this.#tellUnsaved());
    session.onState((state) => this.#follow(state));
  }

  /** Whether there is a machine, with its lesson prepared. */
  get canSave(): boolean {
    const { state, prepared } = this.#session;
    return (state.kind === 'running' || state.kind === 'paused') && prepared;
  }

  /** Whether there is a machine that was worked on since it was saved in this browser. */
  get unsaved(): boolean {
    return this.#work.unsaved && lives(this.#session.state);
  }

  get workedAt(): number {
    return this.#work.at;
  }

  /** Calls back at once, and for every change of `unsaved`. @returns a function that ends it */
  onUnsaved(listener: (unsaved: boolean) => void): () => void {
    listener(this.unsaved);
    return this.#unsaved.on(listener);
  }

  /** Calls back at once, and for every change, with why the machine could not be saved by itself the last time. */
  onTrouble(listener: (trouble: DrydockError | undefined) => void): () => void {
    listener(this.#trouble);
    return this.#troubles.on(listener);
  }

  /** Somebody has done something to the machine. */
  noteWork(): void {
    if (!this.#gone) this.#work.note();
  }

  async idle(): Promise<boolean> {
    const before = await this.#session.instructions();
    await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
    const after = await this.#session.instructions();
    return before !== undefined && after !== undefined && after - before < idleInstructions;
  }

  /**
   * By itself, in place of what was saved of this machine before. Never rejects: what goes wrong is told by `onTrouble`.
   * Nothing is done where everything is saved.
   */
  save(): Promise<void> {
    const saved = this.#automatic.then(() => this.#saveAutomatically());
    this.#automatic = saved;
    return saved;
  }

  /** By hand, in this browser. Rejects as `make`, or as the store does. */
  async keep(name: string): Promise<SavedSession> {
    const { session, image, work } = await this.#take(name, 'manual');
    await this.store.put(session, image);
    this.#noteKept(work);
    return session;
  }

  /**
   * The machine as it is now, with its label, for a file; nothing is kept here. Rejects with `machine-stopped` where there is
   * none, and as `LabSession.save`.
   */
  make(name: string): Promise<Pick<Taken, 'session' | 'image'>> {
    return this.#take(name, 'manual');
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
    const { sessions } = await this.store.list().catch(() => ({ sessions: [] }));
    return sessions.find((session) => this.fits(session));
  }

  /**
   * Puts the session in place of whatever runs. Rejects where it cannot be read; what goes wrong later is a state of the machine.
   * @returns why the progress in it could not be kept, if so: the machine is worth more
   */
  async restore(saved: SavedSession): Promise<{ warning?: DrydockError }> {
    const image = await this.store.image(saved.id);
    this.#origin = saved.kind === 'auto' ? saved : undefined;
    this.#session.restore(image);
    try {
      if (saved.exercise !== undefined) this.#progress.merge(saved.exercise.id, saved.exercise.progress);
      return {};
    } catch (error) {
      return { warning: toDrydockError(error) };
    }
  }

  /** Takes a file into the store, as a session of its own. Rejects with `session-invalid`, or as the store does. */
  async import(file: Blob): Promise<SavedSession> {
    const { session, image } = await readSessionFile(file);
    const taken: SavedSession = { ...session, id: newSessionId(), kind: 'manual' };
    await this.store.put(taken, image);
    return taken;
  }

  /** A machine that is restarted, or whose agent starts again, is the same one; every other one is loaded. */
  #follow(state: LabState): void {
    if (state.kind === 'idle' || state.kind === 'loading' || state.kind === 'restoring' || state.kind === 'stopped') {
      this.#gone = true;
      this.#work.forget();
      this.#setTrouble(undefined);
    } else if (this.#gone && state.kind !== 'failed') {
      this.#gone = false;
      this.#automaticId = newSessionId();
      if (!this.#session.woken) this.#origin = undefined;
    }
    this.#tellUnsaved();
  }

  async #saveAutomatically(): Promise<void> {
    if (!this.unsaved) return;
    try {
      const taken = await this.#take(this.#automaticName, 'auto');
      await this.#putMakingRoom(taken);
      this.#noteKept(taken.work);
      // What is too many now goes the next time.
      await this.#tidy(taken).catch(() => undefined);
    } catch (error) {
      // Between two machines there is nothing to be saved.
      if (!isDrydockError(error, 'machine-stopped')) this.#setTrouble(toDrydockError(error));
    }
  }

  /** One at a time. */
  #take(name: string, kind: SavedSession['kind']): Promise<Taken> {
    const taken = this.#taking.then(async () => {
      if (!this.canSave) throw new DrydockError('machine-stopped', {});
      const id = kind === 'auto' ? this.#automaticId : newSessionId();
      const origin = this.#origin;
      const work = this.#work.done;
      const { image, imageId } = await this.#session.save();
      const { page, exercise } = this.#data;
      const session: SavedSession = {
        id,
        name: name.trim() || page.title,
        kind,
        page: page.path,
        title: page.title,
        savedAt: new Date().toISOString(),
        imageId,
        bytes: image.size,
        ...(exercise && { exercise: { id: exercise.id, progress: this.#progress.load(exercise.id).progress } }),
      };
      return { session, image, work, origin };
    });
    this.#taking = taken.catch(() => undefined);
    return taken;
  }

  async #putMakingRoom({ session, image }: Taken): Promise<void> {
    try {
      await this.store.put(session, image);
    } catch (error) {
      if (!isDrydockError(error, 'session-too-large') && !isDrydockError(error, 'session-refused')) throw error;
      const dropped = dispensable((await this.store.list()).sessions, session);
      if (dropped.length === 0) throw error;
      for (const { id } of dropped) await this.store.delete(id);
      await this.store.put(session, image);
    }
  }

  /** What it went on from is in it now, unless another tab has saved that machine again; of the others the newest are kept. */
  async #tidy({ session, origin }: Taken): Promise<void> {
    const { sessions } = await this.store.list();
    const others = sessions.filter(({ kind, page, id }) => kind === 'auto' && page === session.page && id !== session.id);
    const isOrigin = ({ id, savedAt }: SavedSession): boolean => id === origin?.id && savedAt === origin.savedAt;
    const needless = [...others.filter(isOrigin), ...others.filter((other) => !isOrigin(other)).slice(keptAutomatic - 1)];
    for (const { id } of needless) await this.store.delete(id);
    if (this.#origin === origin) this.#origin = undefined;
  }

  #noteKept(work: number): void {
    this.#work.keep(work);
    this.#setTrouble(undefined);
  }

  #setTrouble(trouble: DrydockError | undefined): void {
    if (this.#trouble === trouble) return;
    this.#trouble = trouble;
    this.#troubles.emit(trouble);
  }

  #tellUnsaved(): void {
    const { unsaved } = this;
    if (unsaved === this.#toldUnsaved) return;
    this.#toldUnsaved = unsaved;
    this.#unsaved.emit(unsaved);
  }
}

/** Whether there is a machine; one that failed may go on after another try. */
function lives(state: LabState): boolean {
  switch (state.kind) {
    case 'starting':
    case 'running':
    case 'restarting':
    case 'paused':
      return true;
    case 'failed':
      return state.retryable;
    default:
      return false;
  }
}
