/**
 * Cuts the WebAssembly that v86's JIT makes of a page of the guest's code into functions of some thousand bytes.
 *
 * v86 makes one function of all the code of a page: 40 KB of WebAssembly, most of which no call touches. Browsers compile
 * and optimise whole functions, and V8 takes each return for as much work as the function is long: a page is optimised
 * after some hundred calls, for 33 ms. On two cores that was more than half of what a learner waited for his first
 * container. Cut into small functions, only those are compiled that are called, and those optimised that are called often.
 *
 * Each few segments of a page (see page-code.ts) become a function, a part, whose result says where to go on:
 *
 *     0 to n - 1     the segment behind that block of the spine
 *     n + state      main, with that state
 *     negative       an end, see `ends`
 *
 * `f` calls one part after another. Between parts the registers are in memory, where v86 has them between
 * functions anyway; the count of instructions, and locals that more than one segment uses, are in globals.
 */
import { addInstructions, countLocal, innerLabel, leads, localsToRegisters, readPageCode, registersToLocals, stateLocal, type PageCode, type Segment } from './page-code.ts';
import { emptyBlock, functionType, op, section, valueType, WasmReader, WasmWriter } from './wasm-binary.ts';

/** Bytes of WebAssembly after which a part is closed. Measured for several, see docs/performance.md. */
const defaultPartBytes = 4000;

/** Results that are no place to go on at; the first two are the targets of the same name. */
const ends = {
  exit: leads.exit,
  fault: leads.fault,
  /** The guest's code has done all that is to be done at the end. */
  returned: -4,
} as const;

/** Global that counts instructions; those of locals follow. */
const countGlobal = 0;

/**
 * Takes a module of v86's JIT. Returns one that does the same, with the same imports and export; undefined where the module is
 * not what is expected of v86, or is one part only.
 */
