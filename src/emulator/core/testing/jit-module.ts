/** Modules of the form that v86's JIT gives them (see ../jit/page-code.ts), with code of the test's own. */
import { addInstructions, localsToRegisters, registersToLocals } from '../jit/page-code.ts';
import { emptyBlock, functionType, op, section, valueType, WasmWriter } from '../jit/wasm-binary.ts';

/** A number of a segment: the code behind the block of the spine with that number. */
export type Destination = number | 'main' | 'fault' | 'exit';

export interface SegmentWriting {
  readonly out: WasmWriter;
  /** The label of a branch that is within so many blocks of the segment's own. */
  to(destination: Destination, depth: number): number;
}

export type SegmentCode = (writing: SegmentWriting) => void;

export interface JitModule {
  /** By their number; the one with the largest comes first. */
  readonly segments: readonly SegmentCode[];
  /** For each state the segment that it begins with. */
  readonly entries: readonly number[];
  /** Whether the dispatch is a table or a row of comparisons. */
  readonly table: boolean;
  /** Instructions after which the function is left. */
  readonly limit: number;
}

/** Functions that are imported: `exit_jit()` and `trace(i32)`; locals from 10 on are free. */
export function jitModule({ segments, entries, table, limit }: JitModule): Uint8Array<ArrayBuffer> {
  const out = new WasmWriter(4096);
  out.put(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const add = (id: number, fill: (content: WasmWriter) => void): void => {
    const content = new WasmWriter(4096);
    fill(content);
    out.put(id).sized(content.written);
  };
  const name = (text: string): number[] => [text.length, ...[...text].map((letter) => letter.charCodeAt(0))];
  add(section.type, (content) => content.put(2, functionType, 0, 0, functionType, 1, valueType.i32, 0));
  add(section.import, (content) => content.put(3, ...name('e'), ...name('exit_jit'), 0, 0, ...name('e'), ...name('trace'), 0, 1, ...name('e'), ...name('m'), 2, 0, 1));
  add(section.function, (content) => content.put(1, 1));
  add(section.export, (content) => content.put(1, ...name('f'), 0, 2));
  add(section.code, (content) => {
    const body = new WasmWriter(4096);
    body.put(2, 12, valueType.i32, 2, valueType.i64).copy(registersToLocals).constant(0).indexed(op.localSet, 9);
    body.put(op.block, emptyBlock, op.block, emptyBlock, op.loop, emptyBlock).indexed(op.localGet, 9).constant(limit).put(op.i32GeU, op.brIf, 2);
    for (let block = 0; block < segments.length; block++) body.put(op.block, emptyBlock);
    const label = (open: number, destination: Destination): number => {
      if (typeof destination === 'number') return open - 1 - destination;
      return open + { main: 0, fault: 1, exit: 2 }[destination];
    };
    if (table) {
      body.indexed(op.localGet, 0).indexed(op.brTable, entries.length);
      for (const entry of entries) body.unsigned(label(segments.length, entry));
      body.unsigned(label(segments.length, entries[0] ?? 0));
    } else {
      for (const [state, entry] of entries.entries()) body.indexed(op.localGet, 0).constant(state).put(op.i32Eq).indexed(op.brIf, label(segments.length, entry));
    }
    for (let block = segments.length - 1; block >= 0; block--) {
      body.put(op.end);
      segments[block]?.({ out: body, to: (destination, depth) => depth + label(block, destination) });
    }
    body.put(op.end, op.end).copy(localsToRegisters).put(op.call, 0).copy(addInstructions).put(op.return);
    body.put(op.end).copy(localsToRegisters).copy(addInstructions).put(op.end);
    content.put(1).sized(body.written);
  });
  return out.written.slice();
}
