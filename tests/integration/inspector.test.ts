/** The inspector's relay on the real machine: it shows what the CLI asks, changes nothing, and leaves nothing behind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodyText, type Exchange, ExchangeLog } from '../../src/lab/engine/requests/exchanges.ts';
import { daemonSocketPath, followRelay } from '../../src/lab/engine/requests/relay.ts';
import { eventually } from '../support/eventually.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

let machine: TestMachine;
let stop = new AbortController();
let following: Promise<void> = Promise.resolve();
const exchanges = new Map<number, Exchange>();

beforeAll(async () => {
  machine = await startMachine();
  await open();
});
afterAll(async () => {
  stop.abort();
  await machine?.stop();
});

/** As the panel does when its tab is chosen. */
async function open(): Promise<void> {
  const log = new ExchangeLog((exchange) => exchanges.set(exchange.id, exchange));
  const ready = Promise.withResolvers<void>();
  following = (async () => {
    for await (const frame of followRelay(machine.agent, stop.signal, ready.resolve)) log.push(frame);
  })();
  await Promise.race([ready.promise, following]);
}

const shown = (): string[] => [...exchanges.values()].map(({ method, path, status }) => `${method} ${path.replace(/^\/v1\.\d+/, '').replace(/\?.*/, '').replace(/[0-9a-f]{64}/, 'ID')} ${status}`);

describe('the inspector', () => {
  it('shows the requests of a command, each with its answer', async () => {
    await machine.learner('docker ps');
    await eventually(() => {
      expect(shown()).toEqual(['HEAD /_ping 200', 'GET /containers/json 200']);
    });
    for (const exchange of exchanges.values()) {
      expect(exchange.program).toBe('docker');
      expect(exchange.milliseconds).toBeGreaterThanOrEqual(0);
    }
    const list = [...exchanges.values()][1];
    expect(bodyText(list?.answerType ?? '', list?.answerBody ?? { pieces: [], bytes: 0 })).toBe('[]');
  });

  it('passes input, output and exit code of a container on', async () => {
    exchanges.clear();
    expect(await machine.learner('echo Ahoy | docker run --rm -i busybox sh -c "cat; exit 3"; echo $?')).toBe('Ahoy\n3');
    await eventually(() => {
      expect(shown()).toEqual(expect.arrayContaining(['POST /containers/create 201', 'POST /containers/ID/attach 101', 'POST /containers/ID/start 204', 'POST /containers/ID/wait 200']));
    });
    const created = [...exchanges.values()].find(({ path }) => path.includes('/containers/create'));
    expect(JSON.parse(bodyText(created?.requestType ?? '', created?.requestBody ?? { pieces: [], bytes: 0 }) ?? '')).toMatchObject({ Image: 'busybox', OpenStdin: true });
  });

  it('names who asks, and leaves the page itself out', async () => {
    exchanges.clear();
    await machine.engine.info();
    await machine.learner('curl -s --unix-socket /var/run/docker.sock http://docker/version');
    await eventually(() => {
      expect([...exchanges.values()].map(({ program, path, status }) => [program, path, status])).toEqual([['curl', '/version', 200]]);
    });
  });

  it('keeps the rights of the socket', async () => {
    expect(await machine.root('stat -c "%a %U %G" /run/docker.sock')).toBe(await machine.root(`stat -c "%a %U %G" ${daemonSocketPath}`));
  });

  it('leaves nothing behind, and does not cut off what still runs', async () => {
    const running = machine.learner('docker run --rm --name waits busybox sh -c "while [ ! -e /go ]; do sleep 1; done; echo still here"');
    await eventually(async () => expect(await machine.engine.containers(false)).toHaveLength(1), 300_000);
    stop.abort();
    await following;
    await eventually(() => machine.root(`test ! -e ${daemonSocketPath} -a ! -e /run/drydock-inspector.sock`));
    expect(await machine.learner('docker version --format "{{.Server.Os}}"')).toBe('linux');
    await machine.learner('docker exec waits touch /go');
    expect(await running).toBe('still here');
    await eventually(() => machine.root('! pgrep -f ^drydock-inspector'));
  });

  it('can be opened again at once, twice, and mends what one that was killed has left', async () => {
    for (const killed of [false, true]) {
      stop = new AbortController();
      await open();
      if (killed) {
        following.catch(() => undefined);
        await machine.root('pkill -9 -f ^drydock-inspector');
      }
      stop.abort();
      await following.catch(() => undefined);
    }
    stop = new AbortController();
    exchanges.clear();
    await open();
    await machine.learner('curl -s --unix-socket /var/run/docker.sock http://docker/_ping');
    await eventually(() => {
      expect(shown()).toEqual(['GET /_ping 200']);
    });
  });
});
