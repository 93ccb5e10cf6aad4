/** The machine of public/vm, for tests. */
import { join } from 'node:path';
import { startMachine as start, readManifest as read, type PublishedMachine, type StartOptions as ImageStartOptions } from '../../src/emulator/node/published-machine.ts';
import { manifestFile, type HostName } from '../../src/shared/hosts.ts';
import type { ImageManifest } from '../../src/shared/manifest.ts';

export type TestMachine = PublishedMachine;

export const imageFolder = join(import.meta.dirname, '../../public/vm');

export interface StartOptions extends Omit<ImageStartOptions, 'manifest'> {
  /** The machine unless given. */
  host?: HostName;
}

/** A machine that has just been restored: the agent greeted, the clock right, randomness fresh. */
export function startMachine({ host = 'machine', ...options }: StartOptions = {}): Promise<PublishedMachine> {
  return start({ manifest: join(imageFolder, manifestFile(host)), ...options });
}

/** Reads the manifest of the published image. */
export function readManifest(): Promise<ImageManifest> {
  return read(join(imageFolder, manifestFile('machine')));
}
