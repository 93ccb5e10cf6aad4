/**
 * Finds v86's own functions in its module.
 *
 * The npm package ships with a name section, so that functions are found by their mangled Rust names, whose middle is the
 * path (`3cpu3cpu12do_page_walk`) and whose rest changes with every compiler.
 */
import binaryen from 'binaryen';
import { BuildError } from '../errors.ts';

/** The one function whose mangled name ends in the path; another count is another v86, which is refused. */
export function functionNamed(module: binaryen.Module, path: string): binaryen.FunctionRef {
  const found: binaryen.FunctionRef[] = [];
  for (let index = 0; index < module.getNumFunctions(); index++) {
    const candidate = module.getFunctionByIndex(index);
    if (binaryen.getFunctionInfo(candidate).name.endsWith(path)) found.push(candidate);
  }
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new BuildError(
      'emulator-unknown',
      `v86.wasm has ${found.length} functions named ${path}, where one was expected`,
      'go back to the v86 version of package-lock.json, or adapt vm-images/builder/emulator to the new one',
    );
  }
  return only;
}
