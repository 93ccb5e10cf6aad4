/** Running the project's own tools, and failing with a sentence that says what to do. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** A failure that the person at the terminal reads: one sentence of what happened, one of what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with every chunk of output, which is shown as well unless `quiet`. */
  readonly onOutput?: (text: string) => void;
  readonly quiet?: boolean;
}

/** Runs a program in the checkout and resolves with its exit code. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const show = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
      options.onOutput?.(chunk.toString());
      if (options.quiet !== true) stream.write(chunk);
    };
    child.stdout.on('data', show(process.stdout));
    child.stderr.on('data', show(process.stderr));
    child.on('error', reject);
    child.on('close', (code) => settle(code ?? 1));
  });
}

/** Runs a TypeScript file of this project on the pinned Node. */
export function runScript(path: string, args: readonly string[] = [], options: RunOptions = {}): Promise<number> {
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, path), ...args], options);
}

/** Runs the command line of an installed package. */
export function runPackage(packageFile: string, args: readonly string[] = [], options: RunOptions = {}): Promise<number> {
  return run(process.execPath, [join(root, 'node_modules', packageFile), ...args], options);
}

/** Ends the process with the sentence of a `SetupError`, or with the stack of anything unexpected. */
export function main(body: () => Promise<void>): void {
  body().catch((error: unknown) => {
    console.error(error instanceof SetupError ? `\ndrydock: ${error.message}` : error);
    process.exit(1);
  });
}
