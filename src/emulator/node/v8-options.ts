/**
 * V8's optimising compiler takes longer for a page of the guest's code than most pages run: v86 makes one function of each, and
 * V8 takes a function for hot after some hundred calls of one so long. Where no core is free for it, it shall optimise nothing but
 * what is hot by any measure, above all v86 itself. The default of V8 is 13 million; measured in docs/performance.md.
 *
 * An option of Node; Chromium takes it within `--js-flags`.
 */
export const optimiseLittle = '--wasm-tiering-budget=1000000000';
