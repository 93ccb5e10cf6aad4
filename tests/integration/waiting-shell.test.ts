/** A saved machine has a shell at its prompt, for the first terminal that is opened in it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shellCommand } from '../../src/guest/exec.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { Terminal } from '../support/terminal.ts';
import { eventually } from '../support/eventually.ts';

let machine: TestMachine;

beforeAll(async () => {
  machine = await startMachine();
});
afterAll(() => machine?.stop());

const openShell = () => machine.agent.openPty({ command: shellCommand, columns: 91, rows: 27 });

it('is a shell of the learner like any other, in the size of its terminal, and is there once', async () => {
  const [waiting] = (await machine.root('pgrep -x -u learner bash')).split('\n');
  const first = await Terminal.open(machine.agent, { columns: 91, rows: 27 });
  const shell = (command: string): Promise<string> => first.run(command);
  expect(await shell('echo $$')).toBe(waiting);
  expect(await shell('stty size')).toBe('27 91');
  expect(await shell('id -un; pwd; echo $TERM $LANG $SHLVL')).toBe('learner\n/home/learner\nxterm-256color C.UTF-8 1');
  const second = await openShell();
  expect(String(second.pid)).not.toBe(waiting);
  second.close();
  first.close();
});

it('can be asked for again; a later request takes its place, and one that ended is not handed out', async () => {
  const { agent } = machine;
  const prepare = (): Promise<void> => agent.prepareTerminal({ command: shellCommand, columns: 80, rows: 24 });
  const shells = async (): Promise<string[]> => (await machine.root('pgrep -x -u learner bash || true')).split('\n').filter((line) => line !== '');
  await eventually(async () => expect(await shells()).toEqual([]));
  await prepare();
  const [older] = await shells();
  await prepare();
  await eventually(async () => expect(await shells()).toHaveLength(1));
  const [newer] = await shells();
  expect(newer).not.toBe(older);
  await machine.root(`kill -9 ${newer}`);
  await eventually(async () => expect(await shells()).toEqual([]));
  const opened = await openShell();
  expect(String(opened.pid)).not.toBe(newer);
  const printed = Promise.withResolvers<void>();
  const decoder = new TextDecoder();
  opened.onData((bytes, done) => {
    if (decoder.decode(bytes, { stream: true }).includes('$ ')) printed.resolve();
    done();
  });
  await printed.promise;
  opened.close();
});

it('goes only to who asks for the same', async () => {
  const { agent } = machine;
  await agent.prepareTerminal({ command: shellCommand, columns: 80, rows: 24 });
  const other = await agent.openPty({ command: shellCommand, columns: 80, rows: 24, cwd: '/' });
  const same = await openShell();
  expect(same.pid).toBeLessThan(other.pid);
  other.close();
  same.close();
});
