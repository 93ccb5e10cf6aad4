/** A copy of the site's sources with Astro in it, so that a test may change lessons, or do without one. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { root } from '../../../scripts/lib/run.ts';
import { publicInputs } from '../../../scripts/lib/site.ts';

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>;
}

export interface SiteCopyOptions {
  /** Files that the copy is not to have. */
  readonly without?: readonly string[];
  /** Machines, registry and packages: a link to those of the checkout, or only their lists, so that a build has no gigabyte to copy. */
  readonly images: 'linked' | 'listed';
}

const copied = ['src', 'content', 'astro.config.mjs', 'ec.config.mjs', 'package.json', 'tsconfig.base.json'];

/** Packages are those of the checkout, in which the copy lies. */
export async function copySite(options: SiteCopyOptions): Promise<SiteCopy> {
  await mkdir(join(root, '.cache'), { recursive: true });
  const copy = new SiteCopy(await mkdtemp(join(root, '.cache/site-copy-')));
  try {
    await fill(copy.folder, options);
    return copy;
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

async function fill(folder: string, { without = [], images }: SiteCopyOptions): Promise<void> {
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true });
  for (const file of without) await rm(join(folder, file));
  if (images === 'linked') return symlink(join(root, 'public'), join(folder, 'public'));
  for await (const file of glob([...publicInputs], { cwd: root })) {
    if ((await stat(join(root, file))).isFile()) await cp(join(root, file), join(folder, file));
  }
}

export class SiteCopy {
  readonly folder: string;
  readonly #running: Running[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Changes a file of the copy. Throws if the text is not in it. */
  async change(file: string, text: string, replacement: string): Promise<void> {
    const before = await readFile(join(this.folder, file), 'utf8');
    if (!before.includes(text)) throw new Error(`${file} has no “${text}”: adapt this test`);
    await writeFile(join(this.folder, file), before.replace(text, () => replacement));
  }

  /** Starts Astro in the copy. */
  astro(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [join(root, 'node_modules/astro/bin/astro.mjs'), ...args], {
      cwd: this.folder, env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    const running = { child, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
    this.#running.push(running);
    return running;
  }

  /** Builds the site for a path into `dist` of the copy. @returns what the build said; throws with it if it fails */
  async build(base: string): Promise<string> {
    const { child, ended } = this.astro(['build'], { DRYDOCK_BASE: base, DRYDOCK_SITE: '' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await ended;
    if (code !== 0) throw new Error(`“astro build” ended with code ${code}. It said:\n${said}`);
    return said;
  }

  /** Ends what runs in the copy, and removes it. */
  async remove(): Promise<void> {
    for (const { child } of this.#running) child.kill();
    await Promise.all(this.#running.map(({ ended }) => ended));
    await rm(this.folder, { recursive: true, force: true });
  }
}
