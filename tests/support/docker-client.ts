/** The Docker client of the machine, to be asked what it understands. */
import type { TestMachine } from './machine.ts';

/**
 * Runs `docker` with the given words. It is told of no engine: with one it asks it first, and leaves out of its help what that
 * engine cannot do.
 */
export function dockerClientOf(machine: TestMachine): (args: readonly string[]) => Promise<string> {
  return (args) => machine.learner(`DOCKER_HOST=unix:///nowhere docker ${args.join(' ')} 2>&1 || true`);
}
