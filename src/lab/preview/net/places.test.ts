import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../shared/testing/manual-clock.ts';
import { maximumPlaces, type Place, Places, waitSeconds } from './places.ts';

const never = new AbortController().signal;

async function full() {
  const clock = new ManualClock();
  const places = new Places(8080, clock);
  const taken: Place[] = [];
  for (let count = 0; count < maximumPlaces; count++) taken.push(await places.enter(never));
  const [first, second] = taken;
  if (first === undefined || second === undefined) throw new Error('there are no places');
  /** Asks for one more, and notes whether it came. */
  const ask = (signal = never) => {
    const state = { in: false, fault: undefined as unknown };
    const place = places.enter(signal).then((entered) => ((state.in = true), entered), (error: unknown) => {
      state.fault = error;
      return undefined;
    });
    return { state, place };
  };
  return { clock, places, taken, first, second, ask };
}

describe('Places', () => {
  it('lets one in for each that leaves, in turn', async () => {
    const { clock, first, second, ask } = await full();
    const [a, b, c] = [ask(), ask(), ask()];
    await clock.advance(1000);
    expect([a.state.in, b.state.in, c.state.in]).toEqual([false, false, false]);
    first.leave();
    first.leave();
    await clock.advance(1000);
    expect([a.state.in, b.state.in, c.state.in]).toEqual([true, false, false]);
    expect([first.held, second.held]).toEqual([false, true]);
    (await a.place)?.leave();
    await clock.advance(1000);
    expect([b.state.in, c.state.in]).toEqual([true, false]);
  });

  it('does not let wait for ever, but for as long as somebody leaves', async () => {
    const { clock, first, ask } = await full();
    const [a, b] = [ask(), ask()];
    await clock.advance((waitSeconds - 1) * 1000);
    first.leave();
    await clock.advance((waitSeconds - 1) * 1000);
    expect([a.state.in, b.state.in, b.state.fault]).toEqual([true, false, undefined]);
    await clock.advance(1000);
    expect(b.state.fault).toMatchObject({ kind: 'preview-connections-taken', params: { port: 8080, count: maximumPlaces, seconds: waitSeconds } });
    expect(clock.timers).toBe(0);
  });

  it('gives no turn to one who is gone', async () => {
    const { clock, first, ask } = await full();
    const stop = new AbortController();
    const [gone, next] = [ask(stop.signal), ask()];
    stop.abort(new Error('enough'));
    first.leave();
    await clock.advance(0);
    expect(gone.state.fault).toMatchObject({ message: 'enough' });
    expect(next.state.in).toBe(true);
    await expect(ask(stop.signal).place).resolves.toBeUndefined();
  });

  it('has all of them again at another machine, where those of the former one do not count', async () => {
    const { clock, places, taken, first, ask } = await full();
    const waiting = Array.from({ length: maximumPlaces + 1 }, () => ask());
    places.reset();
    await clock.advance(0);
    expect(waiting.map(({ state }) => state.in)).toEqual([...Array.from({ length: maximumPlaces }, () => true), false]);
    expect(first.held).toBe(false);
    for (const place of taken) place.leave();
    await clock.advance(0);
    expect(waiting.at(-1)?.state.in).toBe(false);
  });
});
