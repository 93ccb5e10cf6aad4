import { describe, expect, it } from 'vitest';
import { printingProgram } from './elf.ts';

interface Segment {
  address: number;
  bytes: Uint8Array;
}

/** Reads the program as the kernel does. */
function load(file: Uint8Array): { entry: number; segment: Segment; flags: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  expect([...file.subarray(0, 7)]).toEqual([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  expect([view.getUint16(16, true), view.getUint16(18, true)]).toEqual([2, 3]);
  const header = view.getUint32(28, true);
  expect([view.getUint16(40, true), view.getUint16(42, true), view.getUint16(44, true)]).toEqual([52, 32, 1]);
  const field = (index: number): number => view.getUint32(header + index * 4, true);
  expect(field(0)).toBe(1);
  expect(field(5)).toBe(field(4));
  expect((field(2) - field(1)) % field(7)).toBe(0);
  return { entry: view.getUint32(24, true), flags: field(6), segment: { address: field(2), bytes: file.subarray(field(1), field(1) + field(4)) } };
}

/** Runs the few instructions the program is made of; `write` says how many bytes it took, or a negative errno. */
function run(file: Uint8Array, write: (bytes: Uint8Array) => number): number {
  const { entry, segment } = load(file);
  const view = new DataView(segment.bytes.buffer, segment.bytes.byteOffset, segment.bytes.byteLength);
  const register = [0, 0, 0, 0]; // eax, ecx, edx, ebx
  const at = (index: number): number => register[index] ?? 0;
  let result = 0;
  for (let pc = entry - segment.address, steps = 0; steps < 1000; steps++) {
    const [opcode = 0, operand = 0] = segment.bytes.subarray(pc, pc + 2);
    const [to, from] = [operand & 7, (operand >> 3) & 7];
    pc += 2;
    if (opcode >= 0xb8 && opcode <= 0xbb) {
      register[opcode - 0xb8] = view.getInt32(pc - 1, true);
      pc += 3;
    } else if (opcode === 0x40) {
      register[0] = at(0) + 1;
      pc -= 1;
    } else if (opcode === 0x85) result = at(to) & at(from);
    else if (opcode === 0x01) result = register[to] = at(to) + at(from);
    else if (opcode === 0x29) result = register[to] = at(to) - at(from);
    else if (opcode === 0x31) result = register[to] = at(to) ^ at(from);
    else if (opcode === 0x89) register[to] = at(from);
    else if (opcode === 0x7e) pc += result <= 0 ? (operand << 24) >> 24 : 0;
    else if (opcode === 0x75) pc += result !== 0 ? (operand << 24) >> 24 : 0;
    else if (opcode === 0xcd && operand === 0x80) {
      if (at(0) === 1) return at(3);
      expect([at(0), at(3)]).toEqual([4, 1]);
      const start = at(1) - segment.address;
      register[0] = write(segment.bytes.subarray(start, start + at(2)));
    } else throw new Error(`unknown instruction ${opcode.toString(16)}`);
  }
  throw new Error('it does not end');
}

describe('printingProgram', () => {
  const program = printingProgram(new TextEncoder().encode('Hello, 你好\n'));

  it('is one segment that may be read and executed', () => {
    expect(load(program).flags).toBe(5);
  });

  it('prints the text and ends with 0', () => {
    const written: Uint8Array[] = [];
    const status = run(program, (bytes) => {
      written.push(bytes);
      return bytes.length;
    });
    expect(status).toBe(0);
    expect(Buffer.concat(written).toString('utf8')).toBe('Hello, 你好\n');
  });

  it('goes on after a short write', () => {
    let text = '';
    const status = run(program, (bytes) => {
      text += Buffer.from(bytes.subarray(0, 3)).toString('latin1');
      return Math.min(3, bytes.length);
    });
    expect(status).toBe(0);
    expect(Buffer.from(text, 'latin1').toString('utf8')).toBe('Hello, 你好\n');
  });

  it.each([-32, 0])('ends with 1 when write returns %s', (answer) => {
    expect(run(program, () => answer)).toBe(1);
  });
});
