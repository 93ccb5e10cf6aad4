/**
 * `npm test`: the same set-up as `npm start`, then every layer of tests. `npm test -- types unit` runs only those
 * layers. The last line counts all of them.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureChromium } from '../lib/chromium.ts';
import { ensureImage } from '../lib/image.ts';
import { main, root, run, runPackage, SetupError } from '../lib/run.ts';
import { ensureSite } from '../lib/site.ts';
import { typeCheckedProjects } from '../lib/realms.ts';

interface Counts {
  passed: number;
  failed: number;
}

const results = join(root, 'test-results');

interface Layer {
  readonly name: string;
  readonly needs: 'nothing' | 'image' | 'site';
  run(): Promise<Counts>;
}

const layers: readonly Layer[] = [
  { name: 'types', needs: 'nothing', run: types },
  { name: 'lint', needs: 'nothing', run: lint },
  { name: 'unit', needs: 'nothing', run: () => vitest('unit') },
  { name: 'integration', needs: 'image', run: () => vitest('integration') },
  { name: 'e2e', needs: 'site', run: playwright },
];

main(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !layers.some((layer) => layer.name === name));
  if (unknown.length > 0) throw new SetupError(`there is no test layer "${unknown.join(', ')}". The layers are: ${layers.map((layer) => layer.name).join(', ')}.`);
  const chosen = wanted.length === 0 ? layers : layers.filter((layer) => wanted.includes(layer.name));

  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  const chromium = chosen.some((layer) => layer.needs === 'site') ? await ensureChromium() : undefined;
  if (chromium !== undefined) process.env.CHROMIUM_PATH = chromium;
  if (chosen.some((layer) => layer.needs !== 'nothing')) await ensureImage();
  if (chosen.some((layer) => layer.needs === 'site')) await ensureSite();

  const total: Counts = { passed: 0, failed: 0 };
  const summary: string[] = [];
  for (const layer of chosen) {
    console.log(`\n--- ${layer.name} ---`);
    const started = Date.now();
    const counts = await layer.run();
    total.passed += counts.passed;
    total.failed += counts.failed;
    summary.push(`${layer.name.padEnd(12)} ${counts.passed} passed, ${counts.failed} failed (${Math.round((Date.now() - started) / 1000)} s)`);
  }
  console.log(`\n${summary.map((line) => `  ${line}`).join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
});

/** One check per realm: its tsconfig, with its own libraries. */
async function types(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0 };
  for (const project of typeCheckedProjects) {
    const code = await runPackage('typescript/bin/tsc', ['-p', project]);
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${project}`);
    counts[code === 0 ? 'passed' : 'failed']++;
  }
  return counts;
}

async function lint(): Promise<Counts> {
  const code = await runPackage('oxlint/bin/oxlint', ['--deny-warnings']);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
}

async function vitest(project: string): Promise<Counts> {
  const file = join(results, `${project}.json`);
  const code = await runPackage('vitest/vitest.mjs', ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  return readCounts(file, code, (report) => ({
    passed: numberAt(report, 'numPassedTests'),
    // A file that cannot even be loaded has no failed test, only a failed suite; a skipped test is a defect here.
    failed: Math.max(numberAt(report, 'numFailedTests') + numberAt(report, 'numPendingTests'), code === 0 ? 0 : 1),
  }));
}

async function playwright(): Promise<Counts> {
  const file = join(results, 'e2e.json');
  const code = await run(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=list,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } });
  return readCounts(file, code, (report) => {
    const stats = objectAt(report, 'stats');
    const bad = numberAt(stats, 'unexpected') + numberAt(stats, 'flaky') + numberAt(stats, 'skipped');
    return { passed: numberAt(stats, 'expected'), failed: Math.max(bad, code === 0 ? 0 : 1) };
  });
}

async function readCounts(file: string, code: number, read: (report: unknown) => Counts): Promise<Counts> {
  try {
    return read(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    console.error(`the runner ended with code ${code} and left no readable report: ${String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

function objectAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function numberAt(value: unknown, key: string): number {
  const found = objectAt(value, key);
  if (typeof found !== 'number') throw new Error(`no number at "${key}"`);
  return found;
}
