/**
 * Reads the WebAssembly that v86's JIT makes of a page of the guest's code (`jit_generate_module` in src/rust/jit.rs):
 *
 *     registers from memory to locals 1 to 8; instructions counted from 0 in local 9
 *     block exit
 *       block fault
 *         loop main                      ;; leaves after some instructions
 *           block 0                      ;; the spine: one in another, closed one after another
 *             block 1
 *               dispatch                 ;; branches to the end of the block where the state, local 0, begins
 *             end 1
 *             segment 1                  ;; code of the guest; branches forward to ends of blocks, to main, fault or exit
 *           end 0
 *           segment 0
 *         end main
 *       end fault
 *       registers back to memory; exit_jit(); instructions added to those of the machine; return
 *     end exit
 *     registers back to memory; instructions added
 */
import { emptyBlock, op, section, valueType, WasmReader, WasmWriter } from './wasm-binary.ts';

/** Where v86 keeps the eight registers of the processor, and the number of instructions executed (src/rust/cpu/global_pointers.rs). */
const registersAddress = 64;
const instructionsAddress = 664;
const registers = 8;

/** The local that holds the state with which the function is called, or main gone on with. */
export const stateLocal = 0;
/** The local that counts instructions. */
export const countLocal = registers + 1;
/** From here on a local serves for what one instruction of the guest needs. */
const firstTemporary = countLocal + 1;

/** Where a branch leads that leaves its segment; otherwise the number of the block of the spine behind which it leads. */
export const leads = { exit: -1, fault: -2, main: -3 } as const;

/** An instruction of a segment that leaves it. */
export interface Branch {
  /** Offsets in the module. */
  readonly begin: number;
  readonly end: number;
  readonly opcode: number;
  /** Blocks of the segment itself that are open there. */
  readonly depth: number;
  /** For each of its labels: one of `leads` or a number as there, or, for labels within the segment, `inner(label)`. */
  readonly targets: readonly number[];
}

const innerBase = 1_000_000;
export const inner = (label: number): number => innerBase + label;
/** The label of a target within the segment, otherwise undefined. */
export const innerLabel = (target: number): number | undefined => (target >= innerBase ? target - innerBase : undefined);

export interface Segment {
  /** Offsets in the module. */
  readonly begin: number;
  readonly end: number;
  readonly branches: readonly Branch[];
}

export interface PageCode {
  readonly module: Uint8Array<ArrayBuffer>;
  /** Offsets of the content of sections. */
  readonly types: Range;
  readonly imports: Range;
  readonly exports: Range;
  /** Index of the type of `f`. */
  readonly type: number;
  readonly importedFunctions: number;
  /** As they are declared: offsets, number of groups included. */
  readonly locals: Range;
  readonly localTypes: readonly number[];
  /** Locals besides state, registers and count that one segment sets and another one uses. */
  readonly carried: readonly number[];
  /** Instructions after which main is left. */
  readonly limit: number;
  readonly dispatch: Segment;
  /** By the block of the spine behind which they are. */
  readonly segments: readonly Segment[];
  /** Index of the function that v86 has called after a fault. */
  readonly exitJit: number;
}

export interface Range {
  readonly begin: number;
  readonly end: number;
}

/** `registersToLocals` as the JIT writes it. */
export const registersToLocals = write((writer) => {
  for (let index = 0; index < registers; index++) writer.constant(registersAddress + 4 * index).put(op.i32Load, 2, 0).indexed(op.localSet, index + 1);
});
export const localsToRegisters = write((writer) => {
  for (let index = 0; index < registers; index++) writer.constant(registersAddress + 4 * index).indexed(op.localGet, index + 1).put(op.i32Store, 2, 0);
});
/** Adds the local `countLocal`. */
export const addInstructions = write((writer) => {
  writer.constant(instructionsAddress).constant(instructionsAddress).put(op.i32Load, 2, 0).indexed(op.localGet, countLocal).put(op.i32Add, op.i32Store, 2, 0);
});

/** Throws `RangeError` if the module is not as described. */
export function readPageCode(module: Uint8Array<ArrayBuffer>): PageCode {
  const found = sections(module);
  const range = (id: number): Range => {
    const known = found.get(id);
    if (known === undefined) throw new RangeError(`no section ${id}`);
    return known;
  };
  if (found.size !== 5) throw new RangeError('other sections than expected');
  const functions = new WasmReader(module, range(section.function).begin);
  functions.expect(1);
  const type = functions.unsigned();

  const reader = new WasmReader(module, range(section.code).begin);
  reader.expect(1);
  reader.unsigned();
  const locals = { begin: reader.position, end: 0 };
  const localTypes = [...readLocals(reader)];
  locals.end = reader.position;
  reader.expect(...registersToLocals, op.i32Const, 0, op.localSet, countLocal);
  reader.expect(op.block, emptyBlock, op.block, emptyBlock, op.loop, emptyBlock, op.localGet, countLocal, op.i32Const);
  const limit = reader.signed();
  reader.expect(op.i32GeU, op.brIf, 2);
  const { dispatch, segments, carried } = new BodyReader(reader, localTypes.length).read();
  if (segments.length === 0) throw new RangeError('no blocks');
  // Of fault.
  reader.expect(op.end);
  reader.expect(...localsToRegisters, op.call);
  const exitJit = reader.unsigned();
  reader.expect(...addInstructions, op.return, op.end, ...localsToRegisters, ...addInstructions, op.end);
  return {
    module,
    types: range(section.type),
    imports: range(section.import),
    exports: range(section.export),
    type,
    importedFunctions: countFunctions(module, range(section.import)),
    locals,
    localTypes,
    carried,
    limit,
    dispatch,
    segments,
    exitJit,
  };
}

