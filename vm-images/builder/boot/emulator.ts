/** v86.wasm of the installed npm package: the one that saves the state must be the one that restores it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transformEmulator, transformVersion } from '../emulator/transform.ts';
import { BuildError } from '../errors.ts';
import { repositoryFolder } from '../paths.ts';

const packageFolder = join(repositoryFolder, 'node_modules/v86');

/** The module as it is published: with what Drydock adds, unless DRYDOCK_V86=original asks for the package's own. */
export async function emulatorWasm(): Promise<ArrayBuffer> {
  const original = await packageWasm();
  return (unchanged() ? original : transformEmulator(original)).buffer;
}

/** The variant that tells which code the guest runs, for `MachineOptions.recordCode`; undefined with DRYDOCK_V86=original. */
export async function recordingWasm(): Promise<ArrayBuffer | undefined> {
  return unchanged() ? undefined : transformEmulator(await packageWasm(), { record: true }).buffer;
}

/** Everything that decides on what `emulatorWasm` gives. */
export async function emulatorIdentity(): Promise<string> {
  return `${await emulatorVersion()} ${unchanged() ? 'original' : transformVersion}`;
}

async function packageWasm(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(packageFolder, 'build/v86.wasm')));
}

function unchanged(): boolean {
  const wish = process.env['DRYDOCK_V86'] ?? '';
  if (wish !== '' && wish !== 'original') throw new BuildError('emulator-unknown', `DRYDOCK_V86 is "${wish}"`, 'set it to "original", or leave it out');
  return wish === 'original';
}

/** Exact version, with the commit it was built from. */
export async function emulatorVersion(): Promise<string> {
  const description: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const version: unknown = typeof description === 'object' && description !== null ? Reflect.get(description, 'version') : undefined;
  if (typeof version !== 'string') throw new Error(`${packageFolder}/package.json has no version`);
  return version;
}
