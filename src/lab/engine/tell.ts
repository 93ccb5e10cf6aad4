/** Tells diagrams in the lesson what the engine does, while one that shows it is in sight: a look costs the emulated processor. */
import { EngineClient } from '../../guest/engine/client.ts';
import { subjectOf } from '../../guest/engine/names.ts';
import type { EngineEvent } from '../../guest/engine/schemas.ts';
import type { RegistryAccess } from '../../network/registry/access-log.ts';
import { type EngineHappening, labEvents, tellPage } from '../events.ts';
import type { LabSession } from '../machine/session.ts';
import { followContainers } from './follow-containers.ts';

/** Until the lesson's nodes are gone. Where they have no such diagram, nothing is followed at all. */
export function tellEngine(session: Pick<LabSession, 'agent' | 'onAgent' | 'onRegistryAccess'>, lesson: HTMLElement, gone: AbortSignal): void {
  const diagrams = lesson.querySelectorAll('drydock-diagram[data-follows]');
  if (diagrams.length === 0) return;
  const inSight = new Set<Element>();
  /** Ids of containers that have ended once. */
  const ended = new Set<string>();
  let following: AbortController | undefined;
  const restart = (): void => {
    following?.abort();
    following = undefined;
    const { agent } = session;
    if (inSight.size === 0 || !agent) return;
    following = new AbortController();
    void followContainers(new EngineClient(agent), following.signal, {
      onContainers: (containers) => {
        for (const { id, column } of containers) if (column === 'stopped') ended.add(id);
        tellPage(labEvents.engine, { kind: 'containers', containers });
      },
      onEvent: (event) => {
        tellHappening(eventHappening(event, ended.has(event.Actor.ID)));
        if (event.Type === 'container' && event.Action === 'die') ended.add(event.Actor.ID);
      },
    });
  };
  const observer = new IntersectionObserver((entries) => {
    const before = inSight.size > 0;
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) inSight.add(target);
      else inSight.delete(target);
    }
    if (inSight.size > 0 !== before) restart();
  });
  for (const diagram of diagrams) observer.observe(diagram);
  const stopHearing = [
    session.onAgent(restart),
    session.onRegistryAccess((access) => {
      const happening = registryHappening(access);
      if (happening && inSight.size > 0) tellHappening(happening);
    }),
  ];
  gone.addEventListener('abort', () => {
    observer.disconnect();
    following?.abort();
    for (const stop of stopHearing) stop();
  });
}

function tellHappening(happening: EngineHappening): void {
  tellPage(labEvents.engine, { kind: 'happening', ...happening });
}

/** An event by its type and action; what follows a colon in the action is a command, and no two are alike. @param again whether the container had ended before */
export function eventHappening(event: EngineEvent, again: boolean): EngineHappening {
  const { Type: type, Action: action } = event;
  const what = `${type} ${action.split(':', 1)[0] ?? action}`;
  return { what: what === 'container start' && again ? `${what} again` : what, name: subjectOf(event) };
}

/** A request to a registry that is about an image; undefined for a greeting or a login. */
export function registryHappening({ path }: Pick<RegistryAccess, 'path'>): EngineHappening | undefined {
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(path)?.[1];
  return name === undefined ? undefined : { what: 'registry', name };
}
