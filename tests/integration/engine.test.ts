/** What lessons do with Docker, on the real engine: run, publish, build, compose, fail like a machine without Internet. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventItem } from '../../src/guest/engine/events.ts';
import { parseHelp, readDockerClient } from '../../src/site/lib/docker-client.ts';
import { dockerClientOf } from '../support/docker-client.ts';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';

let machine: TestMachine;
let terminal: Terminal;

beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine?.stop());

// A test that fails leaves its shell wherever that was, and its containers; the next one must not stumble over them.
beforeEach(async () => {
  terminal = await Terminal.open(machine.agent);
});
afterEach(async ({ task }) => {
  terminal?.close();
  if (task.result?.state === 'fail') await machine.learner('docker ps -aq | xargs -r docker rm -f');
});

const containers = () => machine.engine.containers(true);

/** Follows the engine's events until `end`. */
function record(): { items: EventItem[]; actions: () => string[]; end: () => Promise<void> } {
  const items: EventItem[] = [];
  const abort = new AbortController();
  const following = (async () => {
    for await (const item of machine.engine.events(abort.signal)) items.push(item);
  })();
  return {
    items,
    actions: () => items.flatMap((item) => (item.kind === 'event' && item.event.Type === 'container' ? [item.event.Action] : [])),
    async end() {
      abort.abort();
      await following;
    },
  };
}

describe('the client', () => {
  it('understands what lessons are checked against', async () => {
    const ask = dockerClientOf(machine);
    const { versions, commands } = readDockerClient();
    const stale = 'src/site/lib/docker-client.json is of another client than the image has: run npm run vm:client, and commit it';
    expect(await machine.learner(`docker version --format '{{.Client.Version}}'`), stale).toBe(versions.client);
    // Of one version all help is the same, and a unit test holds the versions against the locked packages; one command of the
    // client and one of a plugin show that it was read right. To ask them all takes half an hour.
    for (const command of ['image ls', 'compose']) {
      expect(parseHelp(await ask([command, '--help'])).options, `docker ${command}: ${stale}`).toBe(commands[command]);
    }
  });
});

