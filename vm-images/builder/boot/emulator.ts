/** v86.wasm of the installed npm package: the one that saves the state must be the one that restores it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from '../paths.ts';

const packageFolder = join(repositoryFolder, 'node_modules/v86');

export async function emulatorWasm(): Promise<ArrayBuffer> {
  const bytes = await readFile(join(packageFolder, 'build/v86.wasm'));
  return new Uint8Array(bytes).buffer;
}

/** Exact version, with the commit it was built from. */
export async function emulatorVersion(): Promise<string> {
  const description: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const version: unknown = typeof description === 'object' && description !== null ? Reflect.get(description, 'version') : undefined;
  if (typeof version !== 'string') throw new Error(`${packageFolder}/package.json has no version`);
  return version;
}
