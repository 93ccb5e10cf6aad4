/** As much of IndexedDB as the store of saved machines uses, and failing where a test wants it to. */

type Values = Map<string, unknown>;

export class FakeIndexedDb {
  /** Why the database does not open, if it does not; `silent`: it never answers. */
  opening: DOMException | 'silent' | undefined;
  /** Why no transaction comes to its end, if none does. */
  failing: DOMException | undefined;
  /** Transactions come to no end by themselves. */
  stuck = false;
  /** So many values have room in a store; undefined: as many as there are. */
  room: number | undefined;
  /** What transactions have left, by the name of the store. */
  readonly kept = new Map<string, Values>();
  /** Of the stores whose values have their key inside. */
  readonly keyPaths = new Map<string, string>();
  #made = false;

  open(): FakeRequest {
    const request = new FakeRequest();
    const { opening } = this;
    if (opening === 'silent') return request;
    queueMicrotask(() => {
      if (opening !== undefined) {
        request.error = opening;
        request.onerror?.();
        return;
      }
      request.result = new FakeDatabase(this);
      if (!this.#made) request.onupgradeneeded?.();
      this.#made = true;
      request.onsuccess?.();
    });
    return request;
  }
}

class FakeRequest {
  result: unknown;
  error: DOMException | null = null;
  onupgradeneeded: (() => void) | undefined;
  onsuccess: (() => void) | undefined;
  onerror: (() => void) | undefined;
}

class FakeDatabase {
  readonly #owner: FakeIndexedDb;

  constructor(owner: FakeIndexedDb) {
    this.#owner = owner;
  }

  createObjectStore(name: string, { keyPath }: { keyPath?: string } = {}): void {
    this.#owner.kept.set(name, new Map());
    if (keyPath !== undefined) this.#owner.keyPaths.set(name, keyPath);
  }

  transaction(names: string[]): FakeTransaction {
    return new FakeTransaction(this.#owner, names);
  }
}

class FakeTransaction {
  error: DOMException | null = null;
  oncomplete: (() => void) | undefined;
  onabort: (() => void) | undefined;
  readonly #stores: Map<string, Values>;
  readonly #keyPaths: ReadonlyMap<string, string>;

  constructor({ kept, keyPaths, failing, stuck, room = Number.POSITIVE_INFINITY }: FakeIndexedDb, names: string[]) {
    this.#keyPaths = keyPaths;
    this.#stores = new Map(names.map((name) => [name, new Map(kept.get(name))]));
    if (stuck) return;
    setTimeout(() => {
      const isFull = [...this.#stores].some(([name, { size }]) => size > room && size > (kept.get(name)?.size ?? 0));
      if (failing !== undefined || isFull) {
        this.error = failing ?? new DOMException('no room', 'QuotaExceededError');
        this.onabort?.();
        return;
      }
      // All of it at once, or nothing.
      for (const [name, values] of this.#stores) kept.set(name, values);
      this.oncomplete?.();
    });
  }

  abort(): void {
    this.onabort?.();
  }

  objectStore(name: string): { put(value: object, key?: string): FakeRequest; get(key: string): FakeRequest; getAll(): FakeRequest; delete(key: string): FakeRequest } {
    const values = this.#stores.get(name);
    if (values === undefined) throw new DOMException(`no store ${name}`, 'NotFoundError');
    const answer = (result?: unknown): FakeRequest => Object.assign(new FakeRequest(), { result });
    const keyPath = this.#keyPaths.get(name);
    return {
      put: (value, key) => answer(values.set(key ?? String(Reflect.get(value, keyPath ?? '')), value)),
      get: (key) => answer(values.get(key)),
      getAll: () => answer([...values.values()]),
      delete: (key) => answer(values.delete(key)),
    };
  }
}
