import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageRequest } from '../backend.ts';
import { type ToLab, toLabSchema, type ToWindow } from '../window-protocol.ts';
import { WindowClient } from './window-client.ts';

const never = new AbortController().signal;
const ports: MessagePort[] = [];
let lab: MessagePort;
let heard: ToLab[];

/** The next message of the window that is of the kind. */
async function next<T extends ToLab['type']>(type: T): Promise<Extract<ToLab, { type: T }>> {
  for (;;) {
    const index = heard.findIndex((message) => message.type === type);
    if (index >= 0) return heard.splice(index, 1)[0] as Extract<ToLab, { type: T }>;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const say = (message: ToWindow): void => lab.postMessage(message);

beforeEach(() => {
  heard = [];
  vi.stubGlobal('location', { origin: 'http://localhost' });
  vi.stubGlobal('window', {
    opener: {
      closed: false,
      postMessage: (_hello: unknown, _origin: string, [port]: MessagePort[]) => {
        if (port === undefined) return;
        lab = port;
        ports.push(port);
        port.onmessage = ({ data }: MessageEvent<unknown>) => heard.push(toLabSchema.parse(data));
        say({ type: 'ports', ports: [], added: [] });
      },
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const port of ports.splice(0)) port.close();
});

const form = (): PageRequest => ({ url: 'http://localhost:8080/save', method: 'POST', contentType: 'text/plain', body: new TextEncoder().encode('a=1').buffer, referrer: '', reload: false });
const failure: ToWindow & { type: 'failed' } = { type: 'failed', id: 0, error: { drydockError: 1, kind: 'preview-timed-out', params: { port: 8080, seconds: 90 } } };

describe('WindowClient', () => {
  it('sends a form once more after a failure', async () => {
    const client = await WindowClient.connect();
    const request = form();
    const failing = client.load(request, never);
    say({ ...failure, id: (await next('load')).id });
    await expect(failing).rejects.toMatchObject({ kind: 'preview-timed-out' });

    const again = client.load({ ...request, reload: true }, never);
    const { id, request: sent } = await next('load');
    expect(new TextDecoder().decode(sent.body ?? undefined)).toBe('a=1');
    say({ type: 'answer', id, answer: { kind: 'nothing' } });
    expect(await again).toEqual({ kind: 'nothing' });
  });

  it('fails at once where a request cannot be sent, and thinks of it no more', async () => {
    const client = await WindowClient.connect();
    const body = new ArrayBuffer(3);
    body.transfer();
    const failing = client.load({ ...form(), body }, never);
    await expect(failing).rejects.toMatchObject({ name: 'DataCloneError' });
    const later = client.load(form(), never);
    say({ ...failure, id: (await next('load')).id });
    await expect(later).rejects.toMatchObject({ kind: 'preview-timed-out' });
  });

  it('says goodbye', async () => {
    const client = await WindowClient.connect();
    client.setVisible(true);
    client.leave();
    expect(await next('visible')).toEqual({ type: 'visible', visible: true });
    expect(await next('bye')).toEqual({ type: 'bye' });
  });
});
