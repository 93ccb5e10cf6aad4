import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeUtf8 } from '../guest/bytes.ts';
import { DrydockError } from '../shared/errors.ts';
import type { GuestReader } from './look.ts';
import { type Exercise, exerciseSchema } from './schema.ts';
import { FakeEngine } from './testing/fake-engine.ts';
import { TaskTracker, type TaskStates } from './tracker.ts';

const text = (en: string) => ({ en, 'zh-cn': `中 ${en}` });
const solution = { commands: 'true', explanation: text('x') };

function exerciseWith(...tasks: Record<string, unknown>[]): Exercise {
  return exerciseSchema.parse({ id: 'test', start: {}, tasks: tasks.map((task) => ({ title: text(String(task['id'])), solution, ...task })) });
}

const webRuns = {
  id: 'web',
  assertions: [
    { id: 'there', open: true, look: 'container', where: { name: 'web' }, expect: 'exists', fail: text('no web') },
    { id: 'runs', look: 'container', where: { name: 'web' }, expect: { has: { state: ['running'] } }, fail: text('{name} is {state} ({exitCode})') },
  ],
};
const webGone = { id: 'gone', needs: ['web'], assertions: [{ id: 'absent', open: true, look: 'container', where: { name: 'web' }, expect: 'absent', fail: text('still there') }] };

let engine: FakeEngine;
let tracker: TaskTracker;
let changes: number;
let files: Map<string, string>;

function track(exercise: Exercise, done: string[] = []): void {
  changes = 0;
  files = new Map();
  const guest: GuestReader = {
    listDir: async () => [],
    readFile: async (path) => {
      const content = files.get(path);
      if (content === undefined) throw new DrydockError('channel-refused', { what: path, errno: 'ENOENT', message: 'No such file' });
      return encodeUtf8(content);
    },
    exec: async () => ({ exitCode: 1, stdout: '', stderr: 'no', stdoutBytes: new Uint8Array() }),
  };
  tracker = new TaskTracker({ exercise, engine, guest, done, onChange: () => (changes += 1) });
  tracker.start();
}

const stateOf = (id: string, states: TaskStates = tracker.states) => {
  const state = states.get(id);
  if (state === undefined) throw new Error(`no task ${id}`);
  return state;
};
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
  engine = new FakeEngine();
});

