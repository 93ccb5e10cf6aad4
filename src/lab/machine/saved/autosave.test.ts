import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VisibilitySource } from '../visibility.ts';
import { autosaveWhileHidden } from './autosave.ts';

class Tab implements VisibilitySource {
  hidden = false;
  #listeners = new Set<() => void>();
  addEventListener(_: 'visibilitychange', listener: () => void): void {
    this.#listeners.add(listener);
  }
  removeEventListener(_: 'visibilitychange', listener: () => void): void {
    this.#listeners.delete(listener);
  }
  turn(hidden: boolean): void {
    this.hidden = hidden;
    for (const listener of this.#listeners) listener();
  }
}

function setUp({ idle = true, worth = true } = {}) {
  const tab = new Tab();
  const machine = { idle, worth };
  const save = vi.fn(async () => {
    machine.worth = false;
  });
  const end = autosaveWhileHidden(tab, { worthSaving: () => machine.worth, idle: async () => machine.idle, save });
  return { tab, machine, save, end };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('autosaveWhileHidden', () => {
  it('saves an idle machine once, soon after the tab was hidden', async () => {
    const { tab, save } = setUp();
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(4000);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(save).toHaveBeenCalledOnce();
  });

  it('waits for a busy machine, but not beyond its pause', async () => {
    const { tab, machine, save } = setUp({ idle: false });
    tab.turn(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(save).not.toHaveBeenCalled();
    machine.idle = true;
    await vi.advanceTimersByTimeAsync(5000);
    expect(save).toHaveBeenCalledOnce();
    const busy = setUp({ idle: false });
    busy.tab.turn(true);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(busy.save).toHaveBeenCalledOnce();
  });

  it('leaves a machine alone that nobody has worked on, and one that is seen again', async () => {
    const unused = setUp({ worth: false });
    unused.tab.turn(true);
    const seen = setUp();
    seen.tab.turn(true);
    seen.tab.turn(false);
    const ended = setUp();
    ended.tab.turn(true);
    ended.end();
    await vi.advanceTimersByTimeAsync(120_000);
    for (const { save } of [unused, seen, ended]) expect(save).not.toHaveBeenCalled();
  });
});
