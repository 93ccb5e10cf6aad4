/** A restart of everything in the guest but its kernel, which cannot boot again in the emulator (systemd-soft-reboot.service(8)). */
import { DrydockError } from '../shared/errors.ts';
import type { AgentClient } from './client.ts';

/** How long the guest may take until its agent is back: containers that ignore SIGTERM are waited for, as in any shutdown. */
export const restartMilliseconds = 180_000;

const askMilliseconds = 30_000;

/** Returns once systemd has begun. Rejects with `restart-refused`; then nothing has changed. */
export async function askForRestart(agent: AgentClient): Promise<void> {
  const { exitCode, stdout, stderr } = await agent.exec(['systemctl', '--no-block', 'soft-reboot'], { user: 'root', timeoutMs: askMilliseconds });
  if (exitCode !== 0) throw new DrydockError('restart-refused', { reason: (stderr || stdout).trim() || `exit code ${exitCode}` });
}
