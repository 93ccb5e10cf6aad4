import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../guest/bytes.ts';
import { containerInspectSchema, imageHistorySchema, imageInspectSchema, networkSchema, volumeSchema } from '../guest/engine/schemas.ts';
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
engine.networkList.push(
  networkSchema.parse({ Id: 'n1', Name: 'shop', Driver: 'bridge', Internal: true, Labels: { tier: 'back' }, IPAM: { Config: [{ Subnet: '172.20.0.0/16' }] } }),
);
engine.connected.set('n1', ['web', 'db']);
engine.volumeList.push(volumeSchema.parse({ Name: 'data', Driver: 'local', Mountpoint: '/x', Labels: { keep: 'yes' } }));
const images = await engine.images();
const [nginx = '', debian = '', app = ''] = images.map(({ Id }) => Id);
images[2]?.RepoDigests.push(`registry:5000/team/app@sha256:${'b'.repeat(64)}`);
const plainImage = { RepoTags: [], Architecture: '386', Size: 1 };
engine.imageDetails.set(debian, { inspect: imageInspectSchema.parse({ ...plainImage, Id: debian, RootFS: { Layers: ['l1'] }, Config: null }), history: [] });
engine.imageDetails.set(nginx, { inspect: imageInspectSchema.parse({ ...plainImage, Id: nginx, RootFS: { Layers: ['l2', 'l1'] }, Config: null }), history: [] });
engine.imageDetails.set(app, {
  inspect: imageInspectSchema.parse({
    ...plainImage,
    Id: app,
    RootFS: { Layers: ['l1', 'l3', 'l4'] },
    Config: {
      Cmd: ['-v'],
      Entrypoint: ['/app'],
      Env: ['PATH=/bin', 'MODE=fast'],
      User: 'nobody',
      WorkingDir: '/srv',
      ExposedPorts: { '80/tcp': {} },
      Volumes: { '/data': {} },
      Healthcheck: { Test: ['CMD', 'wget', '-q', 'localhost'] },
      StopSignal: 'SIGQUIT',
      OnBuild: ['COPY . .'],
    },
  }),
  history: imageHistorySchema.parse([{ Id: app, CreatedBy: 'CMD ["-v"]', Size: 0 }, { Id: '<missing>', CreatedBy: 'COPY app /app # buildkit', Size: 9 }]),
});
engine.execResult = { stdout: 'www-data\n', stderr: '', exitCode: 0 };
const plainInspect = engine.inspectContainer.bind(engine);
engine.inspectContainer = async (id) => {
  const inspect = await plainInspect(id);
  return containerInspectSchema.parse({
    ...inspect,
    RestartCount: 2,
    Config: { ...inspect?.Config, Hostname: 'harbour' },
    HostConfig: {
      ...inspect?.HostConfig,
      Memory: 64 << 20,
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
      PidsLimit: 20,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
      CapAdd: ['CAP_NET_ADMIN'],
      CapDrop: ['all'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/run': 'size=1m,ro' },
    },
    State: { ...inspect?.State, OOMKilled: true, Health: { Status: 'healthy' } },
    Mounts: [{ Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', Destination: '/data', RW: false }],
  });
};

const blob = `/v2/library/whoami/blobs/sha256:${'a'.repeat(64)}`;

engine.registryConfig.mirrors.push('http://one.example/', 'https://two.example:5000/');
engine.registryConfig.insecure.push('harbour:5000');
engine.daemonLabels.push('deck=upper', 'sea=baltic');
engine.liveRestore = true;

const guest: GuestReader = {
  readFile: async (path) => {
    if (path === '/home/learner/Dockerfile') return encodeUtf8('# mine\nFROM debian\n');
    const errno = path === '/root/x' ? 'EACCES' : 'ENOENT';
    throw new DrydockError('channel-refused', { what: path, errno, message: errno });
  },
  listDir: async (path) => {
    if (path === '/root') throw new DrydockError('channel-refused', { what: path, errno: 'EACCES', message: 'EACCES' });
    if (path !== '/home/learner') throw new DrydockError('channel-refused', { what: path, errno: 'ENOENT', message: 'ENOENT' });
    const modified = new Date(0);
    return [
      { name: 'Dockerfile', type: 'file', mode: 0o100640, size: 19, modified },
      { name: 'app', type: 'directory', mode: 0o40755, size: 4096, modified },
    ];
  },
  exec: async (argv) => ({ exitCode: argv[0] === 'true' ? 0 : 2, stdout: 'out', stderr: 'broken', stdoutBytes: new Uint8Array() }),
};

const history = new History();
history.add({ Type: 'container', Action: 'health_status: healthy', Actor: { ID: 'c1', Attributes: { name: 'web', image: 'nginx' } }, timeNano: 1 });
history.addRequest({ host: 'one.example', path: '/v2/library/whoami/manifests/v1', status: 200, bytes: 500, complete: true });
history.addRequest({ host: 'one.example', path: blob, status: 200, bytes: 1000, complete: true });
history.addRequest({ host: 'broken.example', path: blob, status: 200, bytes: 9000, complete: false });

async function look(assertion: Record<string, unknown>): Promise<TaskResult> {
  const fail = { en: String(assertion['fail'] ?? 'no'), 'zh-cn': '否' };
  const text = { en: 'x', 'zh-cn': 'x' };
  const task = taskSchema.parse({ id: 't', title: text, solution: { commands: 'x', explanation: text }, assertions: [{ id: 'a', ...assertion, fail }] });
  return evaluateTask(task, new Look(engine, guest, history, new AbortController().signal));
}

const asked = (where: Record<string, unknown>) => ({ look: 'registry-request', where, expect: 'exists' });

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
    [{ port: { container: 80, address: '' } }, { port: { container: 80, address: '127.0.0.1' } }],
    [{ logOptions: { 'max-size': '1m' } }, { logOptions: { 'max-size': '1m', 'max-file': '2' } }],
    [{ mount: { destination: '/data', source: 'data', readOnly: true } }, { mount: { destination: '/data', readOnly: false } }],
    [{ mount: { destination: '/data', type: 'volume' } }, { mount: { destination: '/data', type: 'bind' } }],
    [{ network: 'bridge' }, { network: 'shop' }],
    [{ mount: { destination: '/run', type: 'tmpfs', readOnly: true } }, { mount: { destination: '/run', readOnly: false } }],
    [{ networkMode: 'bridge' }, { networkMode: 'host' }],
    [{ restartPolicy: 'on-failure', maximumRetries: 3 }, { restartPolicy: 'no' }],
    [{ restarts: { min: 2 } }, { restarts: { max: 1 } }],
    [{ hostname: 'harbour' }, { hostname: 'drydock' }],
    [{ pidsLimit: 20 }, { pidsLimit: 0 }],
    [{ oomKilled: true }, { oomKilled: false }],
    [{ readOnly: true }, { readOnly: false }],
    [{ privileged: false }, { privileged: true }],
    [{ capAdd: ['net_admin'] }, { capAdd: ['NET_ADMIN', 'SYS_TIME'] }],
    [{ capDrop: ['ALL'] }, { capDrop: ['CHOWN'] }],
    [{ securityOpt: 'no-new-privileges:true' }, { securityOpt: 'seccomp=unconfined' }],
    [{ pidMode: '' }, { pidMode: 'host' }],
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

  it('know the exit code of one that could not be started, which stays created', async () => {
    const failing = new FakeEngine(['busybox']);
    failing.run({ image: 'busybox', name: 'clock', command: ['daet'] });
    const inspectRunning = failing.inspectContainer.bind(failing);
    const task = (exitCode: number) => {
      const text = { en: 'x', 'zh-cn': 'x' };
      const assertion = { id: 'a', look: 'container', where: { name: 'clock', exitCode }, expect: 'exists', fail: text };
      return taskSchema.parse({ id: 't', title: text, solution: { commands: 'x', explanation: text }, assertions: [assertion] });
    };
    const lookFor = async (wanted: number, real: number) => {
      failing.inspectContainer = async (id) => {
        const inspect = await inspectRunning(id);
        return inspect === null ? null : { ...inspect, State: { ...inspect.State, Status: 'created', ExitCode: real } };
      };
      return evaluateTask(task(wanted), new Look(failing, guest, new History(), new AbortController().signal));
    };
    expect(await lookFor(127, 127)).toEqual({ kind: 'pass' });
    expect(await lookFor(0, 0)).toMatchObject({ kind: 'fail' });
  });

  it('fill the message with what the newest match is like', async () => {
    const fail = '{count}: {name} from {image} is {state}, {exitCode}, {command}, {ports}';
    expect(await look({ look: 'container', where: { image: 'debian' }, expect: 'absent', fail })).toMatchObject({
      reason: { en: '1: old from debian is exited, 137, sleep 9, -' },
    });
  });
});

describe('conditions on images', () => {
  const name = 'registry:5000/team/app';
  it.each([
    [{ layers: { min: 3 } }, { layers: { max: 2 } }],
    [{ basedOn: 'debian' }, { basedOn: 'nginx' }],
    [{ shares: { with: 'debian', min: 1 } }, { shares: { with: 'nginx', min: 1 } }],
    [{ sameAs: name }, { sameAs: 'nginx' }],
    [{ sizeBytes: { max: 1 } }, { sizeBytes: { min: 2 } }],
    [{ command: ['-v'] }, { command: [] }],
    [{ entrypoint: ['/app'] }, { entrypoint: ['/bin/sh', '-c', '/app'] }],
    [{ env: { MODE: 'fast' } }, { env: { MODE: 'slow' } }],
    [{ user: '65534' }, { user: '' }],
    [{ workingDir: '/srv' }, { workingDir: '' }],
    [{ exposes: '80/tcp' }, { exposes: '80/udp' }],
    [{ volume: '/data' }, { volume: '/srv' }],
    [{ healthcheck: true }, { healthcheck: false }],
    [{ healthcheckMatches: '^CMD wget' }, { healthcheckMatches: 'curl' }],
    [{ stopSignal: 'SIGQUIT' }, { stopSignal: 'SIGTERM' }],
    [{ onBuild: true }, { onBuild: false }],
    [{ historyMatches: '^COPY ' }, { historyMatches: '^RUN ' }],
    [{ historyLacks: '^RUN ' }, { historyLacks: '^COPY ' }],
  ])('%j holds, %j does not', async (right, wrong) => {
    expect(await look({ look: 'image', where: { name }, expect: { has: right } })).toEqual({ kind: 'pass' });
    expect(await look({ look: 'image', where: { name }, expect: { has: wrong } })).toMatchObject({ kind: 'fail' });
    expect(await look({ look: 'image', where: { name, ...wrong }, expect: 'absent' })).toEqual({ kind: 'pass' });
  });

  it('fill the message', async () => {
    const fail = '{name}: {layers} layers, {entrypoint} {command}, {user} in {workingDir}, {env}';
    expect(await look({ look: 'image', where: { name }, expect: 'absent', fail })).toMatchObject({
      reason: { en: 'registry:5000/team/app: 3 layers, ["/app"] ["-v"], nobody in /srv, PATH=/bin MODE=fast' },
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
    [{ look: 'network', where: { internal: true, subnet: '172.20.0.0/16' }, expect: 'exists' }, { look: 'network', where: { subnet: '172.21.0.0/16' }, expect: 'exists' }],
    [{ look: 'network', where: { connected: ['web', 'db'] }, expect: 'exists' }, { look: 'network', where: { connected: ['web', 'x'] }, expect: 'exists' }],
    [{ look: 'network', where: { label: { tier: 'back' } }, expect: 'exists' }, { look: 'network', where: { label: { tier: 'front' } }, expect: 'exists' }],
    [{ look: 'volume', where: { driver: 'local', label: { keep: 'yes' } }, expect: 'exists' }, { look: 'volume', where: { label: { keep: 'no' } }, expect: 'exists' }],
    [{ look: 'daemon', expect: { has: { mirrors: ['one.example', 'two.example'] } } }, { look: 'daemon', expect: { has: { mirrors: ['two.example', 'one.example'] } } }],
    [{ look: 'daemon', expect: { has: { mirror: 'two.example' } } }, { look: 'daemon', expect: { has: { mirror: 'three.example' } } }],
    [{ look: 'daemon', expect: { has: { insecure: 'harbour:5000' } } }, { look: 'daemon', expect: { has: { insecure: 'docker.io' } } }],
    [{ look: 'daemon', expect: { has: { secure: 'docker.io' } } }, { look: 'daemon', expect: { has: { secure: 'harbour:5000' } } }],
    [{ look: 'daemon', expect: { has: { labels: ['sea=baltic', 'deck=upper'] } } }, { look: 'daemon', expect: { has: { labels: ['deck=upper'] } } }],
    [{ look: 'daemon', expect: { has: { liveRestore: true } } }, { look: 'daemon', expect: { has: { liveRestore: false } } }],
    [asked({ host: 'one.example', kind: 'blob', minBytes: 1000 }), asked({ host: 'one.example', kind: 'blob', minBytes: 1001 })],
    [asked({ kind: 'manifest', name: 'library/whoami', reference: 'v1', status: 200 }), asked({ kind: 'manifest', reference: 'v2' })],
    [{ ...asked({ host: 'broken.example' }), expect: 'absent' }, { ...asked({ host: 'one.example' }), expect: { count: { min: 3 } } }],
    [{ look: 'image', where: { dangling: true }, expect: 'absent' }, { look: 'image', where: { dangling: false }, expect: 'absent' }],
    [{ look: 'image', where: { digestOf: 'registry:5000/team/app' }, expect: 'exists' }, { look: 'image', where: { digestOf: 'nginx' }, expect: 'exists' }],
    [{ look: 'event', where: { action: 'health_status', name: 'web' }, expect: 'exists' }, { look: 'event', where: { action: 'health_status', name: 'db' }, expect: 'exists' }],
    [{ look: 'event', where: { action: 'health_status: healthy' }, expect: 'exists' }, { look: 'event', where: { action: 'health_status: unhealthy' }, expect: 'exists' }],
    [{ look: 'container', where: { compose: { project: 'shop' } }, expect: 'absent' }, { look: 'container', where: { compose: { project: 'shop', service: 'web' } }, expect: 'exists' }],
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
    [{ look: 'file', path: '/home/learner/Dockerfile', expect: { has: { mode: '0640', sizeBytes: { max: 19 } } } }, { look: 'file', path: '/home/learner/Dockerfile', expect: { has: { mode: '0644' } } }],
    [{ look: 'file', path: '/home/learner/app', expect: { has: { type: 'directory' } } }, { look: 'file', path: '/home/learner/app', expect: 'exists' }],
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
