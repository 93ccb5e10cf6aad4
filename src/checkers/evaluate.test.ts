import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../guest/bytes.ts';
import { containerInspectSchema, networkSchema, volumeSchema } from '../guest/engine/schemas.ts';
import { DrydockError } from '../shared/errors.ts';
import { evaluateTask, type TaskResult } from './evaluate.ts';
import { History } from './history.ts';
import { type GuestReader, Look } from './look.ts';
import { taskSchema } from './schema.ts';
import { FakeEngine } from './testing/fake-engine.ts';

const engine = new FakeEngine(['nginx', 'debian', 'registry:5000/team/app']);
engine.run({ image: 'nginx', name: 'web', detached: true, ports: { '80/tcp': '8080' }, env: ['A=1', 'B=x=y'], command: ['nginx', '-g', 'daemon off;'] });
engine.exec('web', 'x', '/etc/motd', 'hello\nworld\n');
engine.log('web', 'ready\n');
engine.run({ image: 'debian', name: 'old', command: ['sleep', '9'] });
engine.exit('old', 137);
engine.networkList.push(networkSchema.parse({ Id: 'n1', Name: 'shop', Driver: 'bridge', Labels: null }));
engine.volumeList.push(volumeSchema.parse({ Name: 'data', Driver: 'local', Mountpoint: '/x', Labels: null }));
engine.execResult = { stdout: 'www-data\n', stderr: '', exitCode: 0 };
const plainInspect = engine.inspectContainer.bind(engine);
engine.inspectContainer = async (id) => {
  const inspect = await plainInspect(id);
  return containerInspectSchema.parse({
    ...inspect,
    HostConfig: { ...inspect?.HostConfig, Memory: 64 << 20, RestartPolicy: { Name: 'always' } },
    State: { ...inspect?.State, Health: { Status: 'healthy' } },
    Mounts: [{ Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', Destination: '/data', RW: false }],
  });
};

const guest: GuestReader = {
  readFile: async (path) => {
    if (path === '/home/learner/Dockerfile') return encodeUtf8('# mine\nFROM debian\n');
    const errno = path === '/root/x' ? 'EACCES' : 'ENOENT';
    throw new DrydockError('channel-refused', { what: path, errno, message: errno });
  },
  exec: async (argv) => ({ exitCode: argv[0] === 'true' ? 0 : 2, stdout: 'out', stderr: 'broken', stdoutBytes: new Uint8Array() }),
};

async function look(assertion: Record<string, unknown>): Promise<TaskResult> {
  const fail = { en: String(assertion['fail'] ?? 'no'), 'zh-cn': '否' };
  const text = { en: 'x', 'zh-cn': 'x' };
  const task = taskSchema.parse({ id: 't', title: text, solution: { commands: 'x', explanation: text }, assertions: [{ id: 'a', ...assertion, fail }] });
  return evaluateTask(task, new Look(engine, guest, new History(), new AbortController().signal));
}

const has = (condition: Record<string, unknown>) => ({ look: 'container', where: { name: 'web' }, expect: { has: condition } });

describe('conditions on containers', () => {
  it.each([
    [{ state: ['running'] }, { state: ['exited', 'paused'] }],
    [{ tty: false }, { tty: true }],
    [{ stdin: false }, { stdin: true }],
    [{ detached: true }, { detached: false }],
    [{ autoRemove: false }, { autoRemove: true }],
    [{ commandMatches: '^nginx ' }, { commandMatches: '^apache' }],
    [{ env: { B: 'x=y', A: '1' } }, { env: { A: '1', C: '2' } }],
    [{ user: '' }, { user: 'root' }],
    [{ workingDir: '' }, { workingDir: '/srv' }],
    [{ port: { container: 80, host: 8080 } }, { port: { container: 8080, host: 80 } }],
    [{ port: { container: 80 } }, { port: { container: 80, protocol: 'udp' } }],
    [{ mount: { destination: '/data', source: 'data', readOnly: true } }, { mount: { destination: '/data', readOnly: false } }],
    [{ mount: { destination: '/data', type: 'volume' } }, { mount: { destination: '/data', type: 'bind' } }],
    [{ network: 'bridge' }, { network: 'shop' }],
    [{ restartPolicy: 'always' }, { restartPolicy: 'no' }],
    [{ memoryBytes: 64 << 20 }, { memoryBytes: 0 }],
    [{ nanoCpus: 0 }, { nanoCpus: 1 }],
    [{ health: 'healthy' }, { health: 'starting' }],
  ])('%j holds, %j does not', async (right, wrong) => {
    expect(await look(has(right))).toEqual({ kind: 'pass' });
    expect(await look(has(wrong))).toMatchObject({ kind: 'fail' });
    expect(await look({ look: 'container', where: { name: 'web', ...right }, expect: 'exists' })).toEqual({ kind: 'pass' });
  });

  it('know an exit code only of what has ended', async () => {
    expect(await look(has({ exitCode: 0 }))).toMatchObject({ kind: 'fail' });
    expect(await look({ look: 'container', where: { name: 'old' }, expect: { has: { exitCode: 137 } } })).toEqual({ kind: 'pass' });
  });

  it('fill the message with what the newest match is like', async () => {
    const fail = '{count}: {name} from {image} is {state}, {exitCode}, {command}, {ports}';
    expect(await look({ look: 'container', where: { image: 'debian' }, expect: 'absent', fail })).toMatchObject({
      reason: { en: '1: old from debian is exited, 137, sleep 9, -' },
    });
  });
});

describe('image names', () => {
  it.each(['nginx', 'nginx:latest', 'docker.io/library/nginx'])('%s is nginx', async (image) => {
    expect(await look({ look: 'container', where: { image }, expect: { count: { min: 1, max: 1 } } })).toEqual({ kind: 'pass' });
  });

  it.each(['ngin', 'nginx:1', 'me/nginx'])('%s is not', async (image) => {
    expect(await look({ look: 'container', where: { image }, expect: 'absent' })).toEqual({ kind: 'pass' });
  });

  it('may be ids', async () => {
    const byId = new FakeEngine(['nginx']);
    const id = (await byId.images())[0]?.Id ?? '';
    byId.run({ image: id.slice(7, 19), name: 'web' });
    const task = taskSchema.parse({
      id: 't',
      title: { en: 'x', 'zh-cn': 'x' },
      solution: { commands: 'x', explanation: { en: 'x', 'zh-cn': 'x' } },
      assertions: [{ id: 'a', look: 'container', where: { image: 'nginx' }, expect: 'exists', fail: { en: 'x', 'zh-cn': 'x' } }],
    });
    expect(await evaluateTask(task, new Look(byId, guest, new History(), new AbortController().signal))).toEqual({ kind: 'pass' });
  });
});

describe('other looks', () => {
  it.each([
    [{ look: 'image', where: { name: 'nginx' }, expect: 'exists' }, { look: 'image', where: { name: 'redis' }, expect: 'exists' }],
    [{ look: 'network', where: { name: 'shop', driver: 'bridge' }, expect: 'exists' }, { look: 'network', where: { name: 'shop', driver: 'host' }, expect: 'exists' }],
    [{ look: 'volume', where: { name: 'other' }, expect: 'absent' }, { look: 'volume', where: { name: 'data' }, expect: 'absent' }],
    [{ look: 'container-log', where: { name: 'web' }, expect: { contains: 'ready' } }, { look: 'container-log', where: { name: 'web' }, expect: { lacks: '^ready$' } }],
    [{ look: 'container-file', where: { name: 'web' }, path: '/etc/motd', expect: { matches: '^world$' } }, { look: 'container-file', where: { name: 'web' }, path: '/none', expect: 'exists' }],
    [{ look: 'container-file', where: { name: 'web' }, path: '/none', expect: 'absent' }, { look: 'container-file', where: { name: 'none' }, path: '/none', expect: 'absent' }],
    [
      { look: 'container-exec', where: { name: 'web' }, command: ['id', '-un'], expect: { outputMatches: '^www-data$' } },
      { look: 'container-exec', where: { name: 'old' }, command: ['id', '-un'], expect: {} },
    ],
    [{ look: 'file', path: '/home/learner/Dockerfile', expect: { matches: '^FROM' } }, { look: 'file', path: '/none', expect: 'exists' }],
    [{ look: 'file', path: '/none', expect: 'absent' }, { look: 'file', path: '/home/learner/Dockerfile', expect: { contains: 'RUN' } }],
    [{ look: 'command', command: ['true'], expect: {} }, { look: 'command', command: ['false'], expect: {} }],
  ])('%j passes, %j does not', async (right, wrong) => {
    expect(await look(right)).toEqual({ kind: 'pass' });
    expect(await look(wrong)).toMatchObject({ kind: 'fail', assertion: 'a', open: false });
  });

  it('show what a command said', async () => {
    expect(await look({ look: 'command', command: ['false'], expect: {}, fail: '{exitCode}: {output}' })).toMatchObject({ reason: { en: '2: broken' } });
  });

  it('tell a file that must not be read from one that is not there', async () => {
    expect(await look({ look: 'file', path: '/root/x', expect: 'absent' })).toMatchObject({ kind: 'error', error: { code: 'DD4004' } });
  });
});
