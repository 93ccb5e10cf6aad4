/** The machine as a learner finds it: the engine runs, the tools are there, and no two restored machines are twins. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';

let machine: TestMachine;
let firstDraw: Draw;

beforeAll(async () => {
  machine = await startMachine();
  firstDraw = await draw(machine);
  await machine.learner(`docker rm ${firstDraw.container}`);
});
afterAll(() => machine?.stop());

interface Draw {
  bytes: string;
  uuid: string;
  container: string;
}

/** What a machine that has just been restored makes up. */
async function draw(restored: TestMachine): Promise<Draw> {
  return {
    bytes: await restored.learner('head -c 16 /dev/urandom | od -An -tx1'),
    uuid: await restored.learner('cat /proc/sys/kernel/random/uuid'),
    container: await restored.learner('docker create hello-world'),
  };
}

/** Seconds by which the guest's clock may differ from ours: it is read by a command that itself takes time. */
const clockTolerance = 5;

describe('the clock', () => {
  it('is right after the restore', async () => {
    const before = Date.now() / 1000;
    const guest = Number(await machine.learner('date +%s.%N'));
    expect(guest).toBeGreaterThan(before - clockTolerance);
    expect(guest).toBeLessThan(Date.now() / 1000 + clockTolerance);
  });
});

describe('the engine', () => {
  it('is Docker 28 and answers the client', async () => {
    const { server, client } = JSON.parse(await machine.learner(`docker version --format '{"server":"{{.Server.Version}}","client":"{{.Client.Version}}"}'`));
    expect(server).toMatch(/^28\./);
    expect(client).toMatch(/^\d+\.\d+\.\d+/);
    expect(server).toBe(machine.manifest.guest.engineVersion);
    expect((await machine.engine.version()).Version).toBe(server);
  });

  it('uses crun with runc beside it, overlay2 and cgroup v2', async () => {
    const info = await machine.engine.info();
    expect(info).toMatchObject({ DefaultRuntime: 'crun', Driver: 'overlay2', CgroupVersion: '2', CgroupDriver: 'cgroupfs' });
    expect(Object.keys(Object(info['Runtimes']))).toEqual(expect.arrayContaining(['crun', 'runc']));
    expect(await machine.learner('stat -fc %T /sys/fs/cgroup')).toBe('cgroup2fs');
    expect(info.KernelVersion).toBe(machine.manifest.guest.kernelVersion);
  });

  it('says nothing of an API on TCP, and nothing listens on TCP', async () => {
    const info = await machine.learner('docker info 2>&1');
    expect(info).toContain('Server Version: 28.');
    expect(info).not.toMatch(/tcp|DEPRECAT|ERROR/i);
    expect(info).not.toMatch(/API is accessible/i);
    expect(await machine.root('ss -Hltn')).toBe('');
  });

  it('has the images of the manifest, and no containers', async () => {
    const expected = machine.manifest.guest.images;
    expect(expected.map((image) => image.name)).toEqual(expect.arrayContaining(['hello-world:latest', 'busybox:latest', 'nginx:latest', 'debian:latest']));
    const present = (await machine.engine.images()).flatMap((image) => image.RepoTags.map((name) => ({ name, id: image.Id })));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(present.sort(byName)).toEqual([...expected].sort(byName));
    expect(await machine.engine.containers(true)).toEqual([]);
  });

  it('has nginx on the layers of debian', async () => {
    const [debian, nginx] = await Promise.all([machine.engine.inspectImage('debian'), machine.engine.inspectImage('nginx')]);
    const base = debian?.RootFS.Layers ?? [];
    expect(base.length).toBeGreaterThan(0);
    expect(nginx?.RootFS.Layers.slice(0, base.length)).toEqual(base);
    expect(nginx?.RootFS.Layers.length).toBeGreaterThan(base.length);
    expect(debian?.Architecture).toBe('386');
  });
});

