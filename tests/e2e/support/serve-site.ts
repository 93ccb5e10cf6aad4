/** Serves the built site for the whole run, on a free port. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/run.ts';
import { serve } from '../../../scripts/lib/serve.ts';
import { portVariable } from './origin.ts';

export default async function serveSite(): Promise<() => Promise<void>> {
  for (const file of ['index.html', 'vm/manifest.json']) {
    if (!existsSync(join(root, 'dist', file))) throw new Error(`dist/${file} is missing. Run "npm run build", or let "npm test -- e2e" do it.`);
  }
  const served = await serve('127.0.0.1', 0);
  process.env[portVariable] = String(served.port);
  return () => served.close();
}
