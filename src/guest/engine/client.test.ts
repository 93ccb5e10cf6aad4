import { afterEach, describe, expect, it } from 'vitest';
import { isDrydockError } from '../../shared/errors.ts';
import { PausableClock } from '../../shared/pausable-clock.ts';
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { concatBytes, encodeUtf8 } from '../bytes.ts';
import { AgentClient } from '../client.ts';
import { FakeAgent } from '../testing/fake-agent.ts';
import { type FakeAnswer, fakeHttp, type FakeHandler } from '../testing/fake-http.ts';
import { randomSource, splitRandomly } from '../testing/random.ts';
import { EngineClient } from './client.ts';
import type { EventItem } from './events.ts';
import { firstFileOfTar } from './streams.ts';

let agent: FakeAgent;
let connections = 0;

async function connect(handler: FakeHandler, seed = 1): Promise<EngineClient> {
  const random = randomSource(seed);
  connections = 0;
  const serve = fakeHttp(handler);
  agent = new FakeAgent({
    split: (bytes) => splitRandomly(bytes, random),
    sockets: {
      '/run/docker.sock': (connection) => {
        connections += 1;
        return serve(connection);
      },
    },
  });
  const client = new AgentClient(agent.link, { user: 'learner' });
  await client.hello();
  return new EngineClient(client);
}

afterEach(() => expect(agent.violations).toEqual([]));

