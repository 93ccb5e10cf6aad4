/** The link to the guest under load: no byte is lost, nothing hangs, and everything acts with the learner's rights. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DirEntry, FileChange } from '../../src/guest/files.ts';
import type { Pty } from '../../src/guest/exec.ts';
import { AgentClient } from '../../src/guest/client.ts';
import { randomBytes } from '../../src/emulator/core/testing/random.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';
import { eventually } from '../support/eventually.ts';

/** What either side of a channel may send without a grant (vm-images/agent/PROTOCOL.md). */
const windowBytes = 65_536;

let machine: TestMachine;
let agent: AgentClient;
const home = () => machine.manifest.guest.home;

beforeAll(async () => {
  machine = await startMachine();
  ({ agent } = machine);
});
afterAll(() => machine?.stop());

const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const guestHash = async (path: string) => (await machine.learner(`sha256sum ${path}`)).split(' ')[0];

/** A program at a terminal without a shell, and all it prints. */
async function openProgram(...command: string[]): Promise<{ pty: Pty; printed: () => string; output: () => Promise<string> }> {
  const pty = await agent.openPty({ command, columns: 80, rows: 24 });
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  pty.onData((bytes, done) => {
    pieces.push(decoder.decode(bytes, { stream: true }));
    done();
  });
  return {
    pty,
    printed: () => pieces.join(''),
    async output() {
      await pty.exit;
      return pieces.join('');
    },
  };
}

describe('flow control', () => {
  it('stops `yes` by Ctrl-C, with little output after it', async () => {
    const terminal = await Terminal.open(agent);
    terminal.press('yes\r');
    await terminal.waitForBytes(400_000);
    terminal.clear();
    const before = terminal.received;
    terminal.press('\x03');
    await terminal.until(/learner@drydock:~\$ $/);
    expect(terminal.received - before).toBeLessThan(8 * windowBytes);
    expect(await terminal.run('echo still here')).toBe('still here');
    terminal.close();
  });

  it('holds a guest back that prints more than is taken, and hears Ctrl-C meanwhile', async () => {
    const terminal = await Terminal.open(agent);
    terminal.freeze();
    const before = terminal.received;
    terminal.press('yes\r');
    await terminal.waitForBytes(before + windowBytes / 2);
    // Other channels go on; by the time this ends the guest has long run into the window.
    await machine.learner('sleep 2');
    expect(terminal.received - before).toBeLessThanOrEqual(windowBytes);
    // Before the key: on a slow machine the window may not be full yet, and the prompt comes through at once.
    terminal.clear();
    terminal.press('\x03');
    await eventually(async () => expect(await machine.learner('pgrep -x yes || true')).toBe(''));
    terminal.unfreeze();
    await terminal.until(/learner@drydock:~\$ $/);
    terminal.close();
  });

  it('brings `cat` of 10 MB whole', async () => {
    await machine.learner('head -c 7864320 /dev/urandom | base64 > big');
    const { output } = await openProgram('cat', 'big');
    const text = (await output()).replaceAll('\r\n', '\n');
    expect(text.length).toBeGreaterThan(10_000_000);
    expect(hashOf(text)).toBe(await guestHash('big'));
    await machine.learner('rm big');
  });

  it('takes a paste of 100 KB whole', async () => {
    const lines = Array.from({ length: 1600 }, (_, index) => `${index} ${'Ahoy, 容器! '.repeat(4)}`.padEnd(60, '.'));
    const text = `${lines.join('\n')}\n`;
    expect(Buffer.byteLength(text)).toBeGreaterThan(100_000);
    const terminal = await Terminal.open(agent);
    terminal.clear();
    terminal.press('cat > pasted\r');
    await terminal.until(/pasted\n/);
    // A paste has carriage returns for line ends, as the Enter key sends.
    terminal.press(text.replaceAll('\n', '\r'));
    terminal.press('\x04');
    await terminal.until(/learner@drydock:~\$ $/);
    expect(await guestHash('pasted')).toBe(hashOf(text));
    terminal.close();
  });

  it('takes a paste of 100 KB in one piece where the terminal is raw', async () => {
    const text = Buffer.from(randomBytes(75_000, 4)).toString('base64');
    const { pty, printed, output } = await openProgram('sh', '-c', `stty raw -echo; echo ready; head -c ${text.length} | sha256sum`);
    await eventually(() => expect(printed()).toContain('ready'));
    await pty.write(text);
    expect(await output()).toContain(hashOf(text));
  });
});

