import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hiddenMilliseconds, pauseWhileHidden } from './visibility.ts';

class Page extends EventTarget {
  hidden = false;
  set(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(running = true) {
  const page = new Page();
  const target = { pause: vi.fn(() => running), resume: vi.fn() };
  return { page, target, stop: pauseWhileHidden(page, target) };
}

describe('pauseWhileHidden', () => {
  it('pauses after a minute out of sight and resumes on return', () => {
    const { page, target } = setUp();
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds - 1);
    expect(target.pause).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(target.pause).toHaveBeenCalledOnce();
    page.set(false);
    expect(target.resume).toHaveBeenCalledOnce();
  });

  it('does nothing for a short look elsewhere', () => {
    const { page, target } = setUp();
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds / 2);
    page.set(false);
    vi.advanceTimersByTime(hiddenMilliseconds * 2);
    expect(target.pause).not.toHaveBeenCalled();
    expect(target.resume).not.toHaveBeenCalled();
  });

  it('leaves a machine alone that the learner had paused', () => {
    const { page, target } = setUp(false);
    page.set(true);
    vi.advanceTimersByTime(hiddenMilliseconds);
    page.set(false);
    expect(target.resume).not.toHaveBeenCalled();
  });

  it('stops with the lab', () => {
    const { page, target, stop } = setUp();
    page.set(true);
    stop();
    vi.advanceTimersByTime(hiddenMilliseconds * 2);
    expect(target.pause).not.toHaveBeenCalled();
  });
});