async function errorOf(work: Promise<unknown>): Promise<{ code: string; params: Readonly<Record<string, unknown>> }> {
  try {
    await work;
  } catch (error) {
    if (isDrydockError(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const summary = (name: string) => ({
  Id: `id-${name}`,
  Names: [`/${name}`],
  Image: 'nginx',
  ImageID: 'sha256:1',
  Command: 'nginx',
  Created: 1,
  State: 'running',
  Status: 'Up',
  Labels: null,
});

const multiplexed = (stream: number, text: string) => {
  const bytes = encodeUtf8(text);
  return concatBytes([new Uint8Array([stream, 0, 0, 0, 0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
};

describe('requests', () => {
  it('share one connection and come in order, with a length, in chunks or empty', async () => {
    const paths: string[] = [];
    const engine = await connect(({ path }): FakeAnswer => {
      paths.push(path);
      const list = JSON.stringify([summary('web')]);
      if (path.endsWith('?all=1')) return { chunks: [list.slice(0, 9), list.slice(9)] };
      return { body: list };
    });
    const [all, running] = await Promise.all([engine.containers(true), engine.containers(false)]);
    expect(all).toEqual(running);
    expect(all[0]).toMatchObject({ Id: 'id-web', Labels: {} });
    expect(paths).toEqual(['/v1.43/containers/json?all=1', '/v1.43/containers/json']);
    expect(connections).toBe(1);
  });

  it('carry large answers through small windows', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => summary(`web${index}`));
    const engine = await connect(() => ({ body: JSON.stringify(many) }), 9);
    expect(await engine.containers(true)).toHaveLength(2000);
  });

  it('pass the words of the engine on, and go on with the same connection', async () => {
    const engine = await connect(({ path }) => (path.includes('images') ? { status: 500, body: '{"message":"disk on fire"}' } : { body: '[]' }));
    expect(await errorOf(engine.images())).toMatchObject({ code: 'DD3002', params: { status: 500, message: 'disk on fire' } });
    expect(await engine.containers(true)).toEqual([]);
    expect(connections).toBe(1);
  });

  it('tell absence from failure', async () => {
    const engine = await connect(({ path }) => ({ status: path.includes('gone') ? 404 : 500, body: '{"message":"No such container: gone"}' }));
    expect(await engine.inspectContainer('gone')).toBeNull();
    expect(await engine.inspectImage('gone')).toBeNull();
    expect(await engine.containerFile('gone', '/a')).toBeNull();
    expect(await engine.containerChanges('gone')).toBeNull();
    expect((await errorOf(engine.inspectContainer('x'))).code).toBe('DD3002');
  });

  it('tell a container that changed nothing from one that did', async () => {
    const engine = await connect(({ path }) => ({ body: path.includes('/fresh/') ? 'null' : '[{"Path":"/tmp/a","Kind":1}]' }));
    expect(await engine.containerChanges('fresh')).toEqual([]);
    expect(await engine.containerChanges('used')).toEqual([{ Path: '/tmp/a', Kind: 1 }]);
  });

  it('refuse an answer that is not what the API promises', async () => {
    const answers: FakeAnswer[] = [{ body: '[{"Id":7}]' }, { body: 'hello' }, { body: '[{"Id":"a"' }];
    for (const answer of answers) {
      const engine = await connect(() => answer);
      expect((await errorOf(engine.containers(true))).code).toBe('DD3003');
    }
  });

  it('open a new connection when the engine was restarted meanwhile', async () => {
    let served = 0;
    const engine = await connect(() => (++served === 2 ? { hangUp: true } : { body: '[]' }));
    await engine.containers(true);
    expect(await engine.containers(true)).toEqual([]);
    expect(connections).toBe(2);
  });

  it('report an engine that is not there, one that is silent and an abort, and recover', async () => {
    let silent = true;
    const engine = await connect(() => (silent ? new Promise<FakeAnswer>(() => {}) : { body: '[]' }));
    const sockets = agent.options.sockets;
    agent.options.sockets = {};
    expect(await errorOf(engine.containers(true))).toMatchObject({ code: 'DD3001', params: { reason: 'Connection refused' } });
    agent.options.sockets = sockets;
    expect((await errorOf(engine.containers(true, { timeoutMs: 5 }))).code).toBe('DD3004');
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 5);
    expect((await errorOf(engine.containers(true, { signal: abort.signal }))).code).toBe('DD2011');
    silent = false;
    expect(await engine.containers(true)).toEqual([]);
    agent.stop();
    expect((await errorOf(engine.containers(true))).code).toBe('DD2012');
  });

  it('are waited for by the clock of the client, which may stand still', async () => {
    const world = new ManualClock();
    const clock = new PausableClock(world);
    agent = new FakeAgent({ sockets: { '/run/docker.sock': fakeHttp(() => new Promise(() => undefined)) } });
    const client = new AgentClient(agent.link, { user: 'learner', clock });
    await client.hello();
    let failed: unknown;
    const asked = new EngineClient(client).containers(true, { timeoutMs: 60_000 }).catch((error: unknown) => (failed = error));
    await world.advance(59_000);
    clock.pause();
    await world.advance(86_400_000);
    clock.resume();
    await world.advance(999);
    expect(failed).toBeUndefined();
    await world.advance(1);
    await asked;
    expect(failed).toMatchObject({ code: 'DD3004' });
  });
});

describe('output of containers', () => {
  it('is separated without a terminal and plain with one', async () => {
    const body = concatBytes([multiplexed(1, 'one\n'), multiplexed(2, 'two\n'), multiplexed(1, 'three é\n')]);
    const engine = await connect(({ path }) =>
      path.includes('/tty/')
        ? { headers: { 'Content-Type': 'application/vnd.docker.raw-stream' }, body: 'plain' }
        : { headers: { 'Content-Type': 'application/vnd.docker.multiplexed-stream' }, body },
    );
    expect(await engine.logs('web')).toEqual({ stdout: 'one\nthree é\n', stderr: 'two\n' });
    expect(await engine.logs('tty')).toEqual({ stdout: 'plain', stderr: '' });
  });

  it('is an error when it is cut off', async () => {
    const engine = await connect(() => ({ body: multiplexed(1, 'hello').subarray(0, 10) }));
    expect((await errorOf(engine.logs('web'))).code).toBe('DD3003');
  });

  it('can be followed', async () => {
    const go = Promise.withResolvers<void>();
    const engine = await connect(() => ({
      chunks: (async function* () {
        yield multiplexed(1, 'GET /');
        await go.promise;
      })(),
    }));
    const abort = new AbortController();
    let calls = 0;
    const following = engine.followLogs('web', () => {
      calls += 1;
      abort.abort();
    }, abort.signal);
    await following;
    expect(calls).toBeGreaterThan(0);
    go.resolve();
  });

  it('comes with an exit code from a command in it', async () => {
    const bodies: string[] = [];
    const engine = await connect(({ path, body }): FakeAnswer => {
      bodies.push(body);
      if (path.endsWith('/web/exec')) return { status: 201, body: '{"Id":"e1"}' };
      if (path.endsWith('/start')) return { untilClose: multiplexed(1, 'root\n') };
      return { body: '{"ID":"e1","ContainerID":"web","Running":false,"ExitCode":3}' };
    });
    expect(await engine.execInContainer('web', ['id', '-un'])).toEqual({ stdout: 'root\n', stderr: '', exitCode: 3 });
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ Cmd: ['id', '-un'] });
  });
});

describe('firstFileOfTar', () => {
  const entry = (type: string, content: string) => {
    const block = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
    block.set(encodeUtf8('index.html'));
    block.set(encodeUtf8(`${content.length.toString(8).padStart(11, '0')}\0`), 124);
    block.set(encodeUtf8(type), 156);
    block.set(encodeUtf8(content), 512);
    return block;
  };

  it('skips pax headers and finds the content', () => {
    const tar = concatBytes([entry('x', '20 mtime=1.5\n'), entry('0', 'a'.repeat(700)), new Uint8Array(1024)]);
    expect(firstFileOfTar(tar)).toEqual(encodeUtf8('a'.repeat(700)));
  });

  it('knows a directory from a file, and a cut tar from both', () => {
    expect(firstFileOfTar(concatBytes([entry('5', ''), entry('0', 'x')]))).toBeNull();
    expect(() => firstFileOfTar(entry('0', 'a'.repeat(700)).subarray(0, 900))).toThrow('DD3003');
  });
});

describe('events', () => {
  it('arrive once each and go on after the engine came back', async () => {
    const event = (action: string, time: number) =>
      `${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'c1', Attributes: { name: 'web' } }, timeNano: time * 1e9 })}\n`;
    const paths: string[] = [];
    const hold = Promise.withResolvers<void>();
    const engine = await connect(({ path }): FakeAnswer => {
      paths.push(path);
      if (paths.length === 1) return { chunks: [event('create', 5).slice(0, 20), event('create', 5).slice(20), event('start', 6)] };
      if (paths.length === 2) return { status: 503, body: 'starting' };
      return {
        chunks: (async function* () {
          yield event('start', 6) + event('die', 6);
          await hold.promise;
        })(),
      };
    });
    const abort = new AbortController();
    const items: string[] = [];
    const show = (item: EventItem) => (item.kind === 'event' ? item.event.Action : item.kind === 'lost' ? item.error.code : item.kind);
    const transportEvents = engine.events(abort.signal, [1]);
    for await (const item of transportEvents) {
      items.push(show(item));
      if (items.at(-1) === 'die') abort.abort();
    }
    expect(items).toEqual(['connected', 'create', 'start', 'DD3001', 'DD3002', 'connected', 'die']);
    expect(paths).toEqual(['/v1.43/events', '/v1.43/events?since=6', '/v1.43/events?since=6']);
    hold.resolve();
  });
});
