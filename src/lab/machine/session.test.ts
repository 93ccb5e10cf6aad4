import { describe, expect, it, vi } from 'vitest';
import type { Arrival } from '../../emulator/client/machine-client.ts';
import type { GuestLink } from '../../guest/link.ts';
import { encodeFrame, FrameType } from '../../guest/frames.ts';
import { FakeAgent } from '../../guest/testing/fake-agent.ts';
import { DrydockError } from '../../shared/errors.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { type Guest, LabSession, type LabState, type Machine } from './session.ts';

/** A machine whose every step is told by the test. */
function machine() {
  let tellState: (state: LabState) => void = () => {};
  let tellLink: (link: GuestLink, guest: Guest, arrival: Arrival) => void = () => {};
  const calls = { start: vi.fn(), retry: vi.fn(), reset: vi.fn(), pause: vi.fn(), resume: vi.fn(), connect: vi.fn(), save: vi.fn(async () => ({ image: new Blob(['saved']), imageId: 'one' })), restore: vi.fn(), instructions: vi.fn() };
  const fake: Machine = { ...calls, onState: (listener) => void (tellState = listener), onLink: (listener) => void (tellLink = listener), onRegistryAccess: () => {} };
  return { fake, calls, state: (state: LabState) => tellState(state), link: (link: GuestLink, arrival: Arrival = 'bare') => tellLink(link, { user: 'learner', home: '/home/learner' }, arrival) };
}

async function running(clock?: ManualClock) {
  const { fake, calls, state, link } = machine();
  const session = new LabSession(fake, clock);
  const here = new FakeAgent();
  link(here.link);
  state({ kind: 'running' });
  await vi.waitFor(() => expect(session.state.kind).toBe('running'));
  return { session, calls, state, link, guest: here };
}

