/**
 * `npm test`: the same set-up as `npm start`, then every layer of tests. `npm test -- types unit` runs only those
 * layers. The last line counts all of them.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Limiter } from '../../src/shared/limiter.ts';
import { ensureChromium } from '../lib/chromium.ts';
import { ensureImage } from '../lib/image.ts';
import { main, root, run, runPackage, SetupError } from '../lib/run.ts';
import { ensureSite } from '../lib/site.ts';
import { typeCheckedProjects } from '../lib/realms.ts';
import { readPlaywrightReport, readVitestReport, type Failure, type TestReport } from '../lib/test-reports.ts';

const results = join(root, 'test-results');

interface Layer {
  readonly name: string;
  readonly needs: 'nothing' | 'image' | 'site';
  run(): Promise<TestReport>;
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

  const total = { passed: 0, failed: 0 };
  const summary: string[] = [];
  const failures: Failure[] = [];
  for (const layer of chosen) {
    console.log(`\n--- ${layer.name} ---`);
    const started = Date.now();
    const report = await layer.run();
    total.passed += report.passed;
    total.failed += report.failures.length;
    failures.push(...report.failures);
    summary.push(`${layer.name.padEnd(12)} ${report.passed} passed, ${report.failures.length} failed (${Math.round((Date.now() - started) / 1000)} s)`);
  }
  for (const failure of failures) console.log(`\nFAILED ${failure.test.replace(`${root}/`, '')}\n${failure.reason.replaceAll(/^/gm, '    ')}`);
  console.log(`\n${summary.map((line) => `  ${line}`).join('\n')}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
});

/** One check per realm: its tsconfig, with its own libraries. Two at a time, each of which keeps a core busy. */
async function types(): Promise<TestReport> {
  const limiter = new Limiter(2);
  const checked = await Promise.all(typeCheckedProjects.map((project) => limiter.run(async (): Promise<Failure[]> => {
    const printed: string[] = [];
    const code = await runPackage('typescript/bin/tsc', ['-p', project], { onOutput: (text) => printed.push(text) });
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${project}`);
    return code === 0 ? [] : [{ test: `types of ${project}`, reason: printed.join('').trim() }];
  })));
  const failures = checked.flat();
  return { passed: typeCheckedProjects.length - failures.length, failures };
}

async function lint(): Promise<TestReport> {
  const printed: string[] = [];
  const code = await runPackage('oxlint/bin/oxlint', ['--deny-warnings'], { onOutput: (text) => printed.push(text) });
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [{ test: 'lint', reason: printed.join('').trim() }] };
}

async function vitest(project: string): Promise<TestReport> {
  const file = join(results, `${project}.json`);
  const code = await runPackage('vitest/vitest.mjs', ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  return readReport(project, file, code, readVitestReport);
}

async function playwright(): Promise<TestReport> {
  const file = join(results, 'e2e.json');
  const code = await run(process.execPath, [join(root, 'node_modules/@playwright/test/cli.js'), 'test', '--reporter=list,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } });
  return readReport('e2e', file, code, readPlaywrightReport);
}

async function readReport(layer: string, file: string, code: number, read: (report: unknown) => TestReport): Promise<TestReport> {
  let report: TestReport;
  try {
    report = read(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    return { passed: 0, failures: [{ test: layer, reason: `the runner ended with code ${code} and left no readable report: ${String(error)}` }] };
  }
  if (code === 0 || report.failures.length > 0) return report;
  return { passed: report.passed, failures: [{ test: layer, reason: `the runner ended with code ${code}, although no test failed; its output above says why.` }] };
}
