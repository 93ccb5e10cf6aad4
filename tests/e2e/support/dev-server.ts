/** The development server on a copy of the site's sources, so that a test may change lessons. */
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/run.ts';

export interface DevServer {
  readonly origin: string;
  /** Changes a file of the copy. Throws if the text is not in it. */
  change(file: string, text: string, replacement: string): Promise<void>;
  /** Ends the server and removes the copy. */
  close(): Promise<void>;
}

const copied = ['src', 'content', 'astro.config.mjs', 'ec.config.mjs', 'package.json', 'tsconfig.base.json'];
const configFile = 'dev.config.mjs';
const startMilliseconds = 120_000;

/**
 * Packages are those of the checkout, in which the copy lies; the machine image is linked.
 * @param without files that the copy is not to have
 */
export async function startDevServer({ without = [] }: { readonly without?: readonly string[] } = {}): Promise<DevServer> {
  await mkdir(join(root, '.cache'), { recursive: true });
  const copy = await mkdtemp(join(root, '.cache/dev-'));
  const remove = (): Promise<void> => rm(copy, { recursive: true, force: true });
  try {
    for (const name of copied) await cp(join(root, name), join(copy, name), { recursive: true });
    for (const file of without) await rm(join(copy, file));
    await symlink(join(root, 'public'), join(copy, 'public'));
    await writeFile(join(copy, configFile), `import config from './astro.config.mjs';\nexport default { ...config, vite: { ...config.vite, server: { fs: { allow: [${JSON.stringify(root)}] } } } };\n`);
    const child = spawn(process.execPath, [join(root, 'node_modules/astro/bin/astro.mjs'), 'dev', '--host', '127.0.0.1', '--port', '0', '--config', configFile], {
      cwd: copy, env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NO_COLOR: '1', NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const close = async (): Promise<void> => {
      child.kill();
      await ended;
      await remove();
    };
    try {
      const origin = await addressOf(child.stdout, child.stderr, ended);
      const change = async (file: string, text: string, replacement: string): Promise<void> => {
        const before = await readFile(join(copy, file), 'utf8');
        if (!before.includes(text)) throw new Error(`${file} has no “${text}”: adapt this test`);
        await writeFile(join(copy, file), before.replace(text, () => replacement));
      };
      return { origin, change, close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The address that the server prints once it answers. */
function addressOf(stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream, ended: Promise<void>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (): void => reject(new Error(`“astro dev” did not start. It said:\n${said}`));
    const timer = setTimeout(fail, startMilliseconds);
    void ended.then(fail);
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const address = /Local\s+(http:\/\/[^\s/]+)/.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    };
    stdout.on('data', read);
    stderr.on('data', read);
  });
}
