import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Arrival } from '../../../emulator/client/machine-client.ts';
import type { GuestLink } from '../../../guest/link.ts';
import { FakeAgent } from '../../../guest/testing/fake-agent.ts';
import { DrydockError } from '../../../shared/errors.ts';
import { en } from '../../../site/i18n/en.ts';
import type { PageData } from '../../page-data.ts';
import { type Guest, LabSession, type LabState, type Machine } from '../session.ts';
import type { SavedSession } from './file.ts';
import { SessionKeeper } from './keeper.ts';
import { FakeIndexedDb } from './testing/fake-indexed-db.ts';

const exercise = { id: 'first' } as PageData['exercise'];
let database: FakeIndexedDb;
/** Of the browser; 'full' where it refuses what is written. */
let progress: Map<string, string> | 'full';

function page(path: string): PageData {
  return { locale: 'en', strings: en, exercise, page: { path, title: path }, imageId: 'one', manifestUrl: '', lessonUrl: '', previewUrl: '' };
}

/** A tab with the lesson open: a real session around a machine that is played by the test. */
class Tab {
  readonly session: LabSession;
  readonly keeper: SessionKeeper;
  /** What the machine holds when it is saved. */
  holds = 'fresh';
  /** Saving waits for it. */
  hold: Promise<void> | undefined;
  failing: DrydockError | undefined;
  #tellState: (state: LabState) => void = () => {};
  #tellLink: (link: GuestLink, guest: Guest, arrival: Arrival) => void = () => {};