describe('the system', () => {
  it('is booted by systemd, with the engine active and no failed unit', async () => {
    expect(await machine.learner('ps -p 1 -o comm=')).toBe('systemd');
    expect(await machine.learner('systemctl is-active docker containerd')).toBe('active\nactive');
    expect(await machine.learner('systemctl --failed --plain --no-legend --no-pager')).toBe('');
    expect(await machine.learner('systemctl is-system-running')).toBe('running');
  });

  it('takes `service` as well as `systemctl`', async () => {
    expect(await machine.learner('service docker status')).toContain('Active: active (running)');
  });

  it('speaks UTF-8', async () => {
    expect(await machine.learner('locale charmap')).toBe('UTF-8');
    expect(await machine.learner('printf 容器 | wc -m')).toBe('2');
  });

  it('has the learner in the groups docker and sudo, and sudo asks nothing', async () => {
    expect((await machine.learner('id -nG')).split(' ')).toEqual(expect.arrayContaining(['learner', 'docker', 'sudo']));
    expect(await machine.learner('sudo -n id -un')).toBe('root');
    expect(await machine.learner('id -un; pwd')).toBe(`${machine.manifest.guest.user}\n${machine.manifest.guest.home}`);
  });

  it.each([
    ['nano', 'nano --version'],
    ['vim', 'vim --version'],
    ['less', 'less --version'],
    ['curl', 'curl --version'],
    ['ps', 'ps --version'],
    ['ip', 'ip -V'],
    ['jq', 'jq --version'],
    ['tree', 'tree --version'],
    ['docker buildx', 'docker buildx version'],
    ['docker compose', 'docker compose version'],
    ['runc', 'runc --version'],
    ['crun', 'crun --version'],
  ])('has %s', async (_, command) => {
    expect(await machine.learner(command)).not.toBe('');
  });

  it('has the network of the manifest', async () => {
    const { mac, guestAddress, gatewayAddress } = machine.manifest.machine.network;
    expect(await machine.learner('cat /sys/class/net/eth0/address')).toBe(mac);
    expect(await machine.learner('ip -4 -o address show eth0')).toContain(` ${guestAddress}/24 `);
    expect(await machine.learner('ip route show default')).toContain(`via ${gatewayAddress} dev eth0`);
    // 7: refused, by a gateway that is there and answers at once.
    expect(await machine.learner(`curl -sm 20 http://${gatewayAddress}/; echo $?`)).toBe('7');
  });
});

describe('a terminal', () => {
  it('completes commands of docker with Tab', async () => {
    const terminal = await Terminal.open(machine.agent);
    terminal.clear();
    terminal.press('docker ver\t');
    await terminal.until(/docker version/);
    terminal.press('\x15');
    terminal.clear();
    terminal.press('docker \t\t');
    const list = await terminal.until((text) => ['attach', 'build', 'exec', 'logs', 'ps', 'run', 'stop'].every((command) => new RegExp(`\\b${command}\\b`).test(text)), { what: 'the list of commands' });
    expect(list).toContain('compose');
    terminal.press('\x03');
    terminal.close();
  });

  it('opens nano and vim on the whole screen, and leaves them', async () => {
    const terminal = await Terminal.open(machine.agent, { columns: 80, rows: 24 });
    terminal.clear();
    terminal.press('nano note\r');
    await terminal.until(/Exit/);
    terminal.press('hello\x0f\r\x18');
    await terminal.until(/learner@drydock:~\$ $/);
    terminal.clear();
    terminal.press('vim note\r');
    await terminal.until(/hello/);
    terminal.press(':q\r');
    await terminal.until(/learner@drydock:~\$ $/);
    expect(await terminal.run('cat note')).toBe('hello');
    terminal.close();
  });
});

describe('two restored machines', () => {
  it('draw different random bytes and container ids', async () => {
    const fresh = await startMachine();
    try {
      const secondDraw = await draw(fresh);
      expect(secondDraw.container).toMatch(/^[0-9a-f]{64}$/);
      for (const key of ['bytes', 'uuid', 'container'] as const) expect(secondDraw[key]).not.toBe(firstDraw[key]);
    } finally {
      await fresh.stop();
    }
    // What one did, the other does not see.
    expect(await machine.engine.containers(true)).toEqual([]);
  });
});