describe('terminals', () => {
  it('are several, each its own, all at once', async () => {
    const terminals = await Promise.all([1, 2, 3].map(() => Terminal.open(agent)));
    const names = await Promise.all(terminals.map((terminal) => terminal.run('tty')));
    expect(new Set(names).size).toBe(3);
    const counts = await Promise.all(terminals.map((terminal, index) => terminal.run(`seq -f '${index}:%g' 1 1200`)));
    counts.forEach((count, index) => {
      expect(count).toBe(Array.from({ length: 1200 }, (_, line) => `${index}:${line + 1}`).join('\n'));
    });
    for (const terminal of terminals) terminal.close();
  });

  it('tell programs their size, also when it changes', async () => {
    const terminal = await Terminal.open(agent, { columns: 90, rows: 30 });
    expect(await terminal.run('stty size')).toBe('30 90');
    terminal.pty.resize(120, 40);
    expect(await terminal.run('stty size; echo $LINES $COLUMNS')).toBe('40 120\n40 120');
    terminal.close();
  });

  it('end with the exit code of their shell', async () => {
    const terminal = await Terminal.open(agent);
    terminal.press('exit 3\r');
    await expect(terminal.pty.exit).resolves.toBe(3);
  });

  it('take their processes along when they are closed in the middle', async () => {
    const terminal = await Terminal.open(agent);
    terminal.press('sleep 4201\r');
    await eventually(async () => expect(await machine.learner('pgrep -fx "sleep 4201"')).not.toBe(''));
    terminal.close();
    await expect(terminal.pty.exit).rejects.toMatchObject({ kind: 'channel-closed' });
    await eventually(async () => expect(await machine.learner('pgrep -fx "sleep 4201" || true')).toBe(''));
  });
});

describe('commands', () => {
  it('give exit code and both outputs apart', async () => {
    expect(await agent.exec(['sh', '-c', 'echo out; echo err >&2; exit 7'])).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
    expect(await agent.exec(['cat'], { input: '容器' })).toMatchObject({ exitCode: 0, stdout: '容器' });
    expect(await agent.exec(['sh', '-c', 'echo $HOME $GREETING; pwd'], { env: { GREETING: 'Ahoy' }, cwd: '/tmp' })).toMatchObject({ stdout: `${home()} Ahoy\n/tmp\n` });
  });

  it('give 128 and the signal that ended them', async () => {
    expect(await agent.exec(['sh', '-c', 'kill -KILL $$'])).toMatchObject({ exitCode: 137 });
    expect(await agent.exec(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ exitCode: 143 });
  });

  it('that cannot be started say why', async () => {
    await expect(agent.exec(['no-such-command'])).rejects.toMatchObject({ kind: 'channel-refused', params: { errno: 'ENOENT' } });
    await expect(agent.exec(['/etc/passwd'])).rejects.toMatchObject({ kind: 'channel-refused', params: { errno: 'EACCES' } });
    await expect(agent.exec(['true'], { user: 'nobody-here' })).rejects.toMatchObject({ kind: 'channel-refused', params: { errno: 'ENOENT' } });
  });

  it('are ended in the guest when they take too long or are abandoned', async () => {
    await expect(agent.exec(['sleep', '4202'], { timeoutMs: 1500 })).rejects.toMatchObject({ kind: 'command-timed-out' });
    const abandon = new AbortController();
    const work = agent.exec(['sh', '-c', 'echo started > abandoned; sleep 4203; true'], { signal: abandon.signal });
    await eventually(async () => expect(await machine.learner('cat abandoned')).toBe('started'));
    abandon.abort();
    await expect(work).rejects.toMatchObject({ kind: 'operation-cancelled' });
    await eventually(async () => expect(await machine.learner('pgrep -f "^sleep 420[23]" || true')).toBe(''));
  });

  it('do not wait for what they leave running in the background', async () => {
    const result = await agent.exec(['sh', '-c', 'sleep 4204 >/dev/null 2>&1 & echo done']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n' });
    await machine.learner('pkill -fx "sleep 4204"');
  });

  it('run side by side', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const results = await Promise.all(numbers.map((number) => agent.exec(['sh', '-c', `sleep 0.$((RANDOM % 9)); echo ${number}`])));
    expect(results.map((result) => Number(result.stdout))).toEqual(numbers);
  });
});

