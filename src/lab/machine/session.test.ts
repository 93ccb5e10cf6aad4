import { describe, expect, it, vi } from 'vitest';
import type { Arrival } from '../../emulator/client/machine-client.ts';
import type { GuestLink } from '../../guest/link.ts';
import { FakeAgent } from '../../guest/testing/fake-agent.ts';
import { DrydockError } from '../../shared/errors.ts';
import { type Guest, LabSession, type LabState, type Machine } from './session.ts';

/** A machine whose every step is told by the test. */
function machine() {
  let tellState: (state: LabState) => void = () => {};
  let tellLink: (link: GuestLink, guest: Guest, arrival: Arrival) => void = () => {};
  const calls = { start: vi.fn(), retry: vi.fn(), reset: vi.fn(), pause: vi.fn(), resume: vi.fn(), connect: vi.fn(), save: vi.fn(async () => ({ image: new Blob(['saved']), imageId: 'one' })), restore: vi.fn(), instructions: vi.fn() };
  const fake: Machine = { ...calls, onState: (listener) => void (tellState = listener), onLink: (listener) => void (tellLink = listener), onRegistryAccess: () => {} };
  return { fake, calls, state: (state: LabState) => tellState(state), link: (link: GuestLink, arrival: Arrival = 'bare') => tellLink(link, { user: 'learner', home: '/home/learner' }, arrival) };
}

async function running() {
  const { fake, calls, state, link } = machine();
  const session = new LabSession(fake);
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

  it('takes the agent away when the link goes', async () => {
    const { session, guest: here } = await running();
    const agents: boolean[] = [];
    session.onAgent((agent) => agents.push(agent !== undefined));
    here.stop();
    await vi.waitFor(() => expect(agents).toEqual([true, false]));
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
    const { session, state, guest: here } = await running();
    here.options = { exec: () => 0 };
    vi.useFakeTimers();
    try {
      const asked = session.restart();
      await vi.advanceTimersByTimeAsync(0);
      await asked;
      state({ kind: 'paused' });
      await vi.advanceTimersByTimeAsync(600_000);
      state({ kind: 'running' });
      expect(session.state.kind).toBe('restarting');
      await vi.advanceTimersByTimeAsync(180_000);
      expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2002' } });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('fails where the agent speaks another version, and is reset by another try', async () => {
    const { fake, calls, state, link } = machine();
    const session = new LabSession(fake);
    link(new FakeAgent({ version: 99 }).link);
    state({ kind: 'running' });
    await vi.waitFor(() => expect(session.state).toMatchObject({ kind: 'failed', error: { code: 'DD2003' } }));
    session.start();
    expect(calls.reset).toHaveBeenCalledOnce();
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
    session.start();
    expect(calls.retry).toHaveBeenCalledOnce();
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
    // What cannot be woken is started afresh by the next try.
    state({ kind: 'failed', error: new DrydockError('session-other-image', {}), retryable: false });
    session.start();
    expect(calls.reset).toHaveBeenCalledOnce();
    expect(session.woken).toBe(false);
  });
});
