import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../emitter.ts';
import type { LabState } from './session.ts';
import { hiddenMilliseconds, pauseWhileHidden, type VisibilityTarget } from './visibility.ts';

class Page extends EventTarget {
  hidden = false;
  set(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

/** A machine that is paused and goes on when its worker has answered. */
class Machine implements VisibilityTarget {
  state: LabState;
  /** Asked of the worker, and not answered yet. */
  asked: LabState['kind'][] = [];
  readonly #changed = new Emitter<LabState>();

  constructor(state: LabState) {
    this.state = state;
  }

  onState(listener: (state: LabState) => void): () => void {
    listener(this.state);
    return this.#changed.on(listener);
  }

  be(state: LabState): void {
    this.state = state;
    this.#changed.emit(state);
  }

  pause(): boolean {
    if (this.state.kind !== 'running') return false;
    this.asked.push('paused');
    return true;
  }

  resume(): void {
    if (this.state.kind === 'paused') this.asked.push('running');
  }

  answer(): void {
    for (const kind of this.asked.splice(0)) this.be(kind === 'paused' ? { kind: 'paused' } : { kind: 'running' });
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp({ state = { kind: 'running' } as LabState, hidden = false } = {}) {
  const page = new Page();
  page.hidden = hidden;
  const machine = new Machine(state);
  return { page, machine, stop: pauseWhileHidden(page, machine) };
}

describe('pauseWhileHidden', () => {
  it('pauses after a minute out of sight and resumes on return', () => {
    const { page, machine } = setUp();
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds - 1);
    expect(machine.asked).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(machine.asked).toEqual(['paused']);
    machine.answer();
    page.set(false);
    expect(machine.asked).toEqual(['running']);
  });

  it('does nothing for a short look elsewhere', () => {
    const { page, machine } = setUp();
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds / 2);
    page.set(false);
    vi.advanceTimersByTime(hiddenMilliseconds * 2);
    expect(machine.asked).toEqual([]);
  });

  it('pauses a machine of a tab that was hidden before there was a lab', () => {
    const { machine } = setUp({ hidden: true });
    vi.advanceTimersByTime(hiddenMilliseconds);
    expect(machine.asked).toEqual(['paused']);
  });

  it.each<LabState>([{ kind: 'loading', receivedBytes: 0, totalBytes: 0 }, { kind: 'restarting' }, { kind: 'starting' }, { kind: 'running', preparing: { done: 0, total: 2 } }])('pauses a machine that was $kind when the minute was over, once it has run for one', (state) => {
    const { page, machine } = setUp({ state });
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds * 3);
    expect(machine.asked).toEqual([]);
    machine.be({ kind: 'running' });
    vi.advanceTimersByTime(hiddenMilliseconds);
    expect(machine.asked).toEqual(['paused']);
    machine.answer();
    page.set(false);
    expect(machine.asked).toEqual(['running']);
  });

  it('resumes a machine whose pause comes only after the return', () => {
    const { page, machine } = setUp();
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds);
    page.set(false);
    machine.answer();
    expect(machine.asked).toEqual(['running']);
  });

  it('leaves a machine alone that the learner had paused', () => {
    const { page, machine } = setUp({ state: { kind: 'paused' } });
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds);
    page.set(false);
    expect(machine.asked).toEqual([]);
  });

  it('stops with the lab', () => {
    const { page, machine, stop } = setUp();
    page.set(true);
    stop();
    vi.advanceTimersByTime(hiddenMilliseconds * 2);
    expect(machine.asked).toEqual([]);
  });
});
