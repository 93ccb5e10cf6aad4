import { expect, it } from 'vitest';
import { busyboxApplets } from './applets.ts';

it('reads the sorted table and stops at its end', () => {
  const program = Buffer.from('ELF\0[\0[[\0nope\0code[\0[[\0acpid\0ls\0sh\0zcat\0\0usage: abc\0', 'latin1');
  expect(busyboxApplets(program)).toEqual(['[', '[[', 'acpid', 'ls', 'sh', 'zcat']);
});

it('refuses a program without one', () => {
  expect(() => busyboxApplets(Buffer.from('[\0[[\0x\0'))).toThrow(SyntaxError);
});
