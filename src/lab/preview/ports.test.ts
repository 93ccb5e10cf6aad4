import { describe, expect, it, vi } from 'vitest';
import type { EventItem } from '../../guest/engine/events.ts';
import { type ContainerSummary, containerSummarySchema } from '../../guest/engine/schemas.ts';
import { type PortNews, PortWatch, publishedPorts } from './ports.ts';

type Port = { IP?: string; PrivatePort: number; PublicPort?: number; Type?: string };

function container(name: string, ports: Port[]): ContainerSummary {
  return containerSummarySchema.parse({
    Id: name, Names: [`/${name}`], Image: 'nginx', ImageID: 'x', Command: '', Created: 0, State: 'running', Status: 'Up', Labels: null,
    Ports: ports.map((port) => ({ Type: 'tcp', ...port })),
  });
}

const web = container('web', [{ IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080 }, { IP: '::', PrivatePort: 80, PublicPort: 8080 }, { PrivatePort: 443 }]);

describe('publishedPorts', () => {
  it('takes published TCP ports, once each', () => {
    const dns = container('dns', [{ IP: '0.0.0.0', PrivatePort: 53, PublicPort: 53, Type: 'udp' }, { IP: '127.0.0.1', PrivatePort: 8053, PublicPort: 8053 }]);
    expect(publishedPorts([web, dns])).toEqual([
      { port: 8053, inner: 8053, container: 'dns', loopbackOnly: true },
      { port: 8080, inner: 80, container: 'web', loopbackOnly: false },
    ]);
  });

  it('is reachable if any of its addresses is', () => {
    const both = container('a', [{ IP: '127.0.0.1', PrivatePort: 1, PublicPort: 81 }, { IP: '10.0.2.15', PrivatePort: 1, PublicPort: 81 }]);
    expect(publishedPorts([both])[0]?.loopbackOnly).toBe(false);
    expect(publishedPorts([container('b', [{ IP: '10.0.2.15', PrivatePort: 1, PublicPort: 81 }, { IP: '127.0.0.1', PrivatePort: 1, PublicPort: 81 }])])[0]?.loopbackOnly).toBe(false);
  });
});

describe('PortWatch', () => {
  function watched() {
    let containers: ContainerSummary[] = [];
    const items: EventItem[] = [{ kind: 'connected' }];
    const stop = new AbortController();
    let wake = (): void => {};
    stop.signal.addEventListener('abort', () => wake());
    const engine = {
      containers: vi.fn(async () => containers),
      async *events(signal: AbortSignal) {
        while (!signal.aborted) {
          const item = items.shift();
          if (item !== undefined) yield item;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
    const watch = new PortWatch();
    const news: PortNews[] = [];
    watch.onNews((item) => news.push(item));
    const done = watch.follow(engine, stop.signal);
    const happen = (Action: string, now: ContainerSummary[], Type = 'container'): void => {
      containers = now;
      items.push({ kind: 'event', event: { Type, Action, Actor: { ID: 'x', Attributes: {} }, timeNano: 0 } });
      wake();
    };
    return { watch, engine, news, stop, done, happen };
  }

  it('tells what is new and why a port refuses', async () => {
    const { watch, engine, news, stop, done, happen } = watched();
    await vi.waitFor(() => expect(engine.containers).toHaveBeenCalledTimes(1));
    expect(watch.refused(8080).kind).toBe('preview-nothing-published');
    happen('start', [web]);
    await vi.waitFor(() => expect(news).toHaveLength(1));
    expect(news[0]?.added.map(({ port }) => port)).toEqual([8080]);
    expect(watch.refused(8080)).toMatchObject({ kind: 'preview-not-listening', params: { container: 'web', inner: 80 } });
    happen('die', []);
    await vi.waitFor(() => expect(news).toHaveLength(2));
    expect(news[1]).toEqual({ ports: [], added: [] });
    expect(watch.refused(8080)).toMatchObject({ kind: 'preview-container-stopped', params: { container: 'web' } });
    stop.abort();
    await done;
    expect(watch.refused(8080).kind).toBe('preview-nothing-published');
  });

  it('does not ask the engine about other events', async () => {
    const { engine, stop, done, happen } = watched();
    await vi.waitFor(() => expect(engine.containers).toHaveBeenCalledTimes(1));
    happen('exec_start: sh', []);
    happen('pull', [], 'image');
    happen('start', [container('a', [{ IP: '127.0.0.1', PrivatePort: 1, PublicPort: 81 }])]);
    happen('start', []);
    await vi.waitFor(() => expect(engine.containers).toHaveBeenCalledTimes(2));
    stop.abort();
    await done;
    expect(engine.containers).toHaveBeenCalledTimes(2);
  });
});
