/** A machine that its learner saved and restored: what differs from the published image, and everything works on top of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';

let first: TestMachine;
let saved: Blob;
let container: string;
let draw: string;

const randomness = 'head -c 16 /dev/urandom | od -An -tx1';

beforeAll(async () => {
  first = await startMachine();
  container = await first.learner('docker run -d --name keeper busybox sh -c "while true; do sleep 1; done"');
  await first.learner('docker run --name gone busybox sh -c "exit 7" || true; echo written > ~/notes');
  // A shell with something half typed is open while the machine is saved.
  const terminal = await Terminal.open(first.agent);
  await terminal.pty.write(new TextEncoder().encode('echo half'));
  saved = await first.save();
  draw = await first.learner(randomness);
});
afterAll(() => first?.stop());

describe('a saved machine', () => {
  it('is far smaller than the machine, and goes on running', async () => {
    expect(saved.size).toBeLessThan(first.manifest.machine.memoryBytes / 4);
    expect(await first.learner('docker ps -q --no-trunc')).toBe(container);
    await first.stop();
  });

  it('comes back with its containers and files, the clock right and randomness fresh', async () => {
    const again = await startMachine({ session: saved, hosts: () => [{ names: ['files.example'], address: '10.0.2.20', ports: new Map() }] });
    try {
      expect(await again.learner("docker ps -a --format '{{.Names}} {{.State}}'")).toBe('gone exited\nkeeper running');
      expect(await again.learner('cat ~/notes')).toBe('written');
      const before = Date.now() / 1000;
      const guest = Number(await again.learner('date +%s'));
      expect(guest).toBeGreaterThan(before - 5);
      expect(guest).toBeLessThan(Date.now() / 1000 + 5);
      expect(await again.learner(randomness)).not.toBe(draw);
      expect(await again.learner('docker exec keeper hostname')).toBe(container.slice(0, 12));
      expect(await again.learner('docker run --rm busybox echo new')).toBe('new');
      expect(await again.learner('getent hosts files.example')).toMatch(/^10\.0\.2\.20\s+files\.example$/);
      // Saved a second time, on top of the first.
      const second = await again.save();
      await again.learner('docker rm -f keeper gone');
      await again.stop();
      const third = await startMachine({ session: second });
      expect(await third.learner("docker ps -a --format '{{.Names}} {{.State}}'")).toBe('gone exited\nkeeper running');
      await third.stop();
    } finally {
      await again.stop();
    }
  });
});