function sections(module: Uint8Array<ArrayBuffer>): Map<number, Range> {
  const found = new Map<number, Range>();
  const reader = new WasmReader(module, 8);
  while (reader.position < module.length) {
    const id = reader.byte();
    const length = reader.unsigned();
    found.set(id, { begin: reader.position, end: reader.position + length });
    reader.position += length;
  }
  return found;
}

function countFunctions(module: Uint8Array<ArrayBuffer>, { begin }: Range): number {
  const reader = new WasmReader(module, begin);
  let functions = 0;
  for (let left = reader.unsigned(); left > 0; left--) {
    reader.skipName();
    reader.skipName();
    if (reader.byte() === 0) {
      functions++;
      reader.skipLeb();
    } else {
      // The memory, the only other import: limits, of which the largest is not given.
      reader.expect(0);
      reader.skipLeb();
    }
  }
  return functions;
}

function* readLocals(reader: WasmReader): Generator<number> {
  // The parameter.
  yield valueType.i32;
  for (let groups = reader.unsigned(); groups > 0; groups--) {
    const count = reader.unsigned();
    const type = reader.byte();
    for (let local = 0; local < count; local++) yield type;
  }
}

/** The first part of the code that is read. */
const dispatchArm = 1;

/** Reads the content of main, and its `end`. */
class BodyReader {
  readonly #reader: WasmReader;
  /** For each local the part of the code that set it last: a segment, or an arm of an `if` in it. */
  readonly #setIn: Uint32Array;
  readonly #carried = new Set<number>();
  /** Parts of the code one is in, outermost first; each has a number of its own. */
  #arms: number[] = [];
  #lastArm = 0;

  constructor(reader: WasmReader, locals: number) {
    this.#reader = reader;
    this.#setIn = new Uint32Array(locals);
  }

  read(): { dispatch: Segment; segments: Segment[]; carried: number[] } {
    const reader = this.#reader;
    let spine = 0;
    while (reader.bytes[reader.position] === op.block && reader.bytes[reader.position + 1] === emptyBlock) {
      reader.position += 2;
      spine++;
    }
    const dispatch = this.#segment(spine);
    const segments: Segment[] = [];
    for (let block = spine - 1; block >= 0; block--) segments[block] = this.#segment(block);
    return { dispatch, segments, carried: [...this.#carried].toSorted((a, b) => a - b) };
  }

  /** Up to the `end` of the block of the spine it is in, which is passed over too; for the last one, that is the end of main. */
  #segment(spine: number): Segment {
    const reader = this.#reader;
    const begin = reader.position;
    const branches: Branch[] = [];
    this.#arms = [++this.#lastArm];
    /** What is open: whether it is an `if`, innermost last. */
    const open: boolean[] = [];
    for (;;) {
      const at = reader.position;
      const opcode = reader.byte();
      switch (opcode) {
        case op.localGet:
          this.#used(reader.unsigned());
          break;
        case op.localSet:
        case op.localTee:
          this.#set(reader.unsigned());
          break;
        case op.block:
        case op.loop:
          reader.byte();
          open.push(false);
          break;
        case op.if:
          reader.byte();
          open.push(true);
          this.#arms.push(++this.#lastArm);
          break;
        case op.else:
          this.#arms[this.#arms.length - 1] = ++this.#lastArm;
          break;
        case op.end: {
          const isIf = open.pop();
          if (isIf === undefined) return { begin, end: at, branches };
          if (isIf) this.#arms.pop();
          break;
        }
        case op.br:
        case op.brIf: {
          const label = reader.unsigned();
          if (label >= open.length) branches.push({ begin: at, end: reader.position, opcode, depth: open.length, targets: [this.#target(label, open.length, spine)] });
          break;
        }
        case op.brTable: {
          const targets: number[] = [];
          for (let left = reader.unsigned() + 1; left > 0; left--) targets.push(this.#target(reader.unsigned(), open.length, spine));
          branches.push({ begin: at, end: reader.position, opcode, depth: open.length, targets });
          break;
        }
        case op.return:
          branches.push({ begin: at, end: reader.position, opcode, depth: open.length, targets: [] });
          break;
        default:
          reader.skipImmediates(opcode);
      }
    }
  }

  #target(label: number, depth: number, spine: number): number {
    if (label < depth) return inner(label);
    const outer = label - depth;
    if (outer < spine) return spine - 1 - outer;
    if (outer === spine) {
      if (!this.#arms.includes(this.#setIn[stateLocal] ?? 0)) throw new RangeError('main gone on with without a state');
      return leads.main;
    }
    if (outer === spine + 1) return leads.fault;
    if (outer === spine + 2) return leads.exit;
    throw new RangeError('a branch out of the function');
  }

  #set(local: number): void {
    this.#setIn[local] = this.#arms[this.#arms.length - 1] ?? 0;
  }

  #used(local: number): void {
    if (local === stateLocal && this.#arms[0] !== dispatchArm) throw new RangeError('a state that is used by a segment');
    if (local < firstTemporary) return;
    const setIn = this.#setIn[local] ?? 0;
    if (!this.#arms.includes(setIn)) this.#carried.add(local);
  }
}

function write(fill: (writer: WasmWriter) => void): Uint8Array<ArrayBuffer> {
  const writer = new WasmWriter(128);
  fill(writer);
  return writer.written;
}
