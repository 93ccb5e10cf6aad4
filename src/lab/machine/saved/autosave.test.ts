import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../emitter.ts';
import { hiddenMilliseconds, type VisibilitySource } from '../visibility.ts';
import { autosave, type AutosaveTarget } from './autosave.ts';

const minutes = 60_000;
/** As long as the real one takes to look at the guest. */
const idleMilliseconds = 1000;

class Tab implements VisibilitySource {
  hidden = false;
  readonly #changed = new Emitter<void>();
  readonly #ends = new Map<() => void, () => void>();
  addEventListener(_: 'visibilitychange', listener: () => void): void {
    this.#ends.set(listener, this.#changed.on(listener));
  }
  removeEventListener(_: 'visibilitychange', listener: () => void): void {
    this.#ends.get(listener)?.();
  }
  turn(hidden: boolean): void {
    this.hidden = hidden;
    this.#changed.emit();
  }
}

class Target implements AutosaveTarget {
  canSave = true;
  workedAt = 0;
  isIdle: boolean | Error = true;
  fails = false;
  takes = 0;
  readonly saves: number[] = [];
  #unsaved = false;
  readonly #changed = new Emitter<boolean>();

  get unsaved(): boolean {
    return this.#unsaved;
  }

  set unsaved(value: boolean) {
    if (this.#unsaved === value) return;
    this.#unsaved = value;
    this.#changed.emit(value);
  }

  onUnsaved(listener: (unsaved: boolean) => void): () => void {
    listener(this.#unsaved);
    return this.#changed.on(listener);
  }

  work(): void {
    this.workedAt = Date.now();
    this.unsaved = true;
  }

  async idle(): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
    if (this.isIdle instanceof Error) throw this.isIdle;
    return this.isIdle;
  }

  async save(): Promise<void> {
    this.saves.push(Date.now());
    await new Promise((resolve) => setTimeout(resolve, this.takes));
    if (!this.fails) this.unsaved = false;
  }
}

function setUp({ hidden = false, worked = true } = {}) {
  const tab = new Tab();
  tab.hidden = hidden;
  const target = new Target();
  if (worked) target.work();
  return { tab, target, end: autosave(tab, target) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a machine out of sight', () => {
  it('is saved once, soon after the tab was hidden', async () => {
    const { tab, target } = setUp();
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(4000);
    expect(target.saves).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(8000);
    expect(target.saves).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10 * minutes);
    expect(target.saves).toHaveLength(1);
  });

  it('is saved where the tab was hidden from the start', async () => {
    const { target } = setUp({ hidden: true });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(target.saves).toHaveLength(1);
  });

  it.each([['works', false], ['does not answer', new Error('silence')]])('is waited for while it %s, but saved before it is paused', async (_, isIdle) => {
    const { tab, target } = setUp();
    target.isIdle = isIdle;
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(target.saves).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(hiddenMilliseconds - 30_000 - 1);
    expect(target.saves).toHaveLength(1);
  });

  it('is saved as soon as it has come to rest', async () => {
    const { tab, target } = setUp();
    target.isIdle = false;
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(20_000);
    target.isIdle = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(target.saves).toHaveLength(1);
  });

  it('is tried again after a failure, and once it can be saved', async () => {
    const { tab, target } = setUp();
    target.canSave = false;
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(3 * minutes);
    expect(target.saves).toHaveLength(0);
    target.canSave = true;
    target.fails = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(target.saves).toHaveLength(1);
    target.fails = false;
    await vi.advanceTimersByTimeAsync(minutes);
    expect(target.saves).toHaveLength(2);
    expect(target.unsaved).toBe(false);
  });

  it('is let alone where nobody has worked on it, and by whom it is none of any more', async () => {
    const unused = setUp({ worked: false });
    unused.tab.turn(true);
    const ended = setUp();
    ended.tab.turn(true);
    ended.end();
    await vi.advanceTimersByTimeAsync(10 * minutes);
    for (const { target } of [unused, ended]) expect(target.saves).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a machine in sight', () => {
  it('is saved when its learner lets it alone, and not while they type', async () => {
    const { target } = setUp();
    for (let second = 0; second < 60; second += 10) {
      await vi.advanceTimersByTimeAsync(10_000);
      target.work();
    }
    expect(target.saves).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(target.saves).toHaveLength(1);
  });

  it('is not saved under the fingers of who goes on while it is looked at', async () => {
    const { target } = setUp();
    await vi.advanceTimersByTimeAsync(15_500);
    target.work();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(target.saves).toHaveLength(0);
  });

  it('is saved every few minutes at most, less often where it takes long', async () => {
    for (const [takes, pause] of [[1000, 3 * minutes], [20_000, 10 * minutes]] as const) {
      const { target, end } = setUp();
      target.takes = takes;
      await vi.advanceTimersByTimeAsync(minutes);
      target.work();
      await vi.advanceTimersByTimeAsync(20 * minutes);
      const [first = 0, second = 0, ...more] = target.saves;
      expect(second - first).toBeGreaterThanOrEqual(pause);
      expect(more).toEqual([]);
      end();
    }
  });

  it('is saved at once when its tab is hidden, however shortly before it was', async () => {
    const { tab, target } = setUp();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(target.saves).toHaveLength(1);
    target.work();
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(target.saves).toHaveLength(2);
  });

  it('that never rests is saved all the same, in the end', async () => {
    const { target } = setUp();
    target.isIdle = false;
    await vi.advanceTimersByTimeAsync(5 * minutes);
    expect(target.saves).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(6 * minutes);
    expect(target.saves).toHaveLength(1);
  });

  it('is tried again after a failure', async () => {
    const { target } = setUp();
    target.fails = true;
    await vi.advanceTimersByTimeAsync(2 * minutes);
    expect(target.saves).toHaveLength(1);
    target.fails = false;
    await vi.advanceTimersByTimeAsync(3 * minutes);
    expect(target.saves).toHaveLength(2);
  });

  it('costs nothing while there is nothing to save', async () => {
    const { target } = setUp();
    await vi.advanceTimersByTimeAsync(minutes);
    expect(target.unsaved).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
