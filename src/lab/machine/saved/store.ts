/**
 * Saved machines in the browser's IndexedDB, which holds large files everywhere, over plain http too. Labels and machines
 * are apart, so that a list does not read hundreds of megabytes.
 */
import { z } from 'zod';
import { DrydockError, isDrydockError, reasonOf } from '../../../shared/errors.ts';
import { formatBytes } from '../progress.ts';
import { longestName, type SavedSession, savedSessionSchema } from './file.ts';

const databaseName = 'drydock-machines';
const labels = 'sessions';
const images = 'images';

/** Another tab with an older version of this page may keep the database shut. */
const openMilliseconds = 5000;
/** Reading waits for what another tab writes; writing is a hundred megabytes or two on a slow disk. */
const transactionMilliseconds = { readonly: 15_000, readwrite: 120_000 } as const;
type Mode = keyof typeof transactionMilliseconds;

/** As much as is believed of a label that another version of this page has written. */
const unreadableSchema = z.object({ id: z.string(), name: z.string().min(1).max(longestName).optional().catch(undefined) });

/** What cannot be read here can only be deleted. */
export type UnreadableSession = z.infer<typeof unreadableSchema>;

export interface StoredSessions {
  /** Newest first. */
  sessions: SavedSession[];
  unreadable: UnreadableSession[];
}

export class SessionStore {
  #database: Promise<IDBDatabase> | undefined;

  /** All there is. Rejects with `session-store-failed`. */
  async list(): Promise<StoredSessions> {
    return guarded(async () => {
      const all: unknown[] = await this.#use('readonly', (transaction) => transaction.objectStore(labels).getAll());
      const sessions: SavedSession[] = [];
      const unreadable: UnreadableSession[] = [];
      for (const value of all) {
        const known = savedSessionSchema.safeParse(value);
        const foreign = unreadableSchema.safeParse(value);
        if (known.success) sessions.push(known.data);
        else if (foreign.success) unreadable.push(foreign.data);
      }
      return { sessions: sessions.sort((a, b) => b.savedAt.localeCompare(a.savedAt)), unreadable };
    });
  }

  /** The machine of a session. Rejects with `session-invalid` where it was deleted meanwhile. */
  async image(id: string): Promise<Blob> {
    const image = await guarded(() => this.#use<unknown>('readonly', (transaction) => transaction.objectStore(images).get(id)));
    if (!(image instanceof Blob)) throw new DrydockError('session-invalid', { reason: 'it is not in this browser any more' });
    return image;
  }

  /** Keeps a session, in place of one with the same id. Rejects with `session-too-large`, `session-refused` or `session-store-failed`. */
  async put(session: SavedSession, image: Blob): Promise<void> {
    const free = await freeBytes();
    if (free !== undefined && image.size > free) {
      throw new DrydockError('session-too-large', { needed: formatBytes(image.size), free: formatBytes(free) });
    }
    try {
      await guarded(() =>
        this.#use('readwrite', (transaction) => {
          transaction.objectStore(images).put(image, session.id);
          return transaction.objectStore(labels).put(session);
        }),
      );
    } catch (error) {
      // Not with what the browser had promised before: that was evidently wrong.
      if (isQuota(error)) throw new DrydockError('session-refused', { needed: formatBytes(image.size) }, { cause: error });
      throw error;
    }
  }

  async delete(id: string): Promise<void> {
    await guarded(() =>
      this.#use('readwrite', (transaction) => {
        transaction.objectStore(images).delete(id);
        return transaction.objectStore(labels).delete(id);
      }),
    );
  }

  /** Resolves with the request's result once the whole transaction is done. */
  async #use<T>(mode: Mode, act: (transaction: IDBTransaction) => IDBRequest<T>): Promise<T>;
  async #use(mode: Mode, act: (transaction: IDBTransaction) => IDBRequest): Promise<unknown> {
    this.#database ??= open();
    let database: IDBDatabase;
    try {
      database = await this.#database;
    } catch (error) {
      this.#database = undefined;
      throw error;
    }
    database.onclose = () => (this.#database = undefined);
    database.onversionchange = () => {
      this.#database = undefined;
      database.close();
    };
    return new Promise((resolve, reject) => {
      const transaction = database.transaction([labels, images], mode);
      const request = act(transaction);
      const timer = setTimeout(() => transaction.abort(), transactionMilliseconds[mode]);
      transaction.oncomplete = () => {
        clearTimeout(timer);
        resolve(request.result);
      };
      transaction.onabort = () => {
        clearTimeout(timer);
        reject(transaction.error ?? new Error('the browser did not come to an end'));
      };
    });
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it does not open')), openMilliseconds);
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(labels, { keyPath: 'id' });
      request.result.createObjectStore(images);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error('the browser refused'));
    };
  });
}

/** Bytes the browser lets this site store yet; undefined where it does not say, as over plain http. */
async function freeBytes(): Promise<number | undefined> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? undefined : Math.max(0, quota - (usage ?? 0));
  } catch {
    return undefined;
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isDrydockError(error)) throw error;
    throw new DrydockError('session-store-failed', { reason: reasonOf(error) }, { cause: error });
  }
}

function isQuota(error: unknown): boolean {
  return isDrydockError(error) && error.cause instanceof DOMException && error.cause.name === 'QuotaExceededError';
}
