import { expect, it, vi } from 'vitest';
import { hearAgentStarts } from './agent-starts.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

it('hears the announcement, in pieces of any size', () => {
  const onStart = vi.fn();
  const receive = hearAgentStarts(onStart);
  for (const piece of ['[  3.1] kernel\r\n', '\n@@ag', 'ent\r', '\nmore\n']) receive(bytes(piece));
  expect(onStart).toHaveBeenCalledTimes(1);
  receive(bytes('\n@@agent\n'));
  expect(onStart).toHaveBeenCalledTimes(2);
});

it('hears nothing else', () => {
  const onStart = vi.fn();
  const receive = hearAgentStarts(onStart);
  receive(bytes(`said @@agent\n@@agent again\n${'x'.repeat(200)}@@agent\n@@agent`));
  expect(onStart).not.toHaveBeenCalled();
});
