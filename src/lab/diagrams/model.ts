/** What a diagram shows: which shapes are there in a view, what a happening of the engine lights up, and where containers stand. */
import { fillTemplate } from '../../shared/locale.ts';
import { type BoardContainer, type Column, columns } from '../engine/board-model.ts';
import type { EngineHappening } from '../events.ts';
import type { DiagramData, DiagramView } from './data.ts';

/** Of a shape: views in which only, or in which not, it is there, and in which something lies over it. Ids separated by spaces. */
export interface Presence {
  only: string | undefined;
  not: string | undefined;
  covered: string | undefined;
}

/** @param view the id of what is chosen; undefined before a choice */
export function presenceIn({ only, not, covered }: Presence, view: string | undefined): { off: boolean; covered: boolean } {
  const lists = (ids: string | undefined): boolean => view !== undefined && (ids?.split(' ').includes(view) ?? false);
  return { off: (only !== undefined && !lists(only)) || lists(not), covered: lists(covered) };
}

/** The step after `index` in a direction; undefined where there is none. */
export function stepFrom(index: number, direction: number, total: number): number | undefined {
  const next = index + direction;
  return next >= 0 && next < total ? next : undefined;
}

/** The parts that a happening lights up, and its words; undefined where the diagram shows nothing of it. */
export function shownOf(views: readonly DiagramView[], { what, name }: EngineHappening): { lit: readonly string[]; says: string } | undefined {
  const live = views.find((view) => view.live?.on.includes(what))?.live;
  return live && { lit: live.lit, says: fillTemplate(live.says, { name }) };
}

/** Names of the containers in a column, as many as have room, and how many more there are. */
export function shortNames(names: readonly string[], characters: number): string {
  for (let count = names.length; count > 0; count -= 1) {
    const text = names.slice(0, count).join(' ') + (count < names.length ? ` +${names.length - count}` : '');
    if (text.length <= characters) return text;
  }
  const [first = ''] = names;
  const more = names.length > 1 ? ` +${names.length - 1}` : '';
  return first === '' ? '' : `${first.slice(0, Math.max(1, characters - more.length - 1))}…${more}`;
}

/** The names of the containers of each column, in the order in which they were created. */
export function namesByColumn(containers: readonly Pick<BoardContainer, 'name' | 'column'>[]): Record<Column, string[]> {
  const names: Record<Column, string[]> = { created: [], running: [], paused: [], stopped: [] };
  for (const { name, column } of containers) names[column].push(name);
  return names;
}

/** Where the containers stand, as a sentence. */
export function statesInWords(template: string, names: Record<Column, readonly string[]>, strings: DiagramData['strings']): string {
  const value = (column: Column): string => (names[column].length === 0 ? strings.none : `${names[column].length} (${names[column].join(strings.separator)})`);
  return fillTemplate(template, Object.fromEntries(columns.map((column) => [column, value(column)])));
}
