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

/** What shims leave while their containers run: sockets, bundles, and what the runtimes know. */
const traces = () => machine.root('ls /run/containerd/s /run/containerd/io.containerd.runtime.v2.task/moby /run/docker/runtime-*/moby | grep -v -e : -e "^$" || true');
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
    await eventually(async () => expect(await traces()).toBe(''));
  });

  it('starts again for a container that is started again', async () => {
    await machine.learner('docker run --name again busybox true');
    expect(await machine.learner('docker start -a again && docker wait again')).toBe('0');
    await machine.learner('docker rm again');
    await eventually(async () => expect(await traces()).toBe(''));
  });

  it('takes its container along when it is killed, and the engine is told', async () => {
    const id = await machine.learner('docker run -d --name orphan busybox sleep 9000');
    await machine.root(`kill -9 ${await shimOf(id)}`);
    await eventually(async () => expect(await machine.learner("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' orphan")).toBe('exited 137'));
    expect(await machine.root('pgrep -f "^sleep 9000" || true')).toBe('');
    await machine.learner('docker rm orphan');
    await eventually(async () => expect(await traces()).toBe(''));
  });

  it('is handed what the launcher does not know', async () => {
    expect(await machine.root(`${launcher} -v`)).toContain('Version:');
  });
});
