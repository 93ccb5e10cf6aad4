/** What axe finds on a page, against WCAG 2.2 A and AA and more where asked. */
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from '@playwright/test';
import { expect } from './test.ts';

declare global {
  interface Window {
    axe: { run(context: string, options: RunOptions): Promise<AxeResults> };
  }
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
export const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Code blocks become regions that can be reached by keys only a moment after they begin to scroll; axe takes 5 s for a long page, on busy
 * cores more. @param within selector of the part to look at, to save that time
 */
export async function accessible(page: Page, tags: string[] = wcag, within = 'html'): Promise<void> {
  await expect.poll(() => violations(page, tags, within), { timeout: 45_000 }).toEqual([]);
}

/** One line per place. */
async function violations(page: Page, tags: string[], within: string): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: axe });
  const results = await page.evaluate(([part, values]) => window.axe.run(part, { runOnly: { type: 'tag', values } }), [within, tags] as const);
  return results.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')} (${node.any[0]?.message ?? node.failureSummary ?? ''})`));
}
