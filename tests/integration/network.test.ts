/** The network of the page as the real kernel, curl and the engine see it. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { httpGet, httpHost } from '../support/http-host.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

const body = randomBytes(4 << 20);
const uploadBytes = 2 << 20;
/** curl's own limit, in seconds: whatever hangs ends with exit code 28, which no test expects. */
const patience = 60;
/** Milliseconds for its start on a busy computer, too. */
const commandMilliseconds = 420_000;

let machine: TestMachine;

beforeAll(async () => {
  const ports = new Map([[80, httpHost(body)]]);
  machine = await startMachine({
    hosts: () => [
      { names: ['files.example', 'www.files.example'], address: '10.0.2.20', ports },
      { names: ['far.example'], address: '203.0.113.7', ports },
    ],
  });
});
afterAll(() => machine?.stop());

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Exit code of curl for the URL, and what it complained of. */
async function curl(url: string): Promise<{ exitCode: number; stderr: string }> {
  const { exitCode, stderr } = await machine.agent.exec(['curl', '-sS', '-o', '/dev/null', '--max-time', String(patience), url], { timeoutMs: commandMilliseconds });
  return { exitCode, stderr };
}

describe('a host of the page', () => {
  it.each(['http://files.example/', 'http://WWW.files.example/', 'http://10.0.2.20/', 'http://far.example/'])('serves megabytes unharmed at %s', async (url) => {
    expect(await machine.learner(`set -o pipefail; curl -sS ${url} | sha256sum`)).toBe(`${digest(body)}  -`);
  });

  it('takes megabytes and gives them back at the same time', async () => {
    const script = `set -eo pipefail; head -c ${uploadBytes} /dev/urandom > /tmp/upload
      curl -sS --data-binary @/tmp/upload http://files.example/echo | cmp - /tmp/upload; sha256sum < /tmp/upload | head -c 64; rm /tmp/upload`;
    expect(await machine.learner(script)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('serves several at once', async () => {
    const script = `set -o pipefail; for n in 1 2 3; do curl -sS http://files.example/ | sha256sum & pids="$pids $!"; done
      for pid in $pids; do wait $pid || exit; done`;
    expect((await machine.learner(script)).split('\n')).toEqual(Array.from({ length: 3 }, () => `${digest(body)}  -`));
  });

  it('leaves nothing behind', async () => {
    await eventually(() => expect(machine.network.counters.connections).toBe(0));
  });

  it('has a name for its address, and an address for its name', async () => {
    expect(await machine.learner('getent hosts far.example')).toMatch(/^203\.0\.113\.7\s+far\.example$/);
    expect(await machine.learner('getent hosts 10.0.2.20')).toMatch(/^10\.0\.2\.20\s+files\.example$/);
  });

  it('is reached from a container', async () => {
    const output = await machine.learner('docker run --rm busybox sh -c "wget -q -O - http://far.example/ | sha256sum"');
    expect(output).toBe(`${digest(body)}  -`);
  });
});

describe('what does not exist', () => {
  it('has no name', async () => {
    expect(await curl('http://nowhere.example/')).toEqual({ exitCode: 6, stderr: expect.stringContaining('Could not resolve host') });
  });

  it.each([
    ['an address outside', 'http://198.51.100.7/', /Network is unreachable|Could not connect/],
    ['an address inside', 'http://10.0.2.99/', /No route to host|Could not connect/],
    ['a port of a host', 'http://files.example:81/', /Connection refused|Could not connect/],
  ])('%s cannot be connected to', async (_, url, words) => {
    const { exitCode, stderr } = await curl(url);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(words);
  });
});

describe('the page', () => {
  it('opens connections to a published port, through to the container', async () => {
    await machine.learner('docker run -d --name web -p 8080:80 nginx');
    const { guestAddress } = machine.manifest.machine.network;
    await eventually(async () => {
      const answer = await httpGet(await machine.network.connect(guestAddress, 8080), '/');
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
      expect(answer).toContain('</html>');
    });
    await machine.learner('docker rm -f web');
    await eventually(() => expect(machine.network.connect(guestAddress, 8080)).rejects.toMatchObject({ fault: 'refused' }));
  });

  it('has as many open at once as it likes', async () => {
    await machine.learner('docker run -d --name web -p 8080:80 nginx');
    const { guestAddress } = machine.manifest.machine.network;
    const get = async (): Promise<string> => httpGet(await machine.network.connect(guestAddress, 8080, { timeout: 60_000 }), '/');
    await eventually(get);
    const answers = await Promise.all(Array.from({ length: 30 }, get));
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    await machine.learner('docker rm -f web');
  });
});
