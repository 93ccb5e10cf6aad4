/**
 * Has the browser's optimising compiler take a page of code before the guest runs it.
 *
 * Browsers compile WebAssembly quickly first, and well once it has been run often. A first `docker run` enters hundreds of
 * pages often enough, so that the optimising compiler works on all of them at the very moment the learner waits, and takes
 * the processor from the guest: on two cores that makes up more than half of the time.
 *
 * What counts as often is counted for the code, not for who runs it. So the same code is run in an empty world of its own
 * while the guest idles: a memory of zeros, where every access fails, which makes each call end at once. The guest's
 * machine knows nothing of it. Where a browser counts otherwise, the calls are merely in vain: a few milliseconds.
 */

/** V8's `--wasm-tiering-budget`: bytes of machine code a function may run through before it is compiled again. */
const tieringBudget = 13_000_000;
/**
 * V8 charges the machine code up to where the function was left, here its end: of 37 pages that was 1.9 to 2.4 times the
 * WebAssembly. Somewhat less is assumed; four times the budget would have the code compiled again.
 */
const chargedPerByte = 1.6;
/** At most a quarter of the budget is charged at once. */
const leastCalls = 5;
/** Most pages take 5 to 30 ms. But a loop that accesses no memory ends only after 100,000 instructions, each time: one took 14 s in all, in which the guest stood still. */
const longestMilliseconds = 50;
/** The code reads v86's registers and its TLB, which end below 9 MB; pages of 64 KiB. */
const worldPages = 160;

let world: WebAssembly.Memory | undefined;

/** Takes WebAssembly as v86's JIT makes it, and a clock in milliseconds. Never throws: nothing depends on it. */
export function optimizeEarly(code: Uint8Array<ArrayBuffer>, now = (): number => performance.now()): void {
  try {
    // Not compiled again: the browser knows the bytes, since the guest's own module is of the same.
    const module = new WebAssembly.Module(code);
    const { f: run } = new WebAssembly.Instance(module, emptyWorld(module)).exports;
    if (typeof run !== 'function') return;
    const calls = Math.max(leastCalls, Math.ceil(tieringBudget / (chargedPerByte * code.length)));
    const end = now() + longestMilliseconds;
    for (let call = 0; call < calls && now() < end; call++) Reflect.apply(run, undefined, [0]);
  } catch {
    // An import of an unforeseen type, or no memory for the world.
  }
}

/** Imports in which whatever accesses memory is told that it failed, as by a page fault. */
function emptyWorld(module: WebAssembly.Module): WebAssembly.Imports {
  world ??= new WebAssembly.Memory({ initial: worldPages });
  const imports: WebAssembly.ModuleImports = {};
  for (const { name, kind } of WebAssembly.Module.imports(module)) imports[name] = kind === 'memory' ? world : () => 1;
  return { e: imports };
}
