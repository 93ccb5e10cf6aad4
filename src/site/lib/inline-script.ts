/**
 * Bundles a module into one classic script and gives it as a text: `import text from './main.ts?inline-script'`.
 *
 * The preview writes such a script into a frame that may load nothing, so that it can neither be a file nor a module.
 */
import { rolldown } from 'rolldown';

/** The part of a Vite plugin that is used; Vite itself is no dependency of ours. */
interface LoadPlugin {
  name: string;
  enforce: 'pre';
  load(this: { addWatchFile(file: string): void }, id: string): Promise<string | undefined>;
}

const suffix = '?inline-script';

export function inlineScript(): LoadPlugin {
  return {
    name: 'drydock-inline-script',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(suffix)) return undefined;
      const { text, files } = await bundle(id.slice(0, -suffix.length));
      for (const file of files) this.addWatchFile(file);
      return `export default ${JSON.stringify(text)};`;
    },
  };
}

/** The script, and the files that it is made of. */
export async function bundle(entry: string): Promise<{ text: string; files: string[] }> {
  const build = await rolldown({ input: entry, platform: 'browser', logLevel: 'warn' });
  const { output } = await build.generate({ format: 'iife', minify: true });
  const [first, ...others] = output;
  await build.close();
  if (others.some(({ type }) => type === 'chunk')) throw new Error(`${entry} does not fit into one script`);
  return { text: first.code, files: first.moduleIds };
}
