import { describe, expect, it } from 'vitest';
import type { ContainerSummary } from '../../guest/engine/schemas.ts';
import { boardContainers } from './board-model.ts';

const container = (values: Partial<ContainerSummary>): ContainerSummary => ({ Id: 'a'.repeat(64), Names: ['/web'], Image: 'nginx', ImageID: 'sha256:1', Command: 'nginx', Created: 1, State: 'running', Status: 'Up 3 minutes', Labels: {}, ...values });

describe('boardContainers', () => {
  it('puts each into the column of its state, the oldest first', () => {
    const board = boardContainers([
      container({ Created: 9, Names: ['/late'], State: 'exited', Status: 'Exited (137) 2 seconds ago' }),
      container({ Created: 2, State: 'restarting', Status: 'Restarting (1) 3 seconds ago' }),
      container({ Created: 3, Names: [], State: 'created', Status: 'Created' }),
      container({ Created: 4, State: 'paused', Status: 'Up 3 minutes (Paused)' }),
    ]);
    expect(board.map(({ name, column, state, exitCode }) => [name, column, state, exitCode])).toEqual([
      ['web', 'running', 'restarting', undefined],
      ['aaaaaaaaaaaa', 'created', undefined, undefined],
      ['web', 'paused', undefined, undefined],
      ['late', 'stopped', undefined, 137],
    ]);
  });
});
