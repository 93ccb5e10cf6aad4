/** The development server on a copy of the site's sources, so that a test may change lessons. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/run.ts';
import { copySite, type Running, type SiteCopyOptions } from './site-copy.ts';

export interface DevServer {
  readonly origin: string;
  /** Changes a file of the copy. Throws if the text is not in it. */
  change(file: string, text: string, replacement: string): Promise<void>;
  /** Ends the server and removes the copy. */
  close(): Promise<void>;
}

const configFile = 'dev.config.mjs';
const startMilliseconds = 120_000;

/** The machine image is linked. */
export async function startDevServer(options: Pick<SiteCopyOptions, 'without'> = {}): Promise<DevServer> {
  const copy = await copySite({ ...options, images: 'linked' });
  try {
    await writeFile(join(copy.folder, configFile), `import config from './astro.config.mjs';\nexport default { ...config, vite: { ...config.vite, server: { fs: { allow: [${JSON.stringify(root)}] } } } };\n`);
    const origin = await addressOf(copy.astro(['dev', '--host', '127.0.0.1', '--port', '0', '--config', configFile]));
    return { origin, change: (file, text, replacement) => copy.change(file, text, replacement), close: () => copy.remove() };
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

/** The address that the server prints once it answers. */
function addressOf({ child, ended }: Running): Promise<string> {
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
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}