describe('files', () => {
  it('of 2 MB go there and back whole', async () => {
    const content = randomBytes(2 << 20, 5);
    await agent.writeFile(`${home()}/blob`, content);
    expect(await guestHash('blob')).toBe(hashOf(content));
    expect(hashOf(await agent.readFile(`${home()}/blob`))).toBe(hashOf(content));
    await expect(agent.readFile(`${home()}/blob`, { maxBytes: 1 << 20 })).rejects.toMatchObject({ kind: 'output-too-large' });
  });

  it('belong to the learner; a new one has mode 0644, an old one keeps its own, and a link stays a link', async () => {
    const path = `${home()}/note`;
    await agent.writeFile(path, 'one');
    expect(await machine.learner('stat -c "%U:%G %a" note')).toBe('learner:learner 644');
    await machine.learner('chmod 750 note; ln -s note alias');
    await agent.writeFile(`${home()}/alias`, 'two');
    expect(await machine.learner('stat -c "%a %F" note alias; cat note')).toBe('750 regular file\n777 symbolic link\ntwo');
    await agent.writeFile(path, 'three', { mode: 0o600 });
    expect(await machine.learner('stat -c %a note')).toBe('600');
    await agent.writeFile(path, '');
    expect(await agent.readFile(path)).toHaveLength(0);
  });

  it('are guarded by the rights of the learner', async () => {
    const hosts = await machine.learner('cat /etc/hosts');
    const refused = { kind: 'channel-refused', params: { errno: 'EACCES' } };
    await expect(agent.writeFile('/etc/hosts', 'mine')).rejects.toMatchObject(refused);
    await expect(agent.writeFile('/etc/mine', 'mine')).rejects.toMatchObject(refused);
    await expect(agent.readFile('/etc/shadow')).rejects.toMatchObject(refused);
    await expect(agent.listDir('/root')).rejects.toMatchObject(refused);
    await expect(agent.watch('/root', () => undefined)).rejects.toMatchObject(refused);
    await expect(agent.readFile(`${home()}/absent`)).rejects.toMatchObject({ kind: 'channel-refused', params: { errno: 'ENOENT' } });
    await expect(agent.readFile(home())).rejects.toMatchObject({ kind: 'channel-refused', params: { errno: 'EISDIR' } });
    expect(await machine.learner('cat /etc/hosts')).toBe(hosts);
    expect(await machine.learner('ls -A ~ | grep -c drydock- || true')).toBe('0');
  });

  it('of a directory are listed with type, size and mode', async () => {
    await machine.learner('mkdir -p list/sub; printf 12345 > list/文件; chmod 640 list/文件; ln -s sub list/link; mkfifo list/pipe');
    const entries = await agent.listDir(`${home()}/list`);
    const short = ({ name, type, mode, size }: DirEntry) => [name, type, (mode & 0o777).toString(8), type === 'file' ? size : undefined];
    const byName = (a: DirEntry, b: DirEntry) => (a.name < b.name ? -1 : 1);
    expect(entries.sort(byName).map(short)).toEqual([
      ['link', 'link', '777', undefined],
      ['pipe', 'other', '644', undefined],
      ['sub', 'directory', '755', undefined],
      ['文件', 'file', '640', 5],
    ]);
    const written = entries.find((entry) => entry.type === 'file')?.modified.getTime() ?? 0;
    expect(Math.abs(written - Date.now())).toBeLessThan(600_000);
    const many = await agent.listDir('/usr/bin');
    expect(many.map((entry) => entry.name).sort()).toEqual((await machine.learner('ls -A /usr/bin')).split('\n').sort());
  });
});