describe('LabSession', () => {
  it('runs only when the agent has answered, with the clock set and fresh randomness', async () => {
    const { fake, state, link } = machine();
    const session = new LabSession(fake);
    const seen: string[] = [];
    session.onState(({ kind }) => seen.push(kind));
    const here = new FakeAgent();
    state({ kind: 'restoring' });
    link(here.link);
    state({ kind: 'running' });
    expect(session.state.kind).toBe('starting');
    expect(session.agent).toBeUndefined();
    await vi.waitFor(() => expect(session.state.kind).toBe('running'));
    expect(session.home).toBe('/home/learner');
    await vi.waitFor(() => expect(here.entropy.map((bytes) => bytes.length)).toEqual([64]));
    expect(Math.abs((here.clock?.seconds ?? 0) - Date.now() / 1000)).toBeLessThan(5);
    expect(seen.at(-1)).toBe('running');
  });

  it('sets the clock again after a pause', async () => {
    const { session, state, guest: here } = await running();
    expect(session.pause()).toBe(true);
    state({ kind: 'paused' });
    expect(session.pause()).toBe(false);
    here.clock = undefined;
    state({ kind: 'running' });
    await vi.waitFor(() => expect(here.clock).toBeDefined());
  });

  it('takes the agent away when the machine goes with its link', async () => {
    const { session, state, guest: here } = await running();
    const agents: boolean[] = [];
    session.onAgent((agent) => agents.push(agent !== undefined));
    here.stop();
    state({ kind: 'stopped' });
    await vi.waitFor(() => expect(agents).toEqual([true, false]));
    expect(session.state).toEqual({ kind: 'stopped' });
  });

  it('shows a link that breaks while the machine runs, and greets the same machine again by another try', async () => {
    const { session, calls, guest: here } = await running();
    const before = session.agent;
    const agents: boolean[] = [];
    session.onAgent((agent) => agents.push(agent !== undefined));
    // Of a channel that is not open.
    here.sendRaw(encodeFrame(9, FrameType.GUEST_DATA, Uint8Array.of(1)));
    await vi.waitFor(() => expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2001' }, retryable: true }));
    expect(session.agent).toBeUndefined();
    expect(session.start()).toBe(true);
    expect(session.state.kind).toBe('starting');
    await vi.waitFor(() => expect(session.state.kind).toBe('running'));
    expect(session.agent).not.toBe(before);
    expect(agents).toEqual([true, false, true]);
    expect(here.hellos).toHaveLength(2);
    expect([calls.reset, calls.retry, calls.start].every((call) => call.mock.calls.length === 0)).toBe(true);
  });

  it('does not take the start for made after a link that broke in the middle of it', async () => {
    for (const [progress, made] of [[{ done: 1, total: 2 }, false], ['done', true]] as const) {
      const { session, guest: here } = await running();
      session.prepare(progress);
      here.sendRaw(encodeFrame(9, FrameType.GUEST_DATA, Uint8Array.of(1)));
      await vi.waitFor(() => expect(session.state.kind).toBe('failed'));
      session.start();
      await vi.waitFor(() => expect(session.agent).toBeDefined());
      expect(session.cameWithStart).toBe(made);
    }
  });

  it('is reset to a machine that must be greeted anew', async () => {
    const { session, calls, link, guest: here } = await running();
    const before = session.agent;
    session.reset();
    expect(calls.reset).toHaveBeenCalledOnce();
    expect(session.agent).toBeUndefined();
    here.stop();
    link(new FakeAgent().link);
    await vi.waitFor(() => expect(session.agent).toBeDefined());
    expect(session.agent).not.toBe(before);
  });

  it('takes the start for made when the agent starts again, unless it was in the middle of being made', async () => {
    const { session, link } = await running();
    link(new FakeAgent().link, 'prepared');
    expect(session.cameWithStart).toBe(true);
    link(new FakeAgent().link, 'bare');
    expect(session.cameWithStart).toBe(false);
    // Its agent has started again before anybody could make the start.
    link(new FakeAgent().link, 'again');
    expect(session.cameWithStart).toBe(false);
    session.prepare({ done: 1, total: 2 });
    link(new FakeAgent().link, 'again');
    expect(session.cameWithStart).toBe(false);
    session.prepare('done');
    link(new FakeAgent().link, 'again');
    expect(session.cameWithStart).toBe(true);
  });

  it('is restarted: without an agent until it has come back', async () => {
    const { session, link, guest: here } = await running();
    const asked: string[][] = [];
    here.options = {
      exec: ({ argv, user }) => {
        asked.push([user, ...argv]);
        return 0;
      },
    };
    expect(session.restartable).toBe(true);
    await session.restart();
    expect(asked).toEqual([['root', 'systemctl', '--no-block', 'soft-reboot']]);
    expect(session.state.kind).toBe('restarting');
    expect(session.agent).toBeUndefined();
    expect(session.restartable).toBe(false);
    link(new FakeAgent().link);
    await vi.waitFor(() => expect(session.state.kind).toBe('running'));
    expect(session.agent).toBeDefined();
  });

  it('runs on where the restart is refused', async () => {
    const { session, guest: here } = await running();
    const before = session.agent;
    here.options = {
      exec: async ({ writeError }) => {
        await writeError('no such verb\n');
        return 1;
      },
    };
    await expect(session.restart()).rejects.toMatchObject({ kind: 'restart-refused', message: expect.stringContaining('no such verb') });
    expect(session.state.kind).toBe('running');
    expect(session.agent).toBe(before);
  });

  it('fails where the agent does not come back; a pause does not count', async () => {
    const clock = new ManualClock();
    const { session, calls, state, guest: here } = await running(clock);
    here.options = { exec: () => 0 };
    await session.restart();
    state({ kind: 'paused' });
    await clock.advance(600_000);
    state({ kind: 'running' });
    expect(session.state.kind).toBe('restarting');
    await clock.advance(179_000);
    expect(session.state.kind).toBe('restarting');
    await clock.advance(1000);
    expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2002' } });
    expect(clock.timers).toBe(0);
    // It came back later: what the learner has made in it is still there.
    session.start();
    await vi.waitFor(() => expect(session.state.kind).toBe('running'));
    expect(calls.reset).not.toHaveBeenCalled();
  });

  it('greets an agent that misses what it is told, for as long as it takes, and again by another try', async () => {
    const { fake, calls, state, link } = machine();
    const clock = new ManualClock();
    const session = new LabSession(fake, clock);
    const here = new FakeAgent({ mute: true });
    link(here.link);
    state({ kind: 'running' });
    await clock.advance(59_000);
    expect(session.state.kind).toBe('starting');
    await clock.advance(2000);
    expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2002' }, retryable: true });
    expect(session.start()).toBe(true);
    expect(session.state.kind).toBe('starting');
    await clock.advance(20_000);
    here.options = {};
    await clock.advance(2000);
    expect(session.state.kind).toBe('running');
    expect([calls.reset, calls.retry, calls.start].every((call) => call.mock.calls.length === 0)).toBe(true);
  });

  it('waits for a guest only while it runs', async () => {
    const clock = new ManualClock();
    const { session, state, guest: here } = await running(clock);
    const goOn = Promise.withResolvers<number>();
    here.options = { exec: () => goOn.promise };
    const result = session.agent?.exec(['bash', '-lc', 'make'], { timeoutMs: 180_000 });
    await clock.advance(60_000);
    state({ kind: 'paused' });
    await clock.advance(86_400_000);
    state({ kind: 'failed', error: new DrydockError('part-download-failed', { part: 'p', attempts: 2, reason: 'offline' }), retryable: true });
    await clock.advance(86_400_000);
    state({ kind: 'running' });
    await clock.advance(119_000);
    goOn.resolve(0);
    expect((await result)?.exitCode).toBe(0);
    const late = session.agent?.exec(['true'], { timeoutMs: 1000 }).catch((error: unknown) => error);
    here.options = { exec: () => new Promise(() => undefined) };
    await clock.advance(1000);
    expect(await late).toMatchObject({ kind: 'command-timed-out' });
  });

  it('fails where the agent speaks another version, and throws nothing away', async () => {
    const { fake, calls, state, link } = machine();
    const session = new LabSession(fake);
    const here = new FakeAgent({ version: 99 });
    link(here.link);
    state({ kind: 'running' });
    await vi.waitFor(() => expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2003' } }));
    session.start();
    await vi.waitFor(() => expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2003' } }));
    expect(here.hellos).toHaveLength(2);
    expect(calls.reset).not.toHaveBeenCalled();
    expect(calls.start).not.toHaveBeenCalled();
  });

  it('starts once, and after a failure tries again', () => {
    const { fake, calls, state } = machine();
    const session = new LabSession(fake);
    session.start();
    state({ kind: 'loading', receivedBytes: 0, totalBytes: 0 });
    session.start();
    expect(calls.start).toHaveBeenCalledOnce();
    state({ kind: 'failed', error: new DrydockError('unexpected', { reason: 'x' }), retryable: true });
    expect(session.start()).toBe(true);
    expect(calls.retry).toHaveBeenCalledOnce();
    // Here only a reset helps, which is not done unasked.
    state({ kind: 'failed', error: new DrydockError('machine-crashed', { reason: 'x' }), retryable: false });
    expect(session.start()).toBe(false);
    expect([calls.retry, calls.start].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    expect(calls.reset).not.toHaveBeenCalled();
  });

  it('saves the machine, and sets the clock that stood still meanwhile', async () => {
    const { session, guest: here } = await running();
    here.clock = undefined;
    expect((await session.save()).imageId).toBe('one');
    await vi.waitFor(() => expect(here.clock).toBeDefined());
  });

  it('knows a machine that was woken from one that began anew', async () => {
    const { session, calls, state, link } = await running();
    expect(session.woken).toBe(false);
    const image = new Blob(['saved']);
    session.restore(image);
    expect(calls.restore).toHaveBeenCalledWith(image);
    expect(session.agent).toBeUndefined();
    link(new FakeAgent().link);
    await vi.waitFor(() => expect(session.agent).toBeDefined());
    expect(session.woken).toBe(true);
    // What cannot be woken is started afresh only by a reset.
    state({ kind: 'failed', error: new DrydockError('session-other-image', {}), retryable: false });
    expect(session.start()).toBe(false);
    expect(calls.reset).not.toHaveBeenCalled();
    session.reset();
    expect(calls.reset).toHaveBeenCalledOnce();
    expect(session.woken).toBe(false);
  });
});
