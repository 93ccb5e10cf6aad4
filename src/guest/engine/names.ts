/** How the engine's things are called in short, as `docker` itself shows them. */
import type { EngineEvent } from './schemas.ts';

/** The first twelve digits of an id, with or without its `sha256:`. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

/** What an event is about: its name, or where it has none its short id. */
export function subjectOf({ Actor: { ID: id, Attributes: attributes } }: EngineEvent): string {
  return attributes['name'] ?? shortId(id);
}
