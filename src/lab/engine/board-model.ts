/** Containers by what they do, as columns of the board. */
import type { ContainerSummary } from '../../guest/engine/schemas.ts';
import type { Strings } from '../page-data.ts';

export const columns = ['created', 'running', 'paused', 'stopped'] as const;
export type Column = (typeof columns)[number];

export function columnLabels(strings: Strings): Record<Column, string> {
  return { created: strings.stateCreated, running: strings.stateRunning, paused: strings.statePaused, stopped: strings.stateStopped };
}

export interface BoardContainer {
  id: string;
  name: string;
  image: string;
  command: string;
  column: Column;
  /** Such as `restarting`, where the column does not say all; undefined otherwise. */
  state: string | undefined;
  /** Of a stopped one. */
  exitCode: number | undefined;
}

const columnOf: Readonly<Record<string, Column>> = { created: 'created', running: 'running', restarting: 'running', paused: 'paused', removing: 'stopped', exited: 'stopped', dead: 'stopped' };

/** In the order in which they were created. */
export function boardContainers(list: readonly ContainerSummary[]): BoardContainer[] {
  return list
    .toSorted((a, b) => a.Created - b.Created || a.Id.localeCompare(b.Id))
    .map((container) => {
      const column = columnOf[container.State] ?? 'stopped';
      const code = /^Exited \((-?\d+)\)/.exec(container.Status)?.[1];
      return {
        id: container.Id,
        name: (container.Names[0] ?? container.Id.slice(0, 12)).replace(/^\//, ''),
        image: container.Image,
        command: container.Command,
        column,
        state: ['restarting', 'removing', 'dead'].includes(container.State) ? container.State : undefined,
        exitCode: column === 'stopped' && code !== undefined ? Number(code) : undefined,
      };
    });
}
