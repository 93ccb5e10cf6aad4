/** `sudo reboot` in the guest: all programs end and begin again, on the kernel that runs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { eventually } from '../support/eventually.ts';

let machine: TestMachine;

beforeAll(async () => {
  machine = await startMachine();
  await machine.learner('docker run -d --restart always --name keeper busybox top; docker run -d --name plain busybox top; echo kept > ~/notes');
  // Its own end may come before it is told that the command has ended.
  await machine.restart(async () => void machine.learner('sleep 1000 & sudo reboot').catch(() => undefined));
}, 300_000);
afterAll(() => machine?.stop());

it('ends what ran, and starts what is enabled and what is to be restarted', async () => {
  await eventually(async () => {
    expect(await machine.learner("docker ps -a --format '{{.Names}} {{.State}}'")).toBe('plain exited\nkeeper running');
  }, 120_000);
  expect(await machine.learner('pgrep -x sleep || echo none')).toBe('none');
  expect(await machine.learner('docker run --rm busybox echo new')).toBe('new');
});

it('keeps files, settings of the network and the clock', async () => {
  expect(await machine.learner('cat ~/notes')).toBe('kept');
  expect(await machine.learner('ip -4 -o address show eth0 | grep -o "10[0-9./]*" | head -1')).toBe('10.0.2.15/24');
  const before = Date.now() / 1000;
  const guest = Number(await machine.learner('date +%s'));
  expect(guest).toBeGreaterThan(before - 5);
  expect(guest).toBeLessThan(Date.now() / 1000 + 5);
  expect(await machine.learner('systemctl is-system-running')).toBe('running');
});
