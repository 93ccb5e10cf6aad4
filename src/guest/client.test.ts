import { afterEach, describe, expect, it } from 'vitest';
import { isDrydockError } from '../shared/errors.ts';
import { concatBytes, decodeUtf8, encodeUtf8 } from './bytes.ts';
import { AgentClient } from './client.ts';
import { encodeFrame, FrameType } from './frames.ts';
import { FakeAgent, type FakeAgentOptions } from './testing/fake-agent.ts';
import { randomSource, splitRandomly } from './testing/random.ts';

let agent: FakeAgent;

async function connect(options: FakeAgentOptions = {}): Promise<AgentClient> {
  agent = new FakeAgent(options);
  const client = new AgentClient(agent.link, { user: 'learner' });
  await client.hello();
  return client;
}

afterEach(() => expect(agent.violations).toEqual([]));

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (isDrydockError(error)) return error.code;
    throw error;
  }
  throw new Error('it did not fail');
}

const equalBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, index) => byte === b[index]);
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

describe('hello', () => {
  it('ignores what an earlier life of the machine still had to say, cut off anywhere', async () => {
    const random = randomSource(3);
    for (let round = 0; round < 50; round += 1) {
      agent = new FakeAgent({ split: (bytes) => splitRandomly(bytes, () => 0) });
      const client = new AgentClient(agent.link, { user: 'learner' });
      const greeting = client.hello();
      agent.sendRaw(encodeFrame(5, FrameType.GUEST_DATA, encodeUtf8('stale')).subarray(random(13)));
      agent.sendRaw(encodeFrame(0, FrameType.HELLO_ACK, new Uint8Array([1, 0, 0, 0, 1, 2, 3, 4])));
      await greeting;
      expect(agent.hellos).toHaveLength(1);
    }
  });

  it('reports a silent agent, another version, a lost link and an abort', async () => {
    agent = new FakeAgent({ mute: true });
    const client = new AgentClient(agent.link, { user: 'learner' });
    expect(await codeOf(client.hello({ timeoutMs: 5 }))).toBe('DD2002');
    const abort = new AbortController();
    const greeting = codeOf(client.hello({ signal: abort.signal }));
    abort.abort();
    expect(await greeting).toBe('DD2011');
    agent.options = { version: 2 };
    expect(await codeOf(client.hello())).toBe('DD2003');
    agent.options = { mute: true };
    const last = codeOf(client.hello());
    agent.stop();
    expect(await last).toBe('DD2012');
    expect((await client.lost).code).toBe('DD2012');
  });

  it('repeats itself for a guest that is still booting', async () => {
    agent = new FakeAgent({ mute: true });
    const client = new AgentClient(agent.link, { user: 'learner' });
    const greeting = client.hello({ retryEveryMs: 2 });
    setTimeout(() => (agent.options = { exec: () => 0 }), 6);
    await greeting;
    expect((await client.exec(['true'])).exitCode).toBe(0);
  });

  it('refuses to work before it, and fails what was open when it is repeated', async () => {
    agent = new FakeAgent({ exec: async ({ channel }) => ((await channel.read()) === null ? 0 : 1) });
    const client = new AgentClient(agent.link, { user: 'learner' });
    expect(await codeOf(client.exec(['true']))).toBe('DD2002');
    await client.hello();
    const pty = await client.openPty({ command: ['bash'], columns: 80, rows: 24 });
    const exit = codeOf(pty.exit);
    await client.hello();
    expect(await exit).toBe('DD2012');
    expect((await client.exec(['true'])).exitCode).toBe(0);
  });
});

