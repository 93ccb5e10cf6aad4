import { expect, it } from 'vitest';
import type { EventItem } from '../../guest/engine/events.ts';
import type { ContainerSummary } from '../../guest/engine/schemas.ts';
import { DrydockError } from '../../shared/errors.ts';
import { followContainers } from './follow-containers.ts';

const summary = (name: string): ContainerSummary => ({ Id: name, Names: [`/${name}`], Image: 'nginx', ImageID: 'sha256:1', Command: 'nginx', Created: 1, State: 'running', Status: 'Up', Labels: {}, Ports: [] });
const event = (type: string): EventItem => ({ kind: 'event', event: { Type: type, Action: 'start', Actor: { ID: 'x', Attributes: {} }, timeNano: 1 } });

it('looks once after a burst, tells every event, and knows of none while the engine is away', async () => {
  const abort = new AbortController();
  const heard: string[] = [];
  let looks = 0;
  const looked = Promise.withResolvers<void>();
  const engine = {
    containers: async () => {
      looks += 1;
      return [summary('web')];
    },
    async *events() {
      yield event('container');
      yield event('network');
      yield event('container');
      yield { kind: 'lost', error: new DrydockError('engine-unreachable', { reason: 'test' }) } as const;
      yield { kind: 'connected' } as const;
      await looked.promise;
    },
  };
  await followContainers(engine, abort.signal, {
    onContainers: (containers) => {
      heard.push(containers.map(({ name }) => name).join() || 'none');
      if (containers.length > 0) looked.resolve();
    },
    onEvent: ({ Type: type }) => heard.push(type),
  });
  abort.abort();
  expect(heard).toEqual(['container', 'network', 'container', 'none', 'web']);
  expect(looks).toBe(1);
});
