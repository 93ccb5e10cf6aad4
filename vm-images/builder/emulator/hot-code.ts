/**
 * Lets the host have code compiled that the guest has not run yet.
 *
 * v86 interprets a page of code until it has executed 200,000 instructions in it, notes where blocks begin meanwhile, and
 * then compiles it. A container's start runs through thousands of pages once or twice, so that nearly all of it is
 * interpreted. But a saved machine always has the same code in the same pages of memory: the builder records which, and
 * the page compiles them while the learner reads.
 *
 * The code that notes a block's beginning and compiles a page that is hot is not a function of the module: the compiler
 * has put it into `main_loop`. It is copied from there into a function of its own.
 *
 * Exports added:
 *   drydock_note()                 as if the guest had been interpreted from the address below for so many instructions
 *   drydock_note_virtual: mutable i32    virtual address; must lead to the physical one in the current address space
 *   drydock_note_physical: mutable i32
 *   drydock_note_flags: mutable i32      v86's "state flags": what the code assumes of the processor
 *   drydock_note_heat: mutable i32       instructions
 * With `record`, the import `code_run(physical, flags, heat)` is called for every block that is interpreted.
 */
import binaryen from 'binaryen';
import { BuildError } from '../errors.ts';
import { functionNamed } from './wasm-names.ts';

/** Address of v86's JIT_DISABLED, whose test comes right before the code in question (set_jit_config in src/rust/jit.rs). */
const jitDisabledAddress = 49177;
/** More than the stack frame of `main_loop`. */
const frameBytes = 512;

/** Locals of `main_loop`: state flags, virtual address, its page times four, physical address, instruction counts after and before. */
const local = { flags: 6, virtual: 7, page: 8, physical: 13, after: 3, before: 12 } as const;

const parameters = { virtual: 'drydock_note_virtual', physical: 'drydock_note_physical', flags: 'drydock_note_flags', heat: 'drydock_note_heat' } as const;

export function addHotCode(module: binaryen.Module, record: boolean): void {
  const { i32, none } = binaryen;
  for (const name of Object.values(parameters)) {
    module.addGlobal(name, i32, true, module.i32.const(0));
    module.addGlobalExport(name, name);
  }
  const mainLoop = binaryen.getFunctionInfo(functionNamed(module, 'main_loop'));
  const found = findNoting(mainLoop.body, []);
  if (found === undefined) throw new BuildError('emulator-unknown', 'main_loop of v86.wasm has no test of JIT_DISABLED', 'go back to the v86 version of package-lock.json');
  const get = (name: string): binaryen.ExpressionRef => module.global.get(name, i32);
  const stack = '__stack_pointer';
  let body = module.block(null, found.statements.map((statement) => module.copyExpression(statement)));
  for (const label of found.labels) body = module.block(label, [body]);
  module.addFunction('drydock_note', none, none, [...mainLoop.vars], module.block(null, [
    module.local.set(0, module.i32.sub(module.global.get(stack, i32), module.i32.const(frameBytes))),
    module.global.set(stack, module.local.get(0, i32)),
    module.local.set(local.virtual, get(parameters.virtual)),
    module.local.set(local.page, module.i32.shl(module.i32.shr_u(get(parameters.virtual), module.i32.const(12)), module.i32.const(2))),
    module.local.set(local.physical, get(parameters.physical)),
    module.local.set(local.flags, get(parameters.flags)),
    module.local.set(local.after, get(parameters.heat)),
    module.local.set(local.before, module.i32.const(0)),
    body,
    module.global.set(stack, module.i32.add(module.local.get(0, i32), module.i32.const(frameBytes))),
  ], none));
  module.addFunctionExport('drydock_note', 'drydock_note');
  if (record) addRecording(module, found);
}

/** The block of `main_loop` with the test of JIT_DISABLED; what follows the test notes the block that has just been run. */
interface Noting {
  readonly block: binaryen.ExpressionRef;
  /** Index of the test in the block. */
  readonly test: number;
  /** What follows the test. */
  readonly statements: readonly binaryen.ExpressionRef[];
  /** Labels of the blocks around, from the inside out: the statements leave to some of them. */
  readonly labels: readonly string[];
}

function findNoting(expression: binaryen.ExpressionRef, labels: readonly string[]): Noting | undefined {
  const block = infoOf<binaryen.BlockInfo>(expression, 'block');
  if (block !== undefined) {
    const around = block.name === null || block.name === '' ? labels : [block.name, ...labels];
    const test = block.children.findIndex(isJitTest);
    if (test >= 0) return { block: expression, test, statements: block.children.slice(test + 1), labels: around };
    return firstFound(block.children, around);
  }
  const loop = infoOf<binaryen.LoopInfo>(expression, 'loop');
  if (loop !== undefined) return findNoting(loop.body, labels);
  const branch = infoOf<binaryen.IfInfo>(expression, 'if');
  return branch && firstFound([branch.ifTrue, branch.ifFalse].filter((part) => part !== 0), labels);
}

function firstFound(expressions: readonly binaryen.ExpressionRef[], labels: readonly string[]): Noting | undefined {
  for (const expression of expressions) {
    const found = findNoting(expression, labels);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isJitTest(expression: binaryen.ExpressionRef): boolean {
  const test = infoOf<binaryen.BreakInfo>(expression, 'break');
  if (test === undefined || test.condition === 0) return false;
  return infoOf<binaryen.LoadInfo>(test.condition, 'load')?.offset === jitDisabledAddress;
}

function addRecording(module: binaryen.Module, { block, test }: Noting): void {
  const { i32, none } = binaryen;
  module.addFunctionImport('code_run', 'env', 'code_run', binaryen.createType([i32, i32, i32]), none);
  insertChild(block, test, module.call('code_run', [
    module.local.get(local.physical, i32),
    module.local.get(local.flags, i32),
    module.i32.sub(module.local.get(local.after, i32), module.local.get(local.before, i32)),
  ], none));
}

const kinds = { block: binaryen.BlockId, loop: binaryen.LoopId, if: binaryen.IfId, break: binaryen.BreakId, load: binaryen.LoadId } as const;

/** What an expression consists of, if it is of that kind: binaryen's own function fails on kinds it does not know. */
function infoOf<Info extends binaryen.ExpressionInfo>(expression: binaryen.ExpressionRef, kind: keyof typeof kinds): Info | undefined {
  if (binaryen.getExpressionId(expression) !== Number(kinds[kind])) return undefined;
  return binaryen.getExpressionInfo(expression) as Info;
}

/** binaryen.Block.insertChildAt, which its types leave out. */
function insertChild(block: binaryen.ExpressionRef, index: number, child: binaryen.ExpressionRef): void {
  const api: unknown = Reflect.get(binaryen, 'Block');
  const insert: unknown = typeof api === 'function' ? Reflect.get(api, 'insertChildAt') : undefined;
  if (typeof insert !== 'function') throw new BuildError('emulator-unknown', 'this binaryen cannot change a block', 'install the version of package-lock.json');
  Reflect.apply(insert, api, [block, index, child]);
}
