import { describe, expect, it, vi } from 'vitest';
import { FakeAgent, type FakeProcess } from '../guest/testing/fake-agent.ts';
import { measure, type BenchStep, type MeasuredClient } from './measure.ts';

const guest = { user: 'dev', home: '/home/dev', engineVersion: '28', kernelVersion: '6', images: [] };

/** A machine that is there at once. Stopped, it takes its link with it. */
function machine(exec: (process: FakeProcess) => Promise<number> | number) {
  const agent = new FakeAgent({ exec });
  let tellLink: Parameters<MeasuredClient['onLink']>[0] = () => undefined;
  const stop = vi.fn(() => agent.stop());
  const client: MeasuredClient = {
    start: async () => tellLink(agent.link, guest, 'bare'),
    stop,
    stats: async () => ({ instructions: 1, jitCompiles: 0, jitBytes: 0, jitUncut: 0, memoryBytes: 4 }),
    onLink: (listener) => {
      tellLink = listener;
      return () => undefined;
    },
    onLifecycle: () => () => undefined,
  };
  return { client, stop };
}

const manifestUrl = 'https://site.example/vm/manifest.json';

describe('measure', () => {
  it('ends at once when it is stopped, whatever it waits for', async () => {
    for (const [step, exec] of [
      ['prompt', () => new Promise<number>(() => undefined)],
      ['run1', async ({ pty, channel }: FakeProcess) => {
        if (!pty) return new Promise<number>(() => undefined);
        await channel.write('dev@drydock:~$ ');
        await channel.read();
        return 0;
      }],
    ] as const) {
      const { client, stop } = machine(exec);
      const abort = new AbortController();
      const steps: BenchStep[] = [];
      const measured = measure({ client, manifestUrl, signal: abort.signal, onStep: (next) => steps.push(next) }).catch((error: unknown) => error);
      await vi.waitFor(() => expect(steps.at(-1)).toBe(step));
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(stop).not.toHaveBeenCalled();
      abort.abort(new Error('enough'));
      expect(await measured).toMatchObject({ message: 'enough' });
      expect(stop).toHaveBeenCalled();
    }
  });

  it('fails when the shell ends without a prompt', async () => {
    const { client, stop } = machine(async ({ channel }) => {
      await channel.write('bash: no more processes\r\n');
      return 1;
    });
    const measured = measure({ client, manifestUrl, signal: new AbortController().signal, onStep: () => undefined });
    await expect(measured).rejects.toMatchObject({ kind: 'command-failed', params: { exitCode: 1 } });
    expect(stop).toHaveBeenCalled();
  });
});
