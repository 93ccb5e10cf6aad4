/** Builds and Compose with what makes them cost less: vm-images/cli-plugins, vm-images/build-steps and vm-images/modprobe. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

const launched = '/usr/local/lib/docker/cli-plugins';
const real = '/usr/libexec/docker/cli-plugins';
const question = 'docker-cli-plugin-metadata';

let machine: TestMachine;

beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine?.stop());

describe('the plugins of the Docker CLI', () => {
  it.each(['docker-buildx', 'docker-compose'])('%s is described in its own words', async (plugin) => {
    expect(await machine.learner(`${launched}/${plugin} ${question}`)).toBe(await machine.learner(`${real}/${plugin} ${question}`));
  });

  it('are the real programs for everything else', async () => {
    expect(await machine.learner('docker compose version')).toBe(await machine.learner(`${real}/docker-compose version`));
    expect(await machine.learner('docker buildx version')).toBe(await machine.learner(`${real}/docker-buildx version`));
    expect(await machine.learner(`${launched}/docker-compose no-such-command 2>&1; echo $?`)).toContain('unknown docker command');
  });

  it('are asked themselves once they have been replaced', async () => {
    await machine.root(`cp ${real}/docker-buildx /root/kept && printf '#!/bin/sh\\necho another one\\n' > ${real}/docker-buildx`);
    expect(await machine.learner(`${launched}/docker-buildx ${question}`)).toBe('another one');
    await machine.root(`cp /root/kept ${real}/docker-buildx && rm /root/kept`);
  });
});

describe('a build', () => {
  it('gives each step a network of its own', async () => {
    await machine.learner("mkdir -p build && printf 'FROM busybox\\nRUN ip -4 addr show eth0 && ping -c 1 10.0.2.2\\n' > build/Dockerfile");
    const log = await machine.learner('docker build --progress=plain build 2>&1');
    expect(log).toMatch(/inet 172\.17\.\d+\.\d+\/16/);
    expect(log).toContain('1 packets received');
    // Nothing of it is left.
    await eventually(async () => expect(await machine.root('ip -o link show type veth')).toBe(''));
  });

  it('runs its steps by crun, with a hook for which no engine is started; containers run by runc where they ask for it', async () => {
    await machine.learner("printf 'FROM busybox\\nRUN sleep 3456\\n' > build/Dockerfile && (docker build -q build > build/log 2>&1 &)");
    await eventually(async () => expect(await machine.root('pgrep -fx "sleep 3456"')).toMatch(/^\d+$/));
    expect(await machine.root('cat /proc/$(ps -o ppid= -p $(pgrep -fx "sleep 3456") | tr -d " ")/comm')).toBe('crun');
    expect(await machine.root('cat /var/lib/docker/buildkit/executor/*/config.json')).toContain('"path":"/usr/lib/drydock/runtime/runc","args":["libnetwork-setkey"');
    // The first process of a container does not heed a request to end.
    await machine.root('pkill -KILL -fx "sleep 3456"');
    await eventually(async () => expect(await machine.learner('cat build/log')).toContain('did not complete successfully'));
    // What runc keeps of a container, and crun does not.
    await machine.learner('docker run -d --name by-runc --runtime runc busybox sleep 1000');
    expect(await machine.root('ls /run/docker/runtime-runc/moby/*')).toBe('state.json');
    await machine.learner('docker rm -f by-runc');
  });

  it('tells which program of a step is not there', async () => {
    await machine.learner("printf 'FROM busybox\\nRUN [\"/no/such/program\"]\\n' > build/Dockerfile");
    expect(await machine.learner('docker build -q build 2>&1; true')).toContain('/no/such/program');
  });
});

describe('a module that the kernel asks for', () => {
  it('is loaded when it is there, and is denied at once for a foreign kind of program', async () => {
    const helper = await machine.root('cat /proc/sys/kernel/modprobe');
    expect(helper).toBe('/usr/lib/drydock/modprobe');
    expect(await machine.root(`${helper} -q -- binfmt-464c; echo $?`)).toBe('1');
    // Not loaded at the start: the kernel asks for it by itself.
    expect(await machine.root('lsmod | grep -c ^dummy || true')).toBe('0');
    await machine.root('ip link add probe type dummy && ip link del probe');
    expect(await machine.root('lsmod | grep -c ^dummy')).toBe('1');
  });
});
