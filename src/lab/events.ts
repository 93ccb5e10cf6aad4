/** What the lab tells the rest of its page, as events of the document. */
import type { BoardContainer } from './engine/board-model.ts';
import type { LabState } from './machine/session.ts';

export const labEvents = { tasks: 'drydock-tasks', machine: 'drydock-machine', engine: 'drydock-engine' } as const;

export interface LabTasksDetail {
  /** In the order of the exercise. */
  tasks: readonly { id: string; title: string; done: boolean }[];
}

export interface LabMachineDetail {
  state: LabState['kind'];
  /** Whether the start of the lesson is in the machine. */
  prepared: boolean;
}

/** Something that the engine did or was asked. */
export interface EngineHappening {
  /**
   * Type and action of an event, such as `container start`, or `container start again` of one that had ended; `request` with
   * the program that sent it; or `registry`, for a request to one about an image.
   */
  what: string;
  /** Of the container, the image or whatever else; of a request its method and path. */
  name: string;
}

/** Told only while a diagram that shows it is in sight; requests only while the inspector follows them as well. */
export type LabEngineDetail = ({ kind: 'happening' } & EngineHappening) | { kind: 'containers'; containers: readonly BoardContainer[] };

/** Tells it to whoever listens. */
export function tellPage(name: typeof labEvents.tasks, detail: LabTasksDetail): void;
export function tellPage(name: typeof labEvents.machine, detail: LabMachineDetail): void;
export function tellPage(name: typeof labEvents.engine, detail: LabEngineDetail): void;
export function tellPage(name: string, detail: object): void {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}
