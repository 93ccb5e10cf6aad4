/**
 * `npm run bench [-- --runs 3 --json --save --as-is]`: how fast the machine is in Chromium on this computer, and beside
 * it in QEMU where that is installed. Nothing is asserted: seconds depend on who else uses the processor.
 *
 *   --runs N   runs in Chromium, of which the medians are taken
 *   --json     prints the report as JSON in place of the table
 *   --save     makes it the reference that the benchmark page shows (src/bench/reference.json)
 *   --as-is    takes dist and image as they are, without bringing them up to date
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { referenceSchema, type Reference } from '../../src/bench/result.ts';
import { manifestSchema, type Chunked, type ImageManifest } from '../../src/shared/manifest.ts';
import { runInBrowser, type BrowserRun } from '../lib/bench/browser.ts';
import { ByteCounter } from '../lib/bench/byte-counter.ts';
import { hasQemu, measureTcg, type Engine } from '../lib/bench/qemu.ts';
import { formatTable, reportRows, runIds, type BenchReport, type ImageSizes, type TcgCommands, type Visit } from '../lib/bench/report.ts';
import { median, medianFields, medianResult } from '../lib/bench/statistics.ts';
import { ensureChromium } from '../lib/chromium.ts';
import { ensureImage } from '../lib/image.ts';
import { main, root, SetupError } from '../lib/run.ts';
import { serve } from '../lib/serve.ts';
import { ensureSite } from '../lib/site.ts';

main(async () => {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '3' }, json: { type: 'boolean', default: false }, save: { type: 'boolean', default: false }, 'as-is': { type: 'boolean', default: false } },
  });
  const count = Number(values.runs);
  if (!Number.isInteger(count) || count < 1) throw new SetupError(`--runs takes a whole number from 1, not "${values.runs}".`);
  const chromium = await ensureChromium();
  if (!values['as-is']) {
    await ensureImage();
    await ensureSite();
  }
  const report = await measureAll(chromium, count);
  await mkdir(join(root, 'bench-results'), { recursive: true });
  const file = join(root, 'bench-results', `${report.date.replaceAll(/[:.]/g, '-')}.json`);
  await writeFile(file, json(report));
  if (values.save) await writeFile(join(root, 'src/bench/reference.json'), json(referenceOf(report)));
  console.log(values.json ? json(report) : `\n${formatTable(reportRows(report))}\n\n${report.browser}, ${report.cores} x ${report.processor}\n${file}`);
});

async function measureAll(chromium: string, count: number): Promise<BenchReport> {
  const parts = join(root, 'dist/vm');
  const image = manifestSchema.parse(JSON.parse(await readFile(join(parts, 'manifest.json'), 'utf8')));
  // To standard error, so that --json can be piped.
  const tell = (text: string): void => console.error(`drydock: ${text}`);

  const served = await serve('127.0.0.1', 0);
  const counter = new ByteCounter(served.server);
  const runs: BrowserRun[] = [];
  for (let run = 1; run <= count; run++) {
    runs.push(await runInBrowser(chromium, `http://127.0.0.1:${served.port}`, counter, (step) => tell(`run ${run} of ${count}: ${step}`)));
  }
  await served.close();
  const inQemu = async (engine: Engine): Promise<TcgCommands> => {
    tell(`the same in QEMU with its ${engine} engine (some minutes: it has to boot)`);
    return measureTcg(image, parts, engine);
  };
  const tcg = hasQemu() ? { own: await inQemu('own'), stock: await inQemu('stock') } : undefined;

  return {
    date: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    browser: runs[0]?.browser ?? 'unknown',
    runs: count,
    image: sizesOf(image),
    cold: visitOf(runs.map(({ cold }) => cold)),
    warm: visitOf(runs.map(({ warm }) => warm)),
    idle: { rendererBytes: memoryOf(runs.map(({ idle }) => idle)), processorShare: median(runs.map(({ idle }) => idle.processorShare)) },
    afterReading: medianFields(runs.map(({ afterReading }) => afterReading), runIds),
    page: medianResult(runs.map(({ page }) => page)),
    tcg,
  };
}

function visitOf(visits: readonly Visit[]): Visit {
  return { ...medianFields(visits, ['seconds', 'bytes']), rendererBytes: memoryOf(visits) };
}

function memoryOf(measured: readonly { readonly rendererBytes: number | undefined }[]): number | undefined {
  const told = measured.flatMap(({ rendererBytes }) => (rendererBytes === undefined ? [] : [rendererBytes]));
  return told.length === 0 ? undefined : median(told);
}

function sizesOf({ id, state, memory, disk }: ImageManifest): ImageSizes {
  const served = (parts: Chunked['chunks']): number => parts.reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
  const ahead = memory.startParts + memory.aheadParts;
  return {
    id,
    startBytes: served([...state.chunks, memory.map, ...memory.parts.slice(0, memory.startParts)]),
    aheadBytes: served(memory.parts.slice(memory.startParts, ahead)),
    memoryOnDemandBytes: served(memory.parts.slice(ahead)),
    diskOnDemandBytes: served(disk.chunks),
  };
}

function referenceOf({ date, processor, cores, browser, page }: BenchReport): Reference {
  return referenceSchema.parse({ date: date.slice(0, 10), processor, cores, browser, result: page } satisfies Reference);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