describe('exec', () => {
  it('hands over everything and returns both outputs and the exit code', async () => {
    const client = await connect({
      exec: async ({ argv, user, cwd, env, channel, writeError }) => {
        const input = await channel.read();
        await channel.write(`${argv.join('|')} ${user} ${cwd} ${env['A']} ${decodeUtf8(input ?? new Uint8Array())}`);
        await writeError('warning é');
        return 7;
      },
    });
    const result = await client.exec(['ls', '-l', 'a b'], { user: 'root', cwd: '/tmp', env: { A: 'x=y' }, input: 'in' });
    expect(result).toMatchObject({ exitCode: 7, stdout: 'ls|-l|a b root /tmp x=y in', stderr: 'warning é' });
  });

  it('moves 1 MB through the windows both ways without loss, however frames are cut', async () => {
    const random = randomSource(11);
    const data = Uint8Array.from({ length: 1_000_003 }, () => random(256));
    const client = await connect({
      split: (bytes) => splitRandomly(bytes, random),
      exec: async ({ channel }) => {
        for (let part = await channel.read(); part !== null; part = await channel.read()) await channel.write(part);
        return 0;
      },
    });
    const result = await client.exec(['cat'], { input: data, maxOutputBytes: 2_000_000 });
    expect(equalBytes(result.stdoutBytes, data)).toBe(true);
  });

  it('ends the command on time-out, abort and too much output, with an error each', async () => {
    const client = await connect({
      exec: async ({ argv, channel }) => {
        if (argv[0] === 'yes') await channel.write(new Uint8Array(100_000));
        await channel.read();
        return new Promise<number>((resolve) => channel.closed.signal.addEventListener('abort', () => resolve(129)));
      },
    });
    expect(await codeOf(client.exec(['sleep'], { timeoutMs: 5 }))).toBe('DD2007');
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 5);
    expect(await codeOf(client.exec(['sleep'], { signal: abort.signal }))).toBe('DD2011');
    expect(await codeOf(client.exec(['sleep'], { signal: AbortSignal.abort() }))).toBe('DD2011');
    expect(await codeOf(client.exec(['yes'], { maxOutputBytes: 1000 }))).toBe('DD2009');
    await turn();
    expect(agent.openChannels).toBe(0);
  });

  it('names what was refused and why', async () => {
    const client = await connect();
    const error: unknown = await client.exec(['nonsense']).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'DD2004', params: { what: 'nonsense', errno: 'ENOENT', message: 'No such file or directory' } });
    expect(await codeOf(client.exec([]))).toBe('DD2013');
    expect(await codeOf(client.exec(['x'.repeat(70_000)]))).toBe('DD2013');
    expect(await codeOf(client.exec(['x'.repeat(20_000)]))).toBe('DD2013');
  });

  it('fails everything that is open when the link closes, and everything after', async () => {
    const client = await connect({ exec: ({ channel }) => new Promise((resolve) => channel.closed.signal.addEventListener('abort', () => resolve(0))) });
    const running = codeOf(client.exec(['sleep']));
    const pty = await client.openPty({ command: ['bash'], columns: 80, rows: 24 });
    const full = codeOf(pty.write(new Uint8Array(100_000)));
    const exit = codeOf(pty.exit);
    agent.stop();
    expect(await Promise.all([running, full, exit])).toEqual(['DD2012', 'DD2012', 'DD2012']);
    expect(await codeOf(client.readFile('/a'))).toBe('DD2012');
    expect(() => client.setClock(new Date())).toThrow('DD2012');
  });

  it('uses the numbers of ended channels again and says when none is left', async () => {
    const client = await connect({ exec: async ({ channel }) => ((await channel.read()) === null ? 0 : 1) });
    for (let round = 0; round < 300; round += 1) await client.exec(['true']);
    const terminals = await Promise.all(Array.from({ length: 255 }, () => client.openPty({ command: ['bash'], columns: 80, rows: 24 })));
    expect(await codeOf(client.exec(['true']))).toBe('DD2005');
    terminals[9]?.close();
    await turn();
    expect((await client.exec(['true'])).exitCode).toBe(0);
  });
});

describe('protocol breaches of the guest', () => {
  it.each([
    ['a channel that is not open', encodeFrame(9, FrameType.GUEST_DATA, new Uint8Array(1))],
    ['an unknown type', encodeFrame(1, 0x99)],
    ['a payload that is too short', encodeFrame(1, FrameType.GUEST_WINDOW, new Uint8Array(3))],
    ['a payload that is too long', encodeFrame(1, FrameType.EXIT, new Uint8Array(5))],
    ['more data than granted', concatBytes(Array.from({ length: 5 }, () => encodeFrame(1, FrameType.GUEST_DATA, new Uint8Array(16_384))))],
  ])('%s fails the link', async (_name, bytes) => {
    const client = await connect({ exec: () => new Promise(() => {}) });
    const pty = await client.openPty({ command: ['bash'], columns: 80, rows: 24 });
    const exit = codeOf(pty.exit);
    agent.sendRaw(bytes);
    expect(await exit).toBe('DD2012');
    expect((await client.lost).cause).toMatchObject({ code: 'DD2001' });
  });
});