  constructor(path = 'sandbox') {
    const machine: Machine = {
      onState: (listener) => void (this.#tellState = listener),
      onLink: (listener) => void (this.#tellLink = listener),
      onRegistryAccess: () => {},
      start: () => this.#load(),
      retry: () => this.#load(),
      reset: () => this.#load(),
      restore: (image) => {
        this.#load();
        void image.text().then((text) => (this.holds = text));
      },
      pause: () => this.#tellState({ kind: 'paused' }),
      resume: () => this.#tellState({ kind: 'running' }),
      connect: () => Promise.reject(new Error('there is no network')),
      instructions: async () => 1,
      save: async () => {
        const { holds } = this;
        await this.hold;
        if (this.failing) throw this.failing;
        return { image: new Blob([holds]), imageId: 'one' };
      },
    };
    this.session = new LabSession(machine);
    this.keeper = new SessionKeeper(this.session, page(path));
  }

  /** The machine has been loaded, or its agent starts again. */
  async comes(arrival: Arrival = 'prepared'): Promise<void> {
    const before = this.session.agent;
    this.#tellLink(new FakeAgent({ exec: () => 0 }).link, { user: 'learner', home: '/home/learner' }, arrival);
    this.#tellState({ kind: 'running' });
    await vi.waitFor(() => expect([before, undefined]).not.toContain(this.session.agent));
  }

  async start(): Promise<this> {
    this.session.start();
    await this.comes();
    return this;
  }

  work(holds: string): void {
    this.holds = holds;
    this.keeper.noteWork();
  }

  fails(error: DrydockError, retryable: boolean): void {
    this.#tellState({ kind: 'failed', error, retryable });
  }

  get trouble(): DrydockError | undefined {
    let told: DrydockError | undefined;
    this.keeper.onTrouble((trouble) => (told = trouble))();
    return told;
  }

  #load(): void {
    this.#tellState({ kind: 'loading', receivedBytes: 0, totalBytes: 0 });
  }
}

/** What is in the browser, newest first: kind and contents. */
async function kept(): Promise<string[]> {
  const { store } = new Tab().keeper;
  const { sessions } = await store.list();
  return Promise.all(sessions.map(async ({ id, kind }) => `${kind}: ${await (await store.image(id)).text()}`));
}

async function latest(tab: Tab): Promise<SavedSession> {
  const saved = await tab.keeper.latest();
  if (saved === undefined) throw new Error('nothing is saved');
  return saved;
}

/** Another tab goes on with what is saved. */
async function goOn(): Promise<Tab> {
  const tab = new Tab();
  await tab.keeper.restore(await latest(tab));
  await tab.comes();
  return tab;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-25T03:14:15.000Z') });
  database = new FakeIndexedDb();
  progress = new Map();
  vi.stubGlobal('indexedDB', database);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => (progress === 'full' ? null : (progress.get(key) ?? null)),
    setItem: (key: string, value: string) => {
      if (progress === 'full') throw new DOMException('no room', 'QuotaExceededError');
      progress.set(key, value);
    },
    removeItem: () => undefined,
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Saves are told apart by their time. */
async function save(tab: Tab): Promise<void> {
  vi.setSystemTime(Date.now() + 1000);
  await tab.keeper.save();
}

describe('what is saved by itself', () => {
  it('of one machine takes one place, and is written only after work', async () => {
    const tab = await new Tab().start();
    await save(tab);
    expect(await kept()).toEqual([]);
    tab.work('a');
    await save(tab);
    tab.work('b');
    await save(tab);
    expect(await kept()).toEqual(['auto: b']);
  });

  it('of two tabs that go on from the same one is not overwritten by the other', async () => {
    const first = await new Tab().start();
    first.work('a');
    await save(first);
    const [one, other] = [await goOn(), await goOn()];
    one.work('a, one');
    other.work('a, other');
    await save(one);
    await save(other);
    one.work('a, one, more');
    await save(one);
    expect(await kept()).toEqual(['auto: a, one, more', 'auto: a, other']);
  });

  it('leaves what it went on from until it is saved itself, and for ever if that has gone on, too', async () => {
    const first = await new Tab().start();
    first.work('a');
    await save(first);
    const second = await goOn();
    expect(await kept()).toEqual(['auto: a']);
    first.work('a, more');
    await save(first);
    second.work('b');
    await save(second);
    expect(await kept()).toEqual(['auto: b', 'auto: a, more']);
    const third = await goOn();
    third.work('c');
    await save(third);
    expect(await kept()).toEqual(['auto: c', 'auto: a, more']);
  });

  it('does not take back what is restored while it is still being written', async () => {
    const first = await new Tab().start();
    first.work('a');
    await save(first);
    const second = await goOn();
    second.work('b');
    const written = Promise.withResolvers<void>();
    second.hold = written.promise;
    const saving = save(second);
    await new Promise((resolve) => setTimeout(resolve));
    const [a] = (await second.keeper.store.list()).sessions;
    await second.keeper.store.put({ ...await latest(second), id: '0'.repeat(32) }, new Blob(['z']));
    const z = (await second.keeper.store.list()).sessions.find(({ id }) => id !== a?.id);
    if (z === undefined) throw new Error('it is not there');
    await second.keeper.restore(z);
    written.resolve();
    await saving;
    expect(await kept()).toEqual(['auto: b', 'auto: z']);
  });
});

describe('the same machine again', () => {
  it('keeps its work and its place when it is restarted, from the bar or from inside', async () => {
    const tab = await new Tab().start();
    tab.work('a');
    await save(tab);
    tab.work('b');
    await tab.session.restart();
    expect(tab.keeper).toMatchObject({ unsaved: true, canSave: false });
    await tab.comes('again');
    expect(tab.keeper).toMatchObject({ unsaved: true, canSave: true });
    await tab.comes('again');
    await save(tab);
    expect(await kept()).toEqual(['auto: b']);
    expect(tab.keeper.unsaved).toBe(false);
  });

  it('keeps its work while a part of it cannot be had, but not when it is lost', async () => {
    const tab = await new Tab().start();
    tab.work('a');
    tab.fails(new DrydockError('part-download-failed', { part: 'x', attempts: 1, reason: 'offline' }), true);
    expect(tab.keeper.unsaved).toBe(true);
    tab.fails(new DrydockError('machine-crashed', { reason: 'x' }), false);
    expect(tab.keeper.unsaved).toBe(false);
  });

  it('is another one after a reset: nothing is unsaved, and what was saved keeps its place', async () => {
    const tab = await new Tab().start();
    tab.work('a');
    await save(tab);
    tab.work('lost');
    tab.session.reset();
    expect(tab.keeper.unsaved).toBe(false);
    await tab.comes();
    expect(tab.keeper.unsaved).toBe(false);
    tab.work('b');
    await save(tab);
    expect(await kept()).toEqual(['auto: b', 'auto: a']);
  });
});

describe('work', () => {
  it('stays unsaved when the save fails, and is saved by the next one', async () => {
    const tab = await new Tab().start();
    const told: boolean[] = [];
    tab.keeper.onUnsaved((unsaved) => told.push(unsaved));
    tab.work('a');
    tab.failing = new DrydockError('machine-unresponsive', { seconds: 1 });
    await save(tab);
    expect(tab.trouble).toMatchObject({ kind: 'machine-unresponsive' });
    tab.failing = undefined;
    database.failing = new DOMException('the disk is broken', 'UnknownError');
    await save(tab);
    expect(tab.trouble).toMatchObject({ kind: 'session-store-failed' });
    expect(tab.keeper.unsaved).toBe(true);
    database.failing = undefined;
    await save(tab);
    expect(tab.trouble).toBeUndefined();
    expect(await kept()).toEqual(['auto: a']);
    expect(told).toEqual([false, true, false]);
  });

  it('done while the machine is being saved stays unsaved', async () => {
    const tab = await new Tab().start();
    const written = Promise.withResolvers<void>();
    tab.hold = written.promise;
    tab.work('a');
    const saving = save(tab);
    await new Promise((resolve) => setTimeout(resolve));
    tab.work('b');
    written.resolve();
    await saving;
    expect(await kept()).toEqual(['auto: a']);
    expect(tab.keeper.unsaved).toBe(true);
  });

  it('is saved by hand in this browser, but not by a file', async () => {
    const tab = await new Tab().start();
    tab.work('a');
    const { image } = await tab.keeper.make('For elsewhere');
    expect(await image.text()).toBe('a');
    expect(tab.keeper.unsaved).toBe(true);
    await tab.keeper.keep('Before lunch');
    expect(tab.keeper.unsaved).toBe(false);
    expect(await kept()).toEqual(['manual: a']);
  });

  it('is no trouble where the machine goes while it is saved', async () => {
    const tab = await new Tab().start();
    tab.work('a');
    tab.failing = new DrydockError('machine-stopped', {});
    await save(tab);
    expect(tab.trouble).toBeUndefined();
  });
});

describe('restoring', () => {
  async function saved(): Promise<Tab> {
    progress = new Map([['drydock:progress:first', JSON.stringify({ version: 1, done: { task: '2026-11-25T03:00:00.000Z' }, hints: {} })]]);
    const tab = await new Tab().start();
    tab.work('a');
    await save(tab);
    return tab;
  }

  it('brings the progress of then along', async () => {
    await saved();
    progress = new Map();
    const tab = new Tab();
    expect(await tab.keeper.restore(await latest(tab))).toEqual({});
    expect(progress.get('drydock:progress:first')).toContain('task');
  });

  it('works where the browser does not keep the progress, and says so', async () => {
    await saved();
    progress = 'full';
    const tab = new Tab();
    expect(await tab.keeper.restore(await latest(tab))).toMatchObject({ warning: { kind: 'storage-full' } });
    await tab.comes();
    expect(tab.holds).toBe('a');
  });
});

describe('where there is no room', () => {
  it('an automatic save of another lesson goes, and none that was made by hand', async () => {
    const other = await new Tab('images/layers').start();
    await other.keeper.keep('Mine');
    other.work('automatic');
    await save(other);
    const tab = await new Tab().start();
    tab.work('a');
    // Until something was deleted.
    database.room = 2;
    await save(tab);
    expect(tab.trouble).toBeUndefined();
    expect(await kept()).toEqual(['auto: a', 'manual: fresh']);
  });

  it('it is told where nothing can go, and a save by hand makes good for it', async () => {
    const other = await new Tab('images/layers').start();
    await other.keeper.keep('Mine');
    const tab = await new Tab().start();
    tab.work('a');
    database.room = 1;
    await save(tab);
    expect(tab.trouble).toMatchObject({ kind: 'session-refused' });
    expect(tab.keeper.unsaved).toBe(true);
    database.room = undefined;
    await tab.keeper.keep('By hand');
    expect(tab.trouble).toBeUndefined();
  });
});
