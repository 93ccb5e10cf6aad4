/**
 * What an embedded lab and the page around it say to each other by postMessage.
 *
 * They are of different origins and updated at different times, so every message names its version, goes to one origin
 * only, and is looked at before it is believed. Checked by hand: the element's script is a few kilobytes, zod is fifty.
 */
export const channel = 'drydock-lab/1';

/** Attributes of the element that the frame is told in its address, by these names. */
export const parameter = { host: 'host', theme: 'theme', start: 'start' } as const;

export const themes = ['light', 'dark', 'auto'] as const;
export type Theme = (typeof themes)[number];

export interface EmbeddedTask {
  id: string;
  title: string;
  done: boolean;
}

/** From the frame to the page around it. */
export type FromFrame =
  /** The frame listens. */
  | { channel: typeof channel; type: 'ready' }
  /** How the machine is: idle, loading, restoring, starting, running, restarting, paused, stopped or failed. */
  | { channel: typeof channel; type: 'machine'; state: string }
  /** How far the learner is; said once at the start and after every change. */
  | { channel: typeof channel; type: 'progress'; tasks: EmbeddedTask[] }
  /** A task was done just now. */
  | { channel: typeof channel; type: 'task'; id: string; title: string };

/** From the page to the frame in it. */
export interface ToFrame {
  channel: typeof channel;
  type: 'theme';
  theme: Theme;
}

/** `undefined` for anything that is not such a message. */
export function readFromFrame(data: unknown): FromFrame | undefined {
  if (!isRecord(data) || data['channel'] !== channel) return undefined;
  const { type, state, id, title, tasks } = data;
  switch (type) {
    case 'ready':
      return { channel, type };
    case 'machine':
      return typeof state === 'string' ? { channel, type, state } : undefined;
    case 'task':
      return typeof id === 'string' && typeof title === 'string' ? { channel, type, id, title } : undefined;
    case 'progress':
      return Array.isArray(tasks) && tasks.every(isTask) ? { channel, type, tasks: tasks.map((task) => ({ id: task.id, title: task.title, done: task.done })) } : undefined;
    default:
      return undefined;
  }
}

/** `undefined` for anything that is not such a message. */
export function readToFrame(data: unknown): ToFrame | undefined {
  if (!isRecord(data) || data['channel'] !== channel || data['type'] !== 'theme') return undefined;
  const theme = themes.find((known) => known === data['theme']);
  return theme && { channel, type: 'theme', theme };
}

function isTask(value: unknown): value is EmbeddedTask {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['title'] === 'string' && typeof value['done'] === 'boolean';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
