/** One run of the benchmark in Chromium: the lesson page cold and warm, left alone, then the benchmark page. */
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { benchCommands, benchResultSchema, type BenchResult } from '../../../src/bench/result.ts';
import { chromiumArguments } from '../chromium.ts';
import { SetupError } from '../run.ts';
import type { ByteCounter } from './byte-counter.ts';
import type { AfterReading, Idle, Visit } from './report.ts';

export interface BrowserRun {
  readonly browser: string;
  readonly cold: Visit;
  readonly warm: Visit;
  readonly idle: Idle;
  readonly afterReading: AfterReading;
  readonly page: BenchResult;
}

const promptMilliseconds = 180_000;
/** Until the first looks at the engine, the last downloads and what is compiled ahead are over. */
const settleMilliseconds = 60_000;
const idleMilliseconds = 20_000;
const benchmarkMilliseconds = 20 * 60_000;

/** @param origin where the site is served; `counter` counts that server's bytes */
export async function runInBrowser(executablePath: string, origin: string, counter: ByteCounter, onStep: (step: string) => void): Promise<BrowserRun> {
  return inNewProfile(executablePath, async (profile) => {
    const { context, browser } = profile;
    onStep('cold cache');
    const first = await openLesson(profile, origin, counter);
    await first.page.close();
    onStep('warm cache');
    const second = await openLesson(profile, origin, counter);
    onStep('idle');
    const idle = await measureIdle(browser);
    onStep('commands after reading');
    const afterReading = await typeRuns(second.page);
    await second.page.close();
    onStep('commands');
    const page = await runBenchmarkPage(context, origin);
    return { browser: `Chromium ${browser.version()}`, cold: first.visit, warm: second.visit, idle, afterReading, page };
  });
}

export interface Profile {
  readonly context: BrowserContext;
  readonly browser: Browser;
  /** The profile's folder, which stands in the command line of each of its processes. */
  readonly folder: string;
}

/** A Chromium with a profile on disk, which has the cache that a visitor's has: empty at first, and gone afterwards. */
export async function inNewProfile<Result>(executablePath: string, act: (profile: Profile) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: [...chromiumArguments], viewport: { width: 1280, height: 800 } });
  try {
    const browser = context.browser();
    if (browser === null) throw new Error('Playwright gives no browser for this context');
    return await act({ context, browser, folder });
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits for the learner's prompt. */
export async function untilPrompt(page: Page): Promise<void> {
  await page.locator('.xterm-rows > div', { hasText: 'learner@drydock:~$' }).first().waitFor({ timeout: promptMilliseconds });
}

/** From the address to the learner's prompt. */
async function openLesson({ context, browser }: Profile, origin: string, counter: ByteCounter): Promise<{ page: Page; visit: Visit }> {
  const page = await context.newPage();
  const bytesBefore = counter.total;
  const started = performance.now();
  await page.goto(`${origin}/en/containers/first-container/`, { waitUntil: 'commit' });
  await untilPrompt(page);
  const seconds = (performance.now() - started) / 1000;
  const bytes = counter.total - bytesBefore;
  return { page, visit: { seconds, bytes, rendererBytes: await memoryOf((await renderers(browser)).pids) } };
}

async function measureIdle(browser: Browser): Promise<Idle> {
  await sleep(settleMilliseconds);
  const started = performance.now();
  const before = await renderers(browser);
  await sleep(idleMilliseconds);
  const after = await renderers(browser);
  const elapsed = (performance.now() - started) / 1000;
  return { rendererBytes: await memoryOf(after.pids), processorShare: (after.seconds - before.seconds) / elapsed };
}

/** The processes that show pages and run their workers, and the processor time that they have used so far. */
async function renderers(browser: Browser): Promise<{ pids: number[]; seconds: number }> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const found = processInfo.filter(({ type }) => type === 'renderer');
  return { pids: found.map(({ id }) => id), seconds: found.reduce((sum, { cpuTime }) => sum + cpuTime, 0) };
}

/** Three containers, one after the other, with what the lesson does beside them: it looks at the engine after each event. */
async function typeRuns(page: Page): Promise<AfterReading> {
  await page.locator('.xterm').first().click();
  const seconds = { run1: 0, run2: 0, run3: 0 };
  for (const { id, command } of benchCommands) {
    if (id === 'ps') continue;
    const started = performance.now();
    // The quotes keep the mark apart from the command that is shown.
    await page.keyboard.type(`${command}; echo do''ne-${id}\n`);
    await page.locator('.xterm-rows > div', { hasText: `done-${id}` }).first().waitFor({ timeout: promptMilliseconds });
    seconds[id] = (performance.now() - started) / 1000;
  }
  return seconds;
}

/**
 * Memory of these processes, where there is a /proc to tell: proportional set size in bytes, in which each page counts once,
 * however many processes share it. (Resident sizes would count the browser's program once for each of them.)
 */
async function memoryOf(pids: readonly number[]): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
      return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function runBenchmarkPage(context: BrowserContext, origin: string): Promise<BenchResult> {
  const page = await context.newPage();
  await page.goto(`${origin}/en/benchmark/`);
  const benchmark = page.getByTestId('benchmark');
  await benchmark.locator('[data-bench="start"]').click();
  await benchmark.and(page.locator('[data-state="busy"]')).waitFor();
  await benchmark.and(page.locator('[data-state="idle"]')).waitFor({ timeout: benchmarkMilliseconds });
  const json = (await benchmark.locator('[data-bench="json"]').textContent()) ?? '';
  if (json === '') throw new SetupError(`the benchmark did not come to its end: ${(await benchmark.locator('[data-bench="status"]').textContent()) ?? ''}`);
  await page.close();
  return benchResultSchema.parse(JSON.parse(json));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
