import { expect, it } from 'vitest';
import { InstructionCounter } from './instruction-counter.ts';

it('only grows: over the wrap of 32 bits and over a reset of the processor', () => {
  let raw = 2 ** 32 - 100;
  const counter = new InstructionCounter(() => raw);
  raw = 50;
  expect(counter.sample()).toBe(150);
  raw = 1_000_050;
  expect(counter.sample()).toBe(1_000_150);
  raw = 20;
  expect(counter.sample()).toBe(1_000_170);
});