describe('containers', () => {
  it.each([
    ['that was never started', 'create'],
    ['that runs', 'run -d'],
  ])('get files from outside, also through links and into volumes: one %s', async (_, how) => {
    await terminal.succeed(`docker ${how} --name kept -v data:/data busybox sleep 1000`);
    await terminal.succeed("mkdir -p bag/deep && echo hi > bag/note && chmod 751 bag/note && ln -sf note bag/deep/link");
    await terminal.succeed('docker cp bag kept:/tmp && docker cp bag/note kept:/data && docker cp bag/deep/link kept:/');
    expect(await terminal.run('docker cp kept:/tmp/bag - | tar t')).toBe('bag/\nbag/deep/\nbag/deep/link\nbag/note');
    expect(await terminal.run("docker cp kept:/data/note - | tar tv | cut -c 1-10")).toBe('-rwxr-x--x');
    expect(await terminal.run('docker cp bag/note kept:/nosuch/place/note')).toContain('Could not find the file /nosuch/place');
    await terminal.succeed('docker rm -f kept && docker volume rm data && rm -r bag');
  });

  it('run hello-world, which tells what happened, and the events tell its life', async () => {
    const events = record();
    await eventually(() => expect(events.items).toContainEqual({ kind: 'connected' }));
    const printed = await terminal.succeed('docker run hello-world');
    expect(printed).toContain('Hello from a container!');
    expect(printed).toContain('你好，这里是容器！');
    await eventually(() => expect(events.actions()).toEqual(expect.arrayContaining(['create', 'start', 'die'])));
    const order = events.actions().filter((action) => ['create', 'start', 'die'].includes(action));
    expect(order).toEqual(['create', 'start', 'die']);
    expect(await containers()).toMatchObject([{ Image: 'hello-world', State: 'exited' }]);
    expect(await terminal.run('docker ps -a --format "{{.Status}}"')).toMatch(/^Exited \(0\) /);
    await terminal.succeed('docker rm -v $(docker ps -aq)');
    await eventually(() => expect(events.actions()).toContain('destroy'));
    await events.end();
  });

  it('give a shell in busybox at a terminal', async () => {
    expect(await terminal.run('docker run -it --rm busybox')).toContain('BusyBox v1.');
    expect((await terminal.run('ps')).split('\n').map((line) => line.trim().split(/\s+/).slice(0, 1)[0])).toEqual(['PID', '1', expect.stringMatching(/^\d+$/)]);
    expect(await terminal.run('hostname')).toMatch(/^[0-9a-f]{12}$/);
    expect(await terminal.run('stty size')).toBe('50 240');
    const kernel = await terminal.run('uname -r');
    await terminal.run('exit');
    expect(await terminal.run('uname -r')).toBe(kernel);
    expect(await containers()).toEqual([]);
  });

  it('run nginx in the background, reachable on localhost', async () => {
    expect(await terminal.succeed('docker run -d --name web -p 8080:80 nginx')).toMatch(/^[0-9a-f]{64}$/);
    const page = await terminal.succeed('curl -sS localhost:8080');
    expect(page).toMatch(/<html/i);
    expect(await terminal.run('curl -so /dev/null -w "%{http_code}" 127.0.0.1:8080/nothing; echo')).toBe('404');
    expect(await terminal.run('docker port web')).toContain('80/tcp -> 0.0.0.0:8080');
    const address = await terminal.run("docker inspect -f '{{.NetworkSettings.IPAddress}}' web");
    expect(await terminal.succeed(`curl -sS ${address}`)).toBe(page);
  });

  it('execute commands, keep logs, stop in good order and are removed', async () => {
    expect(await terminal.succeed('docker exec web ls /usr/share/nginx/html')).toBe('50x.html\nindex.html');
    expect(await terminal.succeed("docker exec web sh -c 'echo Ahoy > /usr/share/nginx/html/index.html'")).toBe('');
    expect(await terminal.succeed('curl -sS localhost:8080')).toBe('Ahoy');
    const log = await terminal.succeed('docker logs web');
    expect(log).toMatch(/"GET \/ HTTP\/1\.1" 200 /);
    expect(log).toMatch(/"GET \/nothing HTTP\/1\.1" 404 /);
    await terminal.run('docker exec -it web bash');
    expect(await terminal.run('cat /proc/1/comm')).toBe('nginx');
    await terminal.run('exit');
    expect(await terminal.succeed('docker stop web')).toBe('web');
    expect((await machine.engine.inspectContainer('web'))?.State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    expect(await terminal.run('curl -sS localhost:8080')).toContain('Failed to connect');
    expect(await terminal.succeed('docker rm web')).toBe('web');
    expect(await containers()).toEqual([]);
  });

  it('show a Debian inside', async () => {
    expect(await terminal.succeed('docker run --rm debian cat /etc/os-release')).toContain('Debian GNU/Linux 13 (trixie)');
  });

  it('run with runc, with an init and with limits as well', async () => {
    const limited = 'docker run --rm --runtime runc --init --memory 64m --cpus 0.5 busybox sh -c "cat /proc/1/comm /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max"';
    expect(await terminal.succeed(limited)).toBe('docker-init\n67108864\n50000 100000');
  });

  it('give their exit code on, also where the program is missing', async () => {
    expect(await terminal.run('docker run --rm busybox sh -c "exit 42"; echo "<$?>"')).toBe('<42>');
    expect(await terminal.run('docker run --rm --runtime runc busybox no-such-program; echo "<$?>"')).toMatch(/no-such-program[^]*not found[^]*\n<127>$/);
    // crun words it otherwise ("No such file", with a capital), which the client takes for a failure of the engine: seen on any host.
    expect(await terminal.run('docker run --rm busybox no-such-program; echo "<$?>"')).toMatch(/no-such-program[^]*not found[^]*\n<125>$/);
  });

  it('share volumes and a network, and find each other by name', async () => {
    await terminal.succeed('docker network create lab');
    await terminal.succeed('docker run -d --name server --network lab -v data:/var/www busybox httpd -f -h /var/www');
    expect(await terminal.succeed('docker run --rm -v data:/data busybox sh -c "echo kept > /data/index.html"')).toBe('');
    expect(await terminal.succeed('docker run --rm --network lab busybox wget -qO- server')).toBe('kept');
    expect((await machine.engine.networks()).map((network) => network.Name)).toEqual(expect.arrayContaining(['bridge', 'host', 'none', 'lab']));
    expect((await machine.engine.volumes()).map((volume) => volume.Name)).toEqual(['data']);
    await terminal.succeed('docker rm -f server');
    await terminal.succeed('docker network rm lab');
    await terminal.succeed('docker volume rm data');
  });
});

describe('docker build', () => {
  it('builds with BuildKit, without a network', async () => {
    await machine.learner('mkdir -p app');
    await machine.agent.writeFile(`${machine.manifest.guest.home}/app/Dockerfile`, 'FROM busybox\nRUN echo built > /built\n');
    await terminal.succeed('docker build -t app app');
    expect(await terminal.succeed('docker run --rm app cat /built')).toBe('built');
    const [base, built] = await Promise.all([machine.engine.inspectImage('busybox'), machine.engine.inspectImage('app')]);
    expect(built?.RootFS.Layers.slice(0, -1)).toEqual(base?.RootFS.Layers);
  });
});

describe('docker compose', () => {
  it('brings services up and down', async () => {
    await machine.learner('mkdir -p stack');
    await machine.agent.writeFile(
      `${machine.manifest.guest.home}/stack/compose.yaml`,
      'services:\n  worker:\n    image: busybox\n    init: true\n    command: sleep 3600\n',
    );
    await terminal.succeed('cd stack');
    await terminal.succeed('docker compose up -d');
    expect(await containers()).toMatchObject([{ Names: ['/stack-worker-1'], State: 'running' }]);
    expect((await machine.engine.networks()).map((network) => network.Name)).toContain('stack_default');
    expect(await terminal.succeed('docker compose ps --format "{{.Service}} {{.State}}"')).toBe('worker running');
    await terminal.succeed('docker compose down');
    await terminal.succeed('cd');
    expect(await containers()).toEqual([]);
    expect((await machine.engine.networks()).map((network) => network.Name)).not.toContain('stack_default');
  });
});

describe('without Internet', () => {
  it('an unknown image is refused at once, in the words of a machine that is cut off', async () => {
    const printed = await terminal.run('docker run nosuch; echo "<$?>"', { timeoutMs: 60_000 });
    expect(printed).toContain("Unable to find image 'nosuch:latest' locally");
    expect(printed).toMatch(/no such host|failed to resolve/);
    expect(printed).toMatch(/<125>$/);
  });

  it('a name cannot be resolved, an address cannot be reached', async () => {
    expect(await terminal.run('curl http://example.com; echo "<$?>"', { timeoutMs: 60_000 })).toMatch(/Could not resolve host: example\.com\n<6>$/);
    expect(await terminal.run('curl http://192.0.2.1; echo "<$?>"', { timeoutMs: 60_000 })).toMatch(/<7>$/);
    expect(await terminal.run('docker run --rm busybox wget -T 20 -qO- http://example.com; echo "<$?>"')).toMatch(/bad address[^]*<1>$/);
  });
});

describe('a restart of the engine', () => {
  it('by the learner is survived by the client and its event stream', async () => {
    await terminal.succeed('docker run -d --name steady --restart always busybox sleep 3600');
    const events = record();
    await eventually(() => expect(events.items).toContainEqual({ kind: 'connected' }));
    await terminal.succeed('sudo systemctl restart docker');
    await eventually(() => expect(events.items.filter((item) => item.kind === 'connected').length).toBeGreaterThan(1));
    expect(events.items.map((item) => item.kind)).toContain('lost');
    await eventually(async () => expect(await containers()).toMatchObject([{ Names: ['/steady'], State: 'running' }]));
    await terminal.succeed('docker rm -f steady');
    await eventually(() => expect(events.actions()).toContain('destroy'));
    await events.end();
    expect(await machine.learner('systemctl --failed --plain --no-legend --no-pager')).toBe('');
  });

  it('that stops it altogether is told as such, and `start` mends it', async () => {
    await terminal.succeed('sudo systemctl stop docker.socket docker');
    await expect(machine.engine.containers(true)).rejects.toMatchObject({ kind: 'engine-unreachable' });
    expect(await terminal.run('docker ps')).toContain('Cannot connect to the Docker daemon');
    await terminal.succeed('sudo systemctl start docker.socket docker');
    expect(await containers()).toEqual([]);
  });
});
