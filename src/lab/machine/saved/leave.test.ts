import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Emitter } from '../../emitter.ts';
import { askBeforeLeaving, leadsAway, longestWaitMilliseconds, saveBeforeLinks } from './leave.ts';

class Keeper {
  canSave = true;
  unsaved = false;
  saving = Promise.withResolvers<void>();
  readonly save = vi.fn(() => this.saving.promise);
  readonly #changed = new Emitter<boolean>();
  onUnsaved(listener: (unsaved: boolean) => void): () => void {
    listener(this.unsaved);
    return this.#changed.on(listener);
  }
  be(unsaved: boolean): void {
    this.unsaved = unsaved;
    this.#changed.emit(unsaved);
  }
}

/** As much of a link as is asked for. */
class Link {
  readonly href: string;
  readonly #attributes: Readonly<Record<string, string>>;
  readonly ownerDocument: { querySelector(): Link | null };
  constructor(href: string, attributes: Readonly<Record<string, string>> = {}, base?: string) {
    this.href = href;
    this.#attributes = attributes;
    this.ownerDocument = { querySelector: () => (base === undefined ? null : new Link('', { target: base })) };
  }
  closest(): this {
    return this;
  }
  hasAttribute(name: string): boolean {
    return name in this.#attributes;
  }
  getAttribute(name: string): string | null {
    return this.#attributes[name] ?? null;
  }
}

const here = 'https://drydock.example/en/first/';
const next = 'https://drydock.example/en/second/';

function click(page: EventTarget, link: Link, how: object = {}): Event {
  const event = Object.assign(new Event('click', { cancelable: true }), { button: 0, ...how });
  Object.defineProperty(event, 'target', { value: link });
  page.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Element', Link);
  vi.stubGlobal('location', { href: here });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('askBeforeLeaving', () => {
  it('has the browser ask while there is something to lose, and saves it for who stays', () => {
    const page = new EventTarget();
    const keeper = new Keeper();
    const asked = (): boolean => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    askBeforeLeaving(page as unknown as Window, keeper);
    expect(asked()).toBe(false);
    keeper.be(true);
    expect(asked()).toBe(true);
    expect(keeper.save).toHaveBeenCalledOnce();
    keeper.be(false);
    expect(asked()).toBe(false);
  });
});

describe('saveBeforeLinks', () => {
  function setUp() {
    const page = new EventTarget();
    const keeper = new Keeper();
    const told = vi.fn();
    const went: string[] = [];
    saveBeforeLinks(page as unknown as Window, keeper, told, (address) => went.push(address));
    return { page, keeper, told, went };
  }

  it('lets a link wait until the machine is saved; the last one chosen counts', async () => {
    const { page, keeper, told, went } = setUp();
    keeper.be(true);
    expect(click(page, new Link(`${here}x/`)).defaultPrevented).toBe(true);
    expect(click(page, new Link(next)).defaultPrevented).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(went).toEqual([]);
    keeper.saving.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(went).toEqual([next]);
    expect(told).toHaveBeenCalledOnce();
    expect(keeper.save).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not wait for ever', async () => {
    const { page, keeper, went } = setUp();
    keeper.be(true);
    click(page, new Link(next));
    await vi.advanceTimersByTimeAsync(longestWaitMilliseconds);
    expect(went).toEqual([next]);
  });

  it('leaves links alone where there is nothing to save or no way to, and those that do not lead away', () => {
    const { page, keeper } = setUp();
    const isHeld = (link: Link, how: object = {}): boolean => click(page, link, how).defaultPrevented;
    expect(isHeld(new Link(next))).toBe(false);
    keeper.be(true);
    for (const [link, how] of [
      [new Link(`${here}#task`)], [new Link('mailto:a@b.example')], [new Link('')], [new Link(next, { download: '' })], [new Link(next, { target: '_blank' })], [new Link(next, {}, '_blank')],
      [new Link(next), { ctrlKey: true }], [new Link(next), { metaKey: true }], [new Link(next), { shiftKey: true }], [new Link(next), { button: 1 }],
    ] as const) expect(isHeld(link, how)).toBe(false);
    keeper.canSave = false;
    expect(isHeld(new Link(next))).toBe(false);
    keeper.canSave = true;
    expect(isHeld(new Link(next))).toBe(true);
  });
});

it('knows another page from another place on this one', () => {
  expect(leadsAway(next, here)).toBe(true);
  expect(leadsAway(`${here}?x`, here)).toBe(true);
  expect(leadsAway(`${here}#a`, `${here}#b`)).toBe(false);
  expect(leadsAway('blob:https://drydock.example/1', here)).toBe(false);
});
