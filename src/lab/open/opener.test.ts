import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrydockError } from '../../shared/errors.ts';
import { en } from '../../site/i18n/en.ts';
import { Emitter } from '../emitter.ts';
import type { LabState } from '../machine/session.ts';
import { Opener, openWaitMilliseconds } from './opener.ts';
import type { OpenTarget } from './target.ts';

const file: OpenTarget = { kind: 'file', path: '/home/learner/web/Dockerfile', line: 3 };
const failed: LabState = { kind: 'failed', error: new DrydockError('operation-cancelled', { what: 'x' }), retryable: true };

function lab(first: LabState['kind'] | LabState, { asked = false, elsewhere = false } = {}) {
  const states = new Emitter<LabState>();
  let state: LabState = typeof first === 'string' ? ({ kind: first } as LabState) : first;
  const said: string[] = [];
  const shown: unknown[] = [];
  const parts = {
    file: vi.fn(async (...of: unknown[]) => void shown.push(['file', ...of])),
    terminal: vi.fn((...of: unknown[]) => void shown.push(['terminal', ...of])),
    preview: vi.fn(async (...of: unknown[]) => void shown.push(['preview', ...of])),
    engine: vi.fn(async (...of: unknown[]) => void shown.push(['engine', ...of])),
  };
  const wake = vi.fn(() => !asked);
  const opener = new Opener({
    parts, wake, strings: en, say: (text) => said.push(text),
    session: {
      get state() {
        return state;
      },
      onState(listener) {
        listener(state);
        return states.on(listener);
      },
    },
    notePlace: () => () => (elsewhere ? () => void shown.push('back') : undefined),
  });
  const become = async (next: LabState): Promise<void> => {
    state = next;
    states.emit(next);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { opener, said, shown, wake, become };
}

describe('Opener', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens each thing in its part, at once while the machine runs', async () => {
    const { opener, shown, said, wake } = lab('running');
    await opener.open(file);
    await opener.open({ kind: 'terminal', another: true });
    await opener.open({ kind: 'preview', address: '8080/x' });
    await opener.open({ kind: 'engine', view: 'requests' });
    expect(shown).toEqual([['file', '/home/learner/web/Dockerfile', 3], ['terminal', true], ['preview', '8080/x'], ['engine', 'requests']]);
    expect(said).toEqual([]);
    expect(wake).not.toHaveBeenCalled();
  });

  it('wakes the machine, says that it waits, and opens when there is one', async () => {
    const { opener, shown, said, wake, become } = lab('idle');
    void opener.open(file);
    expect(wake).toHaveBeenCalledOnce();
    expect(said).toEqual(['The machine is not ready yet; this opens as soon as it is: ~/web/Dockerfile']);
    await become({ kind: 'starting' });
    expect(shown).toEqual([]);
    await become({ kind: 'running' });
    expect(shown).toEqual([['file', '/home/learner/web/Dockerfile', 3]]);
  });

  it('waits for the start of the lesson where it may make what is opened', async () => {
    const { opener, shown, become } = lab({ kind: 'running', preparing: { done: 0, total: 2 } });
    void opener.open({ kind: 'engine', view: 'events' });
    expect(shown).toEqual([['engine', 'events']]);
    void opener.open(file);
    await become({ kind: 'running', preparing: { done: 1, total: 2 } });
    expect(shown).toHaveLength(1);
    await become({ kind: 'running' });
    expect(shown).toHaveLength(2);
  });

  it('opens only what was asked for last', async () => {
    const { opener, shown, become } = lab('loading');
    void opener.open(file);
    void opener.open({ kind: 'terminal', another: false });
    await become({ kind: 'running' });
    expect(shown).toEqual([['terminal', false]]);
  });

  it('gives up after a while, and says so', async () => {
    const { opener, shown, said, become } = lab('loading');
    void opener.open(file);
    await vi.advanceTimersByTimeAsync(openWaitMilliseconds - 1);
    expect(said).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(said[1]).toBe('The machine does not run, so this was not opened: ~/web/Dockerfile. Choose it again once it runs.');
    await become({ kind: 'running' });
    expect(shown).toEqual([]);
  });

  it('gives up when the machine fails, but not for the failure that is tried again', async () => {
    const { opener, said, become } = lab(failed);
    void opener.open(file);
    await become({ kind: 'restoring' });
    expect(said).toHaveLength(1);
    await become(failed);
    expect(said[1]).toContain('was not opened');
  });

  it('says nothing of waiting where the learner has to choose first, and waits all the same', async () => {
    const { opener, said, shown, become } = lab('idle', { asked: true });
    void opener.open(file);
    expect(said).toEqual([]);
    await become({ kind: 'running' });
    expect(shown).toHaveLength(1);
  });

  it('leaves the keyboard to who went elsewhere meanwhile, and tells', async () => {
    const { opener, said, shown, become } = lab('loading', { elsewhere: true });
    void opener.open(file);
    await become({ kind: 'running' });
    expect(shown).toEqual([['file', '/home/learner/web/Dockerfile', 3], 'back']);
    expect(said.at(-1)).toBe('Opened: ~/web/Dockerfile');
  });
});
