/** Every kind of page against WCAG 2.2 A and AA: both languages, light and dark, wide and narrow. */
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

declare global {
  interface Window {
    axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const pages = [
  { name: 'landing page', path: '/' },
  { name: 'lesson', path: '/containers/first-container/' },
  { name: 'benchmark', path: '/benchmark/' },
  { name: 'progress', path: '/progress/' },
  { name: 'glossary', path: '/glossary/' },
  { name: 'sandbox', path: '/sandbox/' },
  { name: 'missing page', path: '/there-is-no-such-page/' },
] as const;

const themes = ['light', 'dark'] as const;
const widths = [1280, 390] as const;

for (const locale of ['en', 'zh-cn'] as const) {
  for (const { name, path } of pages) {
    test(`${name} in ${locale}`, async ({ page, faults }) => {
      if (name === 'missing page') faults.expect(/404/);
      // The machine is not what is looked at; its downloads would only take time.
      await page.route('**/vm/manifest.json', () => {});
      await page.goto(`/${locale}${path}`);
      for (const theme of themes) {
        await page.evaluate((chosen) => localStorage.setItem('starlight-theme', chosen), theme);
        await page.reload();
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          await test.step(`${theme}, ${width} wide`, async () => {
            await accessible(page, [...wcag, 'best-practice']);
            expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out sideways').toBeLessThanOrEqual(width);
          });
          if (name !== 'lesson' || width !== 390) continue;
          await test.step(`${theme}, the lab on a narrow screen`, async () => {
            await page.locator('#tab-lab').click();
            await expect(page.getByTestId('boot')).toBeVisible();
            for (const button of ['editor-toggle', 'pause', 'reset']) await expect(page.getByTestId(button)).toBeInViewport({ ratio: 1 });
            // One half of the page: title and main text are in the other.
            await accessible(page, wcag);
          });
        }
      }
    });
  }
}

/** Code blocks become regions that can be reached by keys only a moment after they begin to scroll. */
async function accessible(page: Page, tags: string[]): Promise<void> {
  await expect.poll(() => violations(page, tags), { timeout: 10_000 }).toEqual([]);
}

/** What axe finds, one line per place. */
async function violations(page: Page, tags: string[]): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: axe });
  const results = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), tags);
  return results.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} (${node.any[0]?.message ?? node.failureSummary ?? ''})`));
}
