/**
 * From the address of a lesson to the learner's prompt and to a machine with the lesson's start in it, everything in the browser's cache: when
 * what is there, and which threads of the browser worked until both were.
 *
 *   node tests/bench/prompt.ts [visits] [lesson] [file for a trace of the last visit]
 *
 * Takes the built site as it is. A trace can be opened in Chromium's developer tools ("Performance"); it makes that visit slower.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { inNewProfile, untilPrompt, type Profile } from '../../scripts/lib/bench/browser.ts';
import { ensureChromium } from '../../scripts/lib/chromium.ts';
import { serve } from '../../scripts/lib/serve.ts';

const [visits = 5, lesson = 'en/containers/first-container', traceFile] = [Number(process.argv[2] ?? 5), process.argv[3], process.argv[4]];
/** What the page told so far; times in milliseconds since 1970. */
interface Told {
  readonly states: [string, number][];
  readonly prepared: boolean;
}

/** Until the last downloads of a visit are in the cache. */
const settleMilliseconds = 8000;
/** Kernel ticks a second in /proc/PID/stat (USER_HZ). */
const ticks = 100;

const served = await serve('127.0.0.1', 0);
try {
  await inNewProfile(await ensureChromium(), async (profile) => {
    for (let visit = 0; visit <= visits; visit++) {
      const page = await profile.context.newPage();
      if (visit === visits && traceFile !== undefined) await trace(profile.browser, traceFile, () => open(page));
      else console.log(`${visit === 0 ? 'cold' : `warm ${visit}`}: ${await measured(page, profile)}`);
      await page.waitForTimeout(settleMilliseconds);
      await page.close();
    }
  });
} finally {
  await served.close();
}

async function measured(page: Page, { folder }: Profile): Promise<string> {
  const before = await threads(folder);
  const seen = await open(page);
  const used = [...(await threads(folder))].map(([name, seconds]): [string, number] => [name, seconds - (before.get(name) ?? 0)]);
  const busy = used.filter(([, seconds]) => seconds >= 0.05).sort(([, a], [, b]) => b - a);
  const total = used.reduce((sum, [, seconds]) => sum + seconds, 0);
  return `${listed(seen)} s; ${total.toFixed(2)} s of processor time: ${listed(busy)}`;
}

function listed(times: readonly [string, number][]): string {
  return times.map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`).join(', ');
}

/** Seconds since the address was given: the page's first byte, its worker, each state of the machine, the prompt, and the lesson's start. */
async function open(page: Page): Promise<[string, number][]> {
  await page.addInitScript(() => {
    const states: [string, number][] = [];
    const told = { states, prepared: false };
    Object.assign(window, { drydockTold: told });
    document.addEventListener('drydock-machine', (event) => {
      const { state, prepared } = (event as CustomEvent<{ state: string; prepared: boolean }>).detail;
      const now = performance.timeOrigin + performance.now();
      if (!states.some(([known]) => known === state)) states.push([state, now]);
      if (state === 'running' && prepared && !told.prepared) states.push(['prepared', now]);
      told.prepared = state === 'running' && prepared;
    });
  });
  const started = Date.now();
  const seconds = (): number => (Date.now() - started) / 1000;
  const seen: [string, number][] = [];
  page.once('worker', () => void seen.push(['worker', seconds()]));
  await page.goto(`http://127.0.0.1:${served.port}/${lesson}/`, { waitUntil: 'commit' });
  seen.push(['page', seconds()]);
  await untilPrompt(page);
  seen.push(['prompt', seconds()]);
  await page.waitForFunction(() => (window as unknown as { drydockTold: Told }).drydockTold.prepared, undefined, { polling: 20 });
  const { states } = await page.evaluate(() => (window as unknown as { drydockTold: Told }).drydockTold);
  // It is told once before the work on it begins, too: the last time counts.
  seen.push(...[...new Map(states)].map(([state, at]): [string, number] => [state, (at - started) / 1000]));
  return seen.sort(([, a], [, b]) => a - b);
}

/** Seconds of processor time of all threads of the browser with the profile in this folder, by the threads' names. */
async function threads(profile: string): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes(profile)) continue;
    const kind = /--type=([a-z-]+)/.exec(command)?.[1] ?? 'browser';
    for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const stat = await readFile(`/proc/${pid}/task/${task}/stat`, 'utf8').catch(() => '');
      const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
      const fields = rest.split(' ');
      const used = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks;
      const key = `${kind}/${name}`;
      sums.set(key, (sums.get(key) ?? 0) + used);
    }
  }
  return sums;
}

async function trace(browser: Browser, file: string, act: () => Promise<unknown>): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const events: unknown[] = [];
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...value));
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['devtools.timeline', 'v8', 'disabled-by-default-v8.cpu_profiler', 'blink.user_timing', 'loading'] }, transferMode: 'ReportEvents' });
  await act();
  await session.send('Tracing.end');
  await complete;
  await writeFile(file, JSON.stringify({ traceEvents: events }));
  console.log(`traced: ${file}`);
}
