/** What the lab tells the rest of its page, as events of the document. */
import type { LabState } from './machine/session.ts';

export const labEvents = { tasks: 'drydock-tasks', machine: 'drydock-machine' } as const;

export interface LabTasksDetail {
  /** In the order of the exercise. */
  tasks: readonly { id: string; title: string; done: boolean }[];
}

export interface LabMachineDetail {
  state: LabState['kind'];
  /** Whether the start of the lesson is in the machine. */
  prepared: boolean;
}

/** Tells it to whoever listens. */
export function tellPage(name: typeof labEvents.tasks, detail: LabTasksDetail): void;
export function tellPage(name: typeof labEvents.machine, detail: LabMachineDetail): void;
export function tellPage(name: string, detail: object): void {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}
