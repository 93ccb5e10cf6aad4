/** Which events of the engine can change a task, and which only echo the checkers' own looking. */
import type { EngineEvent } from '../guest/engine/schemas.ts';
import type { Exercise } from './schema.ts';

/** `daemon` tells that the configuration was read again. */
const tellingTypes = new Set(['container', 'image', 'network', 'volume', 'daemon']);

/** `archive-path` is also what reading a container's file causes: reacting to it would never end. */
const idleActions = new Set(['archive-path', 'attach', 'detach', 'export', 'resize', 'top']);

/** Whether anything an assertion can see may be different after the event. */
export function isTelling(event: EngineEvent): boolean {
  return tellingTypes.has(event.Type) && !idleActions.has(event.Action);
}

/** dockerd tells of these before the list of containers shows them (`containerPause` in moby logs the event, then saves the state). */
const earlyActions = new Set(['pause', 'unpause']);

/** Whether a look right after the event may still see what was before. */
export function isToldEarly(event: EngineEvent): boolean {
  return event.Type === 'container' && earlyActions.has(event.Action);
}

/** Recognises the events of the commands that `container-exec` assertions run. */
export class OwnExecs {
  readonly #created: ReadonlySet<string>;
  readonly #ids = new Set<string>();

  constructor(exercise: Exercise) {
    const assertions = exercise.tasks.flatMap((task) => task.assertions.flatMap((assertion) => [assertion, ...assertion.mistakes]));
    const commands = assertions.flatMap((assertion) => (assertion.look === 'container-exec' ? [assertion.command.join(' ')] : []));
    this.#created = new Set(commands.flatMap((command) => [`exec_create: ${command}`, `exec_start: ${command}`]));
  }

  has(event: EngineEvent): boolean {
    const id = event.Actor.Attributes['execID'];
    if (this.#created.has(event.Action)) {
      if (id !== undefined) this.#ids.add(id);
      return true;
    }
    return event.Action === 'exec_die' && id !== undefined && this.#ids.delete(id);
  }
}