describe('a watch', () => {
  it('tells what is created, changed, renamed and deleted, also in new folders and under their new names', async () => {
    await machine.learner('mkdir -p seen/old');
    const changes: FileChange[] = [];
    const watch = await agent.watch(`${home()}/seen`, (change) => changes.push(change));
    const sees = async (script: string, ...expected: Pick<FileChange, 'what' | 'path'>[]) => {
      changes.length = 0;
      await machine.learner(script, { cwd: `${home()}/seen` });
      await eventually(() => expect(changes.map(({ what, path }) => ({ what, path }))).toEqual(expect.arrayContaining(expected)));
    };
    await sees('echo 1 > one', { what: 'created', path: 'one' }, { what: 'modified', path: 'one' });
    await sees('mkdir -p a/b', { what: 'created', path: 'a' }, { what: 'created', path: 'a/b' });
    await sees('echo 2 > a/b/two', { what: 'created', path: 'a/b/two' }, { what: 'modified', path: 'a/b/two' });
    await sees('echo 3 >> a/b/two', { what: 'modified', path: 'a/b/two' });
    await sees('mv a/b/two old/three', { what: 'deleted', path: 'a/b/two' }, { what: 'created', path: 'old/three' });
    await sees('mv a/b a/c', { what: 'deleted', path: 'a/b' }, { what: 'created', path: 'a/c' });
    await sees('echo 4 > a/c/four', { what: 'created', path: 'a/c/four' }, { what: 'modified', path: 'a/c/four' });
    await sees('rm one old/three', { what: 'deleted', path: 'one' }, { what: 'deleted', path: 'old/three' });
    await sees('rm -r a', { what: 'deleted', path: 'a' });
    changes.length = 0;
    await agent.writeFile(`${home()}/seen/saved`, 'by the editor');
    await eventually(() => expect(changes.map((change) => change.path)).toContain('saved'));
    expect(changes.filter((change) => change.path !== 'saved')).toEqual([]);
    watch.dispose();
    await watch.ended;
    changes.length = 0;
    await machine.learner('echo 5 > seen/five');
    expect(changes).toEqual([]);
  });
});

describe('a connection', () => {
  it('to a socket may be given up in the middle', async () => {
    const duplex = await agent.connectUnix('/run/docker.sock');
    await duplex.write(new TextEncoder().encode('GET /events HTTP/1.1\r\nHost: docker\r\n\r\n'));
    expect(await duplex.read()).not.toBeNull();
    duplex.close();
    await expect(duplex.read()).rejects.toMatchObject({ kind: 'channel-closed' });
    await expect(agent.connectUnix('/run/nothing.sock')).rejects.toMatchObject({ kind: 'channel-refused', params: { errno: 'ENOENT' } });
    expect((await machine.engine.version()).Version).toBe(machine.manifest.guest.engineVersion);
  });

  // Last in this file: it ends what is open.
  it('greeted again and again, as a machine is that wakes slowly, takes what is typed afterwards key by key', async () => {
    // A greeting that is read together with what follows it, as one is that was repeated before the first answer came.
    const greeted = agent.hello();
    agent.setClock(new Date());
    agent.addEntropy(new Uint8Array(256));
    await greeted;
    const terminal = await Terminal.open(agent);
    const line = 'echo 0123456789012345678901234567890123456789';
    for (const key of line) {
      terminal.press(key);
      await terminal.until((text) => text.endsWith(key), { timeoutMs: 20_000 });
    }
    expect(await terminal.run('')).toBe('0123456789012345678901234567890123456789');
    terminal.close();
  });

  it('greeted anew ends all that was open, and works on', async () => {
    const terminal = await Terminal.open(agent);
    terminal.press('sleep 4205\r');
    const watch = await agent.watch(home(), () => undefined);
    await eventually(async () => expect(await machine.learner('pgrep -fx "sleep 4205"')).not.toBe(''));
    const ends = [terminal.pty.exit, watch.ended].map((end) => expect(end).rejects.toMatchObject({ kind: 'link-closed' }));
    await machine.greet();
    await Promise.all(ends);
    await eventually(async () => expect(await machine.learner('pgrep -fx "sleep 4205" || true')).toBe(''));
    const again = await Terminal.open(agent);
    expect(await again.run('echo back')).toBe('back');
    again.close();
  });
});
