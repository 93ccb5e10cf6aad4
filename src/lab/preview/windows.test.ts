import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageAnswer, PreviewBackend } from './backend.ts';
import type { ToLab } from './window-protocol.ts';
import { PreviewWindows } from './windows.ts';

type Listener = (event: unknown) => void;

const ports: MessagePort[] = [];
let listeners: Map<string, Listener>;

beforeEach(() => {
  listeners = new Map();
  vi.stubGlobal('window', {});
  vi.stubGlobal('location', { origin: 'http://localhost' });
  vi.stubGlobal('addEventListener', (type: string, listener: Listener) => listeners.set(type, listener));
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const port of ports.splice(0)) port.close();
});

function lab() {
  const loads: AbortSignal[] = [];
  let served = 0;
  const backend: PreviewBackend = {
    ports: [],
    onPorts: () => () => undefined,
    load: (_request, signal) => {
      loads.push(signal);
      return new Promise<PageAnswer>(() => undefined);
    },
    serve: (port) => {
      ports.push(port);
      served++;
      return () => served--;
    },
  };
  const windows = new PreviewWindows(backend, '/en/preview/');
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { windows, loads, until, served: () => served };
}

/** A window that greets the lab; the port does not tell that it closes, as in some browsers. */
function greet(source: { opener: unknown; closed: boolean } = { opener: window, closed: false }) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1);
  const listen = port2.addEventListener.bind(port2);
  vi.spyOn(port2, 'addEventListener').mockImplementation((type: string, listener: EventListenerOrEventListenerObject) => {
    if (type !== 'close') listen(type, listener);
  });
  listeners.get('message')?.({ origin: location.origin, ports: [port2], data: { type: 'drydock-preview-window' }, source });
  const say = (message: ToLab, transfer: Transferable[] = []): void => port1.postMessage(message, transfer);
  return { say, source };
}

describe('PreviewWindows', () => {
  it('forgets a window that says goodbye, and stops what it asked for', async () => {
    const { windows, loads, until, served } = lab();
    let changes = 0;
    windows.onChange(() => changes++);
    const { say } = greet();
    const { port1, port2 } = new MessageChannel();
    ports.push(port1);
    say({ type: 'visible', visible: true });
    say({ type: 'serve', id: 1, address: 'http://localhost:8080/' }, [port2]);
    say({ type: 'load', id: 2, request: { url: 'http://localhost:8080/', method: 'GET', contentType: '', body: null, referrer: '', reload: false } });
    await until(() => loads.length > 0);
    expect([windows.anyVisible, served(), changes]).toEqual([true, 1, 1]);
    say({ type: 'bye' });
    await until(() => !windows.anyVisible);
    expect([served(), changes, loads[0]?.aborted]).toEqual([0, 2, true]);
  });

  it('does not take a closed window for one that is seen', async () => {
    const { windows, until } = lab();
    const { say, source } = greet();
    say({ type: 'visible', visible: true });
    await until(() => windows.anyVisible);
    source.closed = true;
    expect(windows.anyVisible).toBe(false);
  });

  it('knows a window once, also when it was loaded anew', async () => {
    const { windows, until } = lab();
    const first = greet();
    first.say({ type: 'visible', visible: true });
    await until(() => windows.anyVisible);
    const second = greet(first.source);
    expect(windows.anyVisible).toBe(false);
    second.say({ type: 'visible', visible: true });
    await until(() => windows.anyVisible);
  });

  it('listens to its own windows only', async () => {
    const { windows } = lab();
    const { say } = greet({ opener: {}, closed: false });
    say({ type: 'visible', visible: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(windows.anyVisible).toBe(false);
  });
});
