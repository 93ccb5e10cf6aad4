/** Containers under the shim that is started by our own program (vm-images/shim/launcher.c): its start, its end, its loss. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

const launcher = '/usr/lib/drydock/shim/containerd-shim-runc-v2';
const shim = '/usr/bin/containerd-shim-runc-v2';

let machine: TestMachine;

beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine?.stop());

/** What containers have while they run: bundles, and what the runtimes know of them. */
const bundles = () => machine.root('ls /run/containerd/io.containerd.runtime.v2.task/moby /run/docker/runtime-*/moby | grep -v -e : -e "^$" || true');
const sockets = () => machine.root('ls /run/containerd/s');
const shimOf = async (id: string) => machine.root(`pgrep -f "^${shim} .*-id ${id}"`);

describe('the shim', () => {
  it("is containerd's own program, alone in its process group, and ends before containerd when memory runs out", async () => {
    const id = await machine.learner('docker run -d --name kept busybox sleep 9000');
    const pid = await shimOf(id);
    expect(await machine.root(`readlink /proc/${pid}/exe`)).toBe(shim);
    expect(await machine.root(`pgrep -f ^${launcher} || true`)).toBe('');
    expect((await machine.root(`ps -o pgid= ${pid}`)).trim()).toBe(pid);
    const score = (of: string) => machine.root(`cat /proc/${of}/oom_score_adj`);
    expect(Number(await score(pid))).toBe(Number(await score(await machine.root('pgrep -x containerd'))) + 1);
    await machine.learner('docker rm -f kept');
  });

  it('leaves nothing behind, with either runtime', async () => {
    expect(await machine.learner('docker run --rm busybox echo crun')).toBe('crun');
    expect(await machine.learner('docker run --rm --runtime runc busybox echo runc')).toBe('runc');
    await eventually(async () => expect([await bundles(), await sockets()]).toEqual(['', '']));
  });

  it('starts again for a container that is started again', async () => {
    await machine.learner('docker run --name again busybox true');
    expect(await machine.learner('docker start -a again && docker wait again')).toBe('0');
    await machine.learner('docker rm again');
    await eventually(async () => expect([await bundles(), await sockets()]).toEqual(['', '']));
  });

  it('takes its container along when it is killed, the engine is told, and the container can be started again', async () => {
    const id = await machine.learner('docker run -d --name orphan busybox sleep 9000');
    await machine.root(`kill -9 ${await shimOf(id)}`);
    await eventually(async () => expect(await machine.learner("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' orphan")).toBe('exited 137'));
    expect(await machine.root('pgrep -f "^sleep 9000" || true')).toBe('');
    await eventually(async () => expect(await bundles()).toBe(''));
    // Its socket is left, as by any shim that was killed: the next one takes the place.
    expect(await sockets()).not.toBe('');
    await machine.learner('docker start orphan');
    expect(await shimOf(id)).not.toBe('');
    await machine.learner('docker rm -f orphan');
  });

  it('is handed what the launcher does not know', async () => {
    expect(await machine.root(`${launcher} -v`)).toContain('Version:');
  });
});