describe('terminals', () => {
  it('carry input, output, size and the exit code', async () => {
    const client = await connect({
      exec: async ({ pty, env, channel }) => {
        await channel.write(`${pty} ${env['LANG']} ${channel.size.columns}x${channel.size.rows}`);
        await channel.read();
        await channel.write(` ${channel.size.columns}x${channel.size.rows}`);
        return 130;
      },
    });
    const pty = await client.openPty({ command: ['bash', '-l'], columns: 80, rows: 24, env: { LANG: 'zh_CN.UTF-8' } });
    pty.resize(100, 30);
    await pty.write('x');
    let output = '';
    pty.onData((bytes, done) => {
      output += decodeUtf8(bytes);
      done();
    });
    expect(await pty.exit).toBe(130);
    expect(output).toBe('true zh_CN.UTF-8 80x24 100x30');
    expect(await codeOf(pty.write('late'))).toBe('DD2006');
  });

  it('stop the guest while the terminal has not dealt with the output', async () => {
    let written = 0;
    const client = await connect({
      exec: async ({ channel }) => {
        for (; written < 40; written += 1) await channel.write(new Uint8Array(10_000));
        return 0;
      },
    });
    const pty = await client.openPty({ command: ['yes'], columns: 80, rows: 24 });
    const held: (() => void)[] = [];
    let received = 0;
    pty.onData((bytes, done) => {
      received += bytes.length;
      held.push(done, done);
    });
    await turn();
    expect(received).toBe(65_536);
    while (received < 400_000) {
      expect(held.length).toBeGreaterThan(0);
      for (const done of held.splice(0)) done();
      await turn();
    }
    expect(await pty.exit).toBe(0);
  });

  it('make a writer wait while the guest reads nothing', async () => {
    let release: () => void = () => {};
    const client = await connect({
      exec: async ({ channel }) => {
        await new Promise<void>((resolve) => (release = resolve));
        let size = 0;
        while (size < 100_000) size += (await channel.read())?.length ?? 0;
        return size === 100_000 ? 0 : 1;
      },
    });
    const pty = await client.openPty({ command: ['cat'], columns: 80, rows: 24 });
    let finished = false;
    const writing = pty.write(new Uint8Array(100_000)).then(() => (finished = true));
    await turn();
    expect(finished).toBe(false);
    release();
    await writing;
    expect(await pty.exit).toBe(0);
  });
});

describe('files', () => {
  it('are written, read and listed', async () => {
    const client = await connect();
    agent.files.set('/home/learner/run.sh', '', 0o755);
    const content = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    await client.writeFile('/home/learner/a', content);
    await client.writeFile('/home/learner/run.sh', 'echo 你好', {});
    await client.writeFile('/home/learner/sub/secret', 'x', { mode: 0o600 });
    expect(equalBytes(await client.readFile('/home/learner/a'), content)).toBe(true);
    expect(await codeOf(client.readFile('/home/learner/a', { maxBytes: 1000 }))).toBe('DD2009');
    const entries = (await client.listDir('/home/learner')).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(entries.map(({ name, type, size }) => ({ name, type, size }))).toEqual([
      { name: 'a', type: 'file', size: 200_000 },
      { name: 'run.sh', type: 'file', size: encodeUtf8('echo 你好').length },
      { name: 'sub', type: 'directory', size: 4096 },
    ]);
    expect(entries[1]?.mode).toBe(0o100755);
    expect(entries[0]?.modified).toEqual(new Date(1_700_000_000_000));
    expect(await codeOf(client.readFile('/nowhere'))).toBe('DD2004');
    expect(await codeOf(client.listDir('/nowhere'))).toBe('DD2004');
  });

  it('are watched, with records cut anywhere, until disposed', async () => {
    const client = await connect({ split: (bytes) => [...bytes].map((byte) => new Uint8Array([byte])) });
    agent.files.addDirectory('/home/learner');
    const changes: string[] = [];
    const watch = await client.watch('/home/learner', ({ what, isDirectory, path }) => changes.push(`${what} ${isDirectory} ${path}`));
    agent.files.set('/home/learner/src/文件', '1');
    agent.files.set('/home/learner/src/文件', '2');
    agent.files.set('/etc/passwd', '');
    agent.files.remove('/home/learner/src/文件');
    await turn();
    expect(changes).toEqual(['created true src', 'created false src/文件', 'modified false src/文件', 'deleted false src/文件']);
    watch.dispose();
    await watch.ended;
    agent.files.set('/home/learner/late', '');
    await turn();
    expect(changes).toHaveLength(4);
    expect(agent.openChannels).toBe(0);
  });
});

describe('sockets', () => {
  it('are read at the pace of the reader and closed from either side', async () => {
    const client = await connect({
      sockets: {
        '/run/echo.sock': async (socket) => {
          for (let part = await socket.read(); part !== null; part = await socket.read()) await socket.write(part);
        },
      },
    });
    const socket = await client.connectUnix('/run/echo.sock');
    const data = new Uint8Array(150_000).fill(3);
    const writing = socket.write(data).then(() => socket.end());
    let size = 0;
    for (let part = await socket.read(); part !== null; part = await socket.read()) size += part.length;
    await writing;
    expect(size).toBe(150_000);
    expect(await socket.read()).toBeNull();
    expect(await codeOf(client.connectUnix('/run/other.sock'))).toBe('DD2004');

    const other = await client.connectUnix('/run/echo.sock');
    const reading = codeOf(other.read());
    other.close();
    expect(await reading).toBe('DD2006');
  });
});

it('sets the clock to the nanosecond field and adds entropy', async () => {
  const client = await connect();
  client.setClock(new Date(1_763_774_158_250));
  client.addEntropy(new Uint8Array([1, 2, 3]));
  await turn();
  expect(agent.clock).toEqual({ seconds: 1_763_774_158, nanoseconds: 250_000_000 });
  expect(agent.entropy).toEqual([new Uint8Array([1, 2, 3])]);
  expect(() => client.addEntropy(new Uint8Array(0))).toThrow(RangeError);
});