export function splitPage(module: Uint8Array<ArrayBuffer>, partBytes = defaultPartBytes): Uint8Array<ArrayBuffer> | undefined {
  let page: PageCode;
  try {
    page = readPageCode(module);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const parts = partition(page.segments, partBytes);
  return parts.length < 2 ? undefined : new PageWriter(page, parts).write();
}

/** Segments that become one function: those behind blocks `first` to `last`, which are written last to first. */
interface Part {
  readonly first: number;
  readonly last: number;
}

/** In the order of the code. */
function partition(segments: readonly Segment[], partBytes: number): Part[] {
  const parts: Part[] = [];
  let last = segments.length - 1;
  let bytes = 0;
  for (let block = last; block >= 0; block--) {
    const segment = segments[block];
    if (segment === undefined) continue;
    bytes += segment.end - segment.begin;
    if (bytes < partBytes && block > 0) continue;
    parts.push({ first: block, last });
    last = block - 1;
    bytes = 0;
  }
  return parts;
}

class PageWriter {
  readonly #page: PageCode;
  readonly #parts: readonly Part[];
  readonly #scratch: WasmWriter;

  constructor(page: PageCode, parts: readonly Part[]) {
    this.#page = page;
    this.#parts = parts;
    this.#scratch = new WasmWriter(16 * 1024);
  }

  write(): Uint8Array<ArrayBuffer> {
    const { module, types, imports, exports, type } = this.#page;
    const out = new WasmWriter(module.length * 2);
    out.copy(module, 0, 8);
    const typeReader = new WasmReader(module, types.begin);
    const typeCount = typeReader.unsigned();
    this.#section(out, section.type, (content) => {
      content.unsigned(typeCount + 1).copy(module, typeReader.position, types.end);
      content.put(functionType, 1, valueType.i32, 1, valueType.i32);
    });
    this.#section(out, section.import, (content) => content.copy(module, imports.begin, imports.end));
    this.#section(out, section.function, (content) => {
      content.unsigned(this.#parts.length + 1).unsigned(type);
      for (let part = 0; part < this.#parts.length; part++) content.unsigned(typeCount);
    });
    this.#section(out, section.global, (content) => this.#globals(content));
    this.#section(out, section.export, (content) => content.copy(module, exports.begin, exports.end));
    this.#section(out, section.code, (content) => {
      content.unsigned(this.#parts.length + 1);
      const body = new WasmWriter(8 * 1024);
      this.#writeEntry(body);
      content.sized(body.written);
      for (const part of this.#parts) {
        this.#writePart(body.clear(), part);
        content.sized(body.written);
      }
    });
    return out.written;
  }

  #section(out: WasmWriter, id: number, fill: (content: WasmWriter) => void): void {
    fill(this.#scratch.clear());
    out.put(id).sized(this.#scratch.written);
  }

  #globals(content: WasmWriter): void {
    const mutable = 1;
    const { carried, localTypes } = this.#page;
    content.unsigned(carried.length + 1).put(valueType.i32, mutable).constant(0).put(op.end);
    for (const local of carried) {
      content.put(localTypes[local] ?? valueType.i32, mutable);
      this.#zero(content, local);
      content.put(op.end);
    }
  }

  /** The constant 0 of the local's type. */
  #zero(out: WasmWriter, local: number): void {
    switch (this.#page.localTypes[local]) {
      case valueType.i64:
        out.put(op.i64Const, 0);
        break;
      case valueType.f32:
        out.put(op.f32Const, 0, 0, 0, 0);
        break;
      case valueType.f64:
        out.put(op.f64Const, 0, 0, 0, 0, 0, 0, 0, 0);
        break;
      default:
        out.constant(0);
    }
  }

  /** The function that v86 calls with a state. */
  #writeEntry(out: WasmWriter): void {
    const { segments, dispatch, limit, exitJit, importedFunctions, locals, carried, module } = this.#page;
    const states = segments.length;
    const get = (): WasmWriter => out.put(op.localGet, stateLocal);
    const set = (): WasmWriter => out.put(op.localSet, stateLocal);
    out.copy(module, locals.begin, locals.end);
    out.constant(0).indexed(op.globalSet, countGlobal);
    // As locals are at the start.
    carried.forEach((local, index) => {
      this.#zero(out, local);
      out.indexed(op.globalSet, countGlobal + 1 + index);
    });
    out.put(op.block, emptyBlock);
    out.put(op.loop, emptyBlock);
    out.indexed(op.globalGet, countGlobal).constant(limit).put(op.i32GeU, op.if, emptyBlock).constant(ends.exit);
    set().put(op.br, 2, op.end);

    // From a state to where it begins.
    const landings = outward(dispatch);
    out.put(op.block, emptyBlock);
    for (let landing = 0; landing < landings.length; landing++) out.put(op.block, emptyBlock);
    copySegment(out, module, dispatch, (target) => landings.indexOf(target));
    // Where the dispatch branches nowhere, the innermost block's end is meant.
    out.constant(states - 1);
    set().indexed(op.br, landings.length);
    for (const [index, target] of landings.entries()) this.#land(out, target, landings.length - 1 - index);
    out.put(op.end);

    // From part to part.
    out.put(op.loop, emptyBlock, op.block, emptyBlock);
    for (let part = 0; part < this.#parts.length; part++) out.put(op.block, emptyBlock);
    get().put(op.brTable).unsigned(states);
    const partOf = new Uint16Array(states);
    for (const [index, { first, last }] of this.#parts.entries()) partOf.fill(index, first, last + 1);
    for (const part of partOf) out.unsigned(part);
    out.unsigned(this.#parts.length);
    for (let part = 0; part < this.#parts.length; part++) {
      out.put(op.end);
      get().indexed(op.call, importedFunctions + 1 + part);
      set().indexed(op.br, this.#parts.length - 1 - part);
    }
    out.put(op.end);
    get().constant(states).put(op.i32LtU, op.brIf, 0, op.end);

    get().constant(0).put(op.i32GeS, op.if, emptyBlock);
    get().constant(states).put(op.i32Sub);
    set().put(op.br, 1, op.end);
    out.put(op.end, op.end);

    get().constant(ends.fault).put(op.i32Eq, op.if, emptyBlock).indexed(op.call, exitJit).put(op.end);
    get().constant(ends.returned).put(op.i32Ne, op.if, emptyBlock);
    out.indexed(op.globalGet, countGlobal).indexed(op.localSet, countLocal).copy(addInstructions).put(op.end, op.end);
  }

  #writePart(out: WasmWriter, { first, last }: Part): void {
    const { segments, locals, carried, module } = this.#page;
    const own = segments.slice(first, last + 1);
    const landings = [...new Set(own.flatMap((segment) => outward(segment)))].filter((target) => target < first);
    out.copy(module, locals.begin, locals.end);
    out.copy(registersToLocals);
    out.indexed(op.globalGet, countGlobal).indexed(op.localSet, countLocal);
    carried.forEach((local, index) => out.indexed(op.globalGet, countGlobal + 1 + index).indexed(op.localSet, local));
    out.put(op.block, emptyBlock);
    for (let landing = 0; landing < landings.length; landing++) out.put(op.block, emptyBlock);
    for (let block = first; block <= last; block++) out.put(op.block, emptyBlock);
    if (last > first) {
      out.put(op.localGet, stateLocal).constant(first).put(op.i32Sub, op.brTable).unsigned(last - first);
      for (let block = first; block <= last; block++) out.unsigned(last - block);
    }
    for (let block = last; block >= first; block--) {
      const segment = segments[block];
      if (segment === undefined) continue;
      out.put(op.end);
      copySegment(out, module, segment, (target) => (target >= first ? block - 1 - target : block - first + landings.indexOf(target)));
    }
    // The last segment goes on with the next part; behind the last of all there is nothing but `fault`.
    out.constant(first > 0 ? first - 1 : ends.fault).put(op.localSet, stateLocal).indexed(op.br, landings.length);
    for (const [index, target] of landings.entries()) this.#land(out, target, landings.length - 1 - index);
    out.put(op.end);
    out.copy(localsToRegisters);
    out.indexed(op.localGet, countLocal).indexed(op.globalSet, countGlobal);
    carried.forEach((local, index) => out.indexed(op.localGet, local).indexed(op.globalSet, countGlobal + 1 + index));
    out.put(op.localGet, stateLocal, op.end);
  }

  /** Ends the block that branches with this target leave, and goes on behind the one `label` further out. */
  #land(out: WasmWriter, target: number, label: number): void {
    out.put(op.end);
    if (target === leads.main) out.put(op.localGet, stateLocal).constant(this.#page.segments.length).put(op.i32Add);
    else out.constant(target);
    out.put(op.localSet, stateLocal).indexed(op.br, label);
  }
}

/** The targets that are outside of the segment, each once. */
function outward({ branches }: Segment): number[] {
  const targets = new Set<number>();
  for (const branch of branches) for (const target of branch.targets) if (innerLabel(target) === undefined) targets.add(target);
  return [...targets];
}

/** Copies the segment's instructions; `labelOf` gives the label of a target for a branch that is within no block of the segment. */
function copySegment(out: WasmWriter, module: Uint8Array<ArrayBuffer>, { begin, end, branches }: Segment, labelOf: (target: number) => number): void {
  let copied = begin;
  for (const { begin: at, end: after, opcode, depth, targets } of branches) {
    out.copy(module, copied, at);
    copied = after;
    if (opcode === op.return) {
      out.constant(ends.returned).put(op.return);
      continue;
    }
    out.put(opcode);
    if (opcode === op.brTable) out.unsigned(targets.length - 1);
    for (const target of targets) out.unsigned(innerLabel(target) ?? depth + labelOf(target));
  }
  out.copy(module, copied, end);
}