afterEach(() => {
  tracker.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('TaskTracker', () => {
  it('hears of a request to a registry, and looks only where a task asks for one', async () => {
    const request = { host: 'mirror.example', path: '/v2/library/whoami/manifests/v1', status: 200, bytes: 500, complete: true };
    const asked = { id: 'there', look: 'registry-request', where: { host: 'mirror.example', kind: 'manifest' }, expect: 'exists', fail: text('no request'), open: true };
    track(exerciseWith({ id: 'web', assertions: [asked] }));
    await pass(0);
    expect(stateOf('web')).toMatchObject({ kind: 'open' });
    tracker.heard(request);
    await pass(200);
    expect(stateOf('web')).toEqual({ kind: 'done' });
    tracker.stop();
    track(exerciseWith(webRuns));
    await pass(0);
    const calls = engine.calls.length;
    tracker.heard(request);
    await pass(200);
    expect(engine.calls).toHaveLength(calls);
  });

  it('opens tasks at the start and is done right after the deed', async () => {
    track(exerciseWith(webRuns));
    expect(stateOf('web')).toEqual({ kind: 'unknown' });
    await pass(0);
    expect(stateOf('web')).toEqual({ kind: 'open', assertion: 'there', reason: text('no web') });
    engine.run({ image: 'nginx', name: 'web' });
    await pass(200);
    expect(stateOf('web')).toEqual({ kind: 'done' });
  });

  it('stays done when the evidence goes, and stops asking', async () => {
    track(exerciseWith(webRuns));
    engine.run({ image: 'nginx', name: 'web' });
    await pass(200);
    engine.remove('web');
    await pass(60_000);
    expect(stateOf('web')).toEqual({ kind: 'done' });
    const asked = engine.calls.length;
    await pass(60_000);
    expect(engine.calls.length).toBe(asked);
  });

  it('looks once after a burst, with one request for the same question', async () => {
    track(exerciseWith(webRuns, { ...webRuns, id: 'again' }));
    await pass(0);
    engine.calls.length = 0;
    engine.run({ image: 'nginx', name: 'other' });
    engine.run({ image: 'nginx', name: 'another' });
    await pass(1000);
    expect(engine.calls).toEqual(['containers']);
  });

  it('does not wait for ever while events keep coming', async () => {
    track(exerciseWith(webRuns));
    engine.run({ image: 'nginx', name: 'web' });
    for (let round = 0; round < 10; round += 1) {
      engine.emit('pause', 'web');
      await pass(100);
    }
    expect(stateOf('web')).toEqual({ kind: 'done' });
  });

  it('looks once more after an event that is told before the engine shows it', async () => {
    track(exerciseWith({ id: 'web', assertions: [{ id: 'frozen', open: true, look: 'container', where: { name: 'web', state: ['paused'] }, expect: 'exists', fail: text('not paused') }] }));
    engine.run({ image: 'nginx', name: 'web' });
    await pass(1000);
    engine.pause('web', 400);
    await pass(1000);
    expect(stateOf('web')).toMatchObject({ kind: 'open' });
    await pass(1000);
    expect(stateOf('web')).toEqual({ kind: 'done' });
  });

  it('says what is wrong with the values, but only when it stays so', async () => {
    track(exerciseWith(webRuns));
    await pass(0);
    engine.run({ image: 'nginx', name: 'web' });
    engine.exit('web', 3);
    await pass(1000);
    expect(stateOf('web').kind).toBe('open');
    await pass(1000);
    expect(stateOf('web')).toEqual({ kind: 'wrong', assertion: 'runs', reason: text('web is exited (3)') });
    engine.remove('web');
    await pass(200);
    expect(stateOf('web').kind).toBe('open');
  });

  it('does not call a passing stage wrong', async () => {
    track(exerciseWith(webRuns));
    await pass(0);
    engine.run({ image: 'nginx', name: 'web' });
    engine.exit('web');
    await pass(500);
    engine.remove('web');
    await pass(5000);
    expect(stateOf('web')).toMatchObject({ kind: 'open', assertion: 'there' });
  });

  it('keeps a task waiting for what it needs, and takes it up in the same look', async () => {
    track(exerciseWith(webRuns, webGone));
    await pass(0);
    expect(stateOf('gone')).toEqual({ kind: 'waiting', needs: ['web'] });
    engine.run({ image: 'nginx', name: 'web' });
    await pass(200);
    expect(stateOf('gone')).toMatchObject({ kind: 'open', assertion: 'absent' });
    engine.remove('web');
    await pass(200);
    expect(stateOf('gone')).toEqual({ kind: 'done' });
  });

  it('begins with what was done earlier', async () => {
    track(exerciseWith(webRuns), ['web']);
    await pass(1000);
    expect(stateOf('web')).toEqual({ kind: 'done' });
    expect(engine.calls).toEqual([]);
  });

  it('reports an engine that is down as an error, never as a failure, and recovers', async () => {
    track(exerciseWith(webRuns));
    await pass(0);
    engine.goDown();
    await pass(0);
    const state = stateOf('web');
    if (state.kind !== 'error') throw new Error(state.kind);
    expect(state.error.code).toBe('DD4004');
    expect(state.error.cause).toMatchObject({ code: 'DD3001' });
    const asked = engine.calls.length;
    await pass(60_000);
    expect(engine.calls.length).toBe(asked);
    engine.comeBack();
    await pass(0);
    expect(stateOf('web').kind).toBe('open');
  });

  it('looks at what needs no engine while it is down', async () => {
    const file = { id: 'file', assertions: [{ id: 'there', open: true, look: 'file', path: '/etc/docker/daemon.json', expect: { matches: '^\\{' }, fail: text('-') }] };
    track(exerciseWith(file, webRuns));
    await pass(0);
    engine.goDown();
    await pass(0);
    expect(stateOf('web').kind).toBe('error');
    expect(stateOf('file').kind).toBe('open');
    files.set('/etc/docker/daemon.json', '{}');
    await pass(5000);
    expect(stateOf('file')).toEqual({ kind: 'done' });
    engine.comeBack();
    await pass(0);
    expect(stateOf('web').kind).toBe('open');
  });

  it('looks at what needs no engine on a host that has none yet', async () => {
    engine.goDown();
    const file = { id: 'file', assertions: [{ id: 'there', open: true, look: 'file', path: '/home/a', expect: { matches: '^FROM' }, fail: text('-') }] };
    track({ ...exerciseWith(file, { ...webRuns, needs: ['file'] }), host: 'debian' });
    await pass(0);
    expect(stateOf('file').kind).toBe('open');
    expect(stateOf('web').kind).toBe('waiting');
    files.set('/home/a', 'FROM debian');
    await pass(25_000);
    expect(stateOf('web').kind).toBe('error');
    engine.comeBack();
    engine.run({ image: 'nginx', name: 'web' });
    await pass(1000);
    expect(stateOf('web')).toEqual({ kind: 'done' });
  });

  it('reports a failed request as an error, and the safety look mends it', async () => {
    track(exerciseWith(webRuns));
    engine.failRequests(new DrydockError('engine-timed-out', { request: 'GET', seconds: 60 }));
    await pass(0);
    expect(stateOf('web').kind).toBe('error');
    engine.failRequests(undefined);
    await pass(20_000);
    expect(stateOf('web').kind).toBe('open');
  });

  it('remembers a container that removed itself', async () => {
    const left = {
      id: 'shell',
      assertions: [
        { id: 'tty', open: true, look: 'container', where: { image: 'busybox', tty: true, removed: true }, expect: 'exists', fail: text('none') },
        {
          id: 'left',
          open: true,
          look: 'container',
          where: { image: 'busybox', tty: true, removed: true },
          expect: { has: { state: ['exited', 'removed'] } },
          fail: text('still in'),
        },
      ],
    };
    track(exerciseWith(left));
    await pass(0);
    const id = engine.run({ image: 'busybox', tty: true, stdin: true, autoRemove: true });
    await pass(1000);
    expect(stateOf('shell')).toMatchObject({ assertion: 'left' });
    engine.exit(id);
    await pass(200);
    expect(stateOf('shell')).toEqual({ kind: 'done' });
  });

  it('looks at one that removes itself before it is gone, without waiting for quiet', async () => {
    const ran = { id: 'ran', assertions: [{ id: 'tty', open: true, look: 'container', where: { image: 'busybox', tty: true, removed: true }, expect: 'exists', fail: text('none') }] };
    track(exerciseWith(ran));
    await pass(0);
    const id = engine.run({ image: 'busybox', tty: true, autoRemove: true });
    await pass(10);
    engine.exit(id);
    await pass(200);
    expect(stateOf('ran')).toEqual({ kind: 'done' });
  });

  it('sees the exit code of a container that was gone at once', async () => {
    const once = { id: 'once', assertions: [{ id: 'died', open: true, look: 'container', where: { image: 'busybox', removed: true }, expect: { has: { exitCode: 5 } }, fail: text('-') }] };
    track(exerciseWith(once));
    await pass(0);
    engine.exit(engine.run({ image: 'busybox', autoRemove: true }), 5);
    await pass(200);
    expect(stateOf('once')).toEqual({ kind: 'done' });
  });

  it('follows the log it waits for', async () => {
    const logged = { id: 'log', assertions: [{ id: 'get', open: true, look: 'container-log', where: { name: 'web' }, expect: { contains: 'GET /' }, fail: text('no visit') }] };
    track(exerciseWith(logged));
    const id = engine.run({ image: 'nginx', name: 'web' });
    await pass(200);
    expect(engine.followed).toEqual([id]);
    engine.log('web', '"GET / HTTP/1.1"');
    await pass(200);
    expect(stateOf('log')).toEqual({ kind: 'done' });
    expect(engine.followed).toEqual([]);
  });

  it('is not woken by its own looking', async () => {
    const own = {
      id: 'own',
      assertions: [
        { id: 'exec', look: 'container-exec', where: { name: 'web' }, command: ['id', '-u'], expect: { outputMatches: '^7$' }, fail: text('{output}') },
        { id: 'file', look: 'container-file', where: { name: 'web' }, path: '/a', expect: 'exists', fail: text('-') },
      ],
    };
    track(exerciseWith(own));
    engine.run({ image: 'nginx', name: 'web' });
    engine.execResult = { stdout: '7\n', stderr: '', exitCode: 0 };
    await pass(3000);
    expect(stateOf('own')).toMatchObject({ kind: 'wrong', assertion: 'file' });
    const asked = engine.calls.length;
    await pass(10_000);
    expect(engine.calls.length).toBe(asked);
    engine.exec('web', 'touch /a', '/a', '');
    await pass(200);
    expect(stateOf('own')).toEqual({ kind: 'done' });
  });

  it('finds a file soon, of which no event tells', async () => {
    track(exerciseWith({ id: 'file', assertions: [{ id: 'there', open: true, look: 'file', path: '/home/a', expect: { matches: '^FROM' }, fail: text('-') }] }));
    await pass(0);
    files.set('/home/a', 'FROM debian\n');
    await pass(5000);
    expect(stateOf('file')).toEqual({ kind: 'done' });
  });

  it('takes up at once what waited for a file of which no event tells', async () => {
    const file = (id: string, path: string, needs: string[]) => ({ id, needs, assertions: [{ id: 'there', open: true, look: 'file', path, expect: { matches: '^FROM' }, fail: text('-') }] });
    track(exerciseWith(file('first', '/home/a', []), file('second', '/home/b', ['first'])));
    await pass(0);
    files.set('/home/a', 'FROM debian\n');
    await pass(5000);
    expect(stateOf('first')).toEqual({ kind: 'done' });
    expect(stateOf('second').kind).toBe('open');
  });

  it('asks again soon what could not be looked at', async () => {
    track(exerciseWith(webRuns));
    engine.run({ image: 'nginx', name: 'web' });
    engine.failRequests(new DrydockError('engine-timed-out', { request: 'GET /', seconds: 60 }));
    await pass(1000);
    expect(stateOf('web').kind).toBe('error');
    engine.failRequests(undefined);
    await pass(5000);
    expect(stateOf('web')).toEqual({ kind: 'done' });
  });

  it('looks at files once told that something was done, without asking the engine', async () => {
    track(exerciseWith({ id: 'file', assertions: [{ id: 'there', open: true, look: 'file', path: '/home/a', expect: { matches: '^FROM' }, fail: text('-') }] }, webRuns));
    await pass(1000);
    engine.calls.length = 0;
    tracker.lookAtSilent();
    await pass(200);
    expect(engine.calls).toEqual([]);
    files.set('/home/a', 'FROM debian\n');
    tracker.lookAtSilent();
    await pass(200);
    expect(stateOf('file')).toEqual({ kind: 'done' });
  });

  it('looks again when poked', async () => {
    track(exerciseWith({ id: 'file', assertions: [{ id: 'there', open: true, look: 'file', path: '/home/a', expect: { matches: '^FROM' }, fail: text('-') }] }));
    await pass(0);
    expect(stateOf('file').kind).toBe('open');
    files.set('/home/a', '# x\nFROM debian\n');
    tracker.poke();
    await pass(200);
    expect(stateOf('file')).toEqual({ kind: 'done' });
  });

  it('forgets the session but not the deeds on reset', async () => {
    const seen = { id: 'seen', assertions: [{ id: 'died', open: true, look: 'event', where: { action: 'destroy', name: 'web' }, expect: 'exists', fail: text('-') }] };
    track(exerciseWith(webRuns, seen));
    engine.run({ image: 'nginx', name: 'web' });
    await pass(200);
    engine.remove('web');
    await pass(200);
    expect(stateOf('seen')).toEqual({ kind: 'done' });
    tracker.reset();
    expect(stateOf('web')).toEqual({ kind: 'done' });
    tracker.reset([]);
    expect(stateOf('web')).toEqual({ kind: 'unknown' });
  });

  it('tells each change once', async () => {
    track(exerciseWith(webRuns));
    await pass(65_000);
    expect(changes).toBe(1);
  });
});
