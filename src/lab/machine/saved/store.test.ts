import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrydockError, describeError } from '../../../shared/errors.ts';
import { newSessionId, type SavedSession } from './file.ts';
import { SessionStore } from './store.ts';
import { FakeIndexedDb } from './testing/fake-indexed-db.ts';

const image = new Blob(['x'.repeat(3_000_000)]);
let database: FakeIndexedDb;

function session(changes: Partial<SavedSession> = {}): SavedSession {
  return { id: newSessionId(), name: 'Before lunch', kind: 'manual', page: 'sandbox', title: 'Sandbox', savedAt: '2026-11-25T03:14:15.000Z', imageId: 'e26f15bb', bytes: image.size, ...changes };
}

/** What the browser says of its room; over plain http it says nothing. */
function haveRoom(estimate: { quota: number; usage: number } | undefined): void {
  vi.stubGlobal('navigator', estimate === undefined ? {} : { storage: { estimate: async () => estimate } });
}

async function failure(work: Promise<unknown>): Promise<DrydockError> {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof DrydockError)) throw new Error(`it did not fail as it should: ${String(error)}`);
  return error;
}

beforeEach(() => {
  database = new FakeIndexedDb();
  vi.stubGlobal('indexedDB', database);
  haveRoom({ quota: 1e9, usage: 0 });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the store of saved machines', () => {
  it('keeps machines with their labels, lists them newest first, and forgets them', async () => {
    const store = new SessionStore();
    const older = session({ savedAt: '2026-11-24T00:00:00.000Z' });
    const newer = session();
    await store.put(older, image);
    await store.put(newer, image);
    expect(await new SessionStore().list()).toEqual({ sessions: [newer, older], unreadable: [] });
    expect((await store.image(older.id)).size).toBe(image.size);
    await store.delete(older.id);
    expect((await store.list()).sessions).toEqual([newer]);
    expect(await failure(store.image(older.id))).toMatchObject({ kind: 'session-invalid' });
  });

  it('tells of labels that it cannot read, and deletes them when asked to', async () => {
    const store = new SessionStore();
    await store.put(session(), image);
    const labels = database.kept.get('sessions');
    labels?.set('of-tomorrow', { id: 'of-tomorrow', format: 9 });
    labels?.set('named', { id: 'named', name: 'Before tea', format: 9 });
    labels?.set('odd', { id: 'odd', name: 7 });
    const { sessions, unreadable } = await store.list();
    expect(sessions).toHaveLength(1);
    expect(unreadable).toEqual([{ id: 'of-tomorrow', name: undefined }, { id: 'named', name: 'Before tea' }, { id: 'odd', name: undefined }]);
    for (const { id } of unreadable) await store.delete(id);
    expect(await store.list()).toEqual({ sessions, unreadable: [] });
  });

  it('writes nothing where the browser says beforehand that there is no room', async () => {
    haveRoom({ quota: 5_000_000, usage: 4_000_000 });
    const store = new SessionStore();
    const error = await failure(store.put(session(), image));
    expect(error).toMatchObject({ kind: 'session-too-large', code: 'DD5011', params: { needed: '3.0 MB', free: '1.0 MB' } });
    expect((await store.list()).sessions).toEqual([]);
  });

  it('does not repeat what the browser promised where the room ends while it writes', async () => {
    const store = new SessionStore();
    for (const estimate of [{ quota: 1e9, usage: 0 }, undefined]) {
      haveRoom(estimate);
      database.failing = new DOMException('the disk is full', 'QuotaExceededError');
      expect(await failure(store.put(session(), image))).toMatchObject({ kind: 'session-refused', code: 'DD5013', params: { needed: '3.0 MB' } });
      database.failing = undefined;
      // Neither label nor machine.
      expect([...database.kept.values()].map(({ size }) => size)).toEqual([0, 0]);
    }
  });

  it('gives the reason of every other refusal', async () => {
    const store = new SessionStore();
    await store.list();
    database.failing = new DOMException('the disk is broken', 'UnknownError');
    for (const work of [() => store.put(session(), image), () => store.list(), () => store.delete(newSessionId()), () => store.image(newSessionId())]) {
      const error = await failure(work());
      expect(error).toMatchObject({ kind: 'session-store-failed', code: 'DD5012' });
      expect(error.params['reason']).toContain('the disk is broken');
    }
  });

  it('does not open in a private window, and tries again later', async () => {
    const store = new SessionStore();
    database.opening = new DOMException('not in a private window', 'InvalidStateError');
    expect((await failure(store.list())).params['reason']).toContain('not in a private window');
    database.opening = undefined;
    expect((await store.list()).sessions).toEqual([]);
  });

  it('does not wait for ever for a database that another tab holds', async () => {
    vi.useFakeTimers();
    database.opening = 'silent';
    const listed = failure(new SessionStore().list());
    await vi.advanceTimersByTimeAsync(5000);
    expect(await listed).toMatchObject({ kind: 'session-store-failed', params: { reason: expect.stringContaining('does not open') } });
  });

  it('does not wait for ever for what it reads or writes, and keeps nothing of that', async () => {
    const store = new SessionStore();
    expect((await store.list()).sessions).toEqual([]);
    vi.useFakeTimers();
    database.stuck = true;
    const both = [failure(store.list()), failure(store.put(session(), image))];
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await Promise.all(both)).toMatchObject([{ kind: 'session-store-failed' }, { kind: 'session-store-failed' }]);
    vi.useRealTimers();
    database.stuck = false;
    expect((await store.list()).sessions).toEqual([]);
  });

  it('tells the learner in both languages to take a file instead', async () => {
    const store = new SessionStore();
    haveRoom({ quota: 0, usage: 0 });
    const tooLarge = await failure(store.put(session(), image));
    database.opening = new DOMException('refused', 'InvalidStateError');
    const refused = await failure(new SessionStore().list());
    for (const error of [tooLarge, refused]) {
      expect(describeError(error, 'en').action).toMatch(/^Save (?:it|the machine) to a file instead/);
      expect(describeError(error, 'zh-cn').action).toContain('导出到文件');
    }
    expect(describeError(tooLarge, 'en').why).toContain('3.0 MB');
    expect(describeError(tooLarge, 'zh-cn').action).toContain('删除不再需要的存档');
  });
});
