/**
 * Every kind of page against WCAG 2.2 A and AA: in each language light and dark, wide and narrow, in the two together in all four
 * ways. The languages differ in words, not in colours or structure; all four in each took eight minutes, most of it within axe.
 */
import type { Page } from '@playwright/test';
import { accessible, wcag } from './support/axe.ts';
import { siteOrigin } from './support/origin.ts';
import { test, expect } from './support/test.ts';

const pages = [
  { name: 'landing page', path: '/' },
  { name: 'lesson', path: '/containers/first-container/' },
  { name: 'challenge', path: '/what-docker-is/challenge-letter/' },
  { name: 'lesson with a diagram to choose from', path: '/containers/life-cycle/' },
  { name: 'lesson with a diagram in steps', path: '/networking/published-ports/' },
  { name: 'lesson on a host', path: '/install-debian/docker-repository/' },
  { name: 'lesson with a chooser and no lab', path: '/install-desktop/windows-and-macos/' },
  { name: 'benchmark', path: '/benchmark/' },
  { name: 'registry', path: '/registry/' },
  { name: 'progress', path: '/progress/' },
  { name: 'glossary', path: '/glossary/' },
  { name: 'sandbox', path: '/sandbox/' },
  { name: 'guide for authors', path: '/authoring/' },
  { name: 'reference', path: '/reference/' },
  { name: 'embedded lab', path: '/embed/containers/first-container/' },
  { name: 'preview of a lab that is gone', path: '/preview/' },
  { name: 'missing page', path: '/there-is-no-such-page/' },
] as const;

const widths = [1280, 390] as const;
/** The width at which axe looks at a page in each theme. */
const looks = {
  en: { light: 1280, dark: 390 },
  'zh-cn': { light: 390, dark: 1280 },
} as const;

for (const locale of ['en', 'zh-cn'] as const) {
  for (const { name, path } of pages) {
    test(`${name} in ${locale}`, async ({ page, faults }) => {
      if (name === 'missing page') faults.expect(/404/);
      // The machine is not what is looked at; its downloads would only take time.
      await page.route('**/vm/manifest.json', () => {});
      await page.goto(`/${locale}${path}`);
      for (const theme of ['light', 'dark'] as const) {
        await page.evaluate((chosen) => localStorage.setItem('starlight-theme', chosen), theme);
        await page.reload();
        if (name === 'lesson with a chooser and no lab') await openAdvice(page);
        if (name === 'lesson with a diagram to choose from' || name === 'lesson with a diagram in steps') await useDiagram(page);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `nothing sticks out sideways, ${theme}, ${width} wide`).toBeLessThanOrEqual(width);
        }
        const width = looks[locale][theme];
        await page.setViewportSize({ width, height: 800 });
        await test.step(`${theme}, ${width} wide`, () => accessible(page, [...wcag, 'best-practice']));
        if ((name !== 'lesson' && name !== 'embedded lab') || width !== 390) continue;
        await test.step(`${theme}, the lab on a narrow screen`, async () => {
          await page.locator('#tab-lab').click();
          await expect(page.getByTestId('boot')).toBeVisible();
          for (const button of ['editor-toggle', 'pause', 'reset']) await expect(page.getByTestId(button)).toBeInViewport({ ratio: 1 });
          // One half of the page: title and main text are in the other.
          await accessible(page, wcag);
        });
      }
    });
  }
}

/** A way through the chooser, so that its questions and an advice are shown. */
async function openAdvice(page: Page): Promise<void> {
  const chooser = page.getByTestId('chooser');
  const advice = chooser.getByTestId('advice').filter({ visible: true });
  while ((await advice.count()) === 0) await chooser.locator('details:not([open]) > summary').filter({ visible: true }).last().click();
}

/** A view of the diagram, so that parts of it are brought out, and all of it in words. */
async function useDiagram(page: Page): Promise<void> {
  const diagram = page.getByTestId('diagram');
  const choices = diagram.getByRole('radio');
  const next = diagram.locator('[data-step="1"]');
  await expect(choices.or(next).first()).toBeVisible();
  if ((await choices.count()) > 0) await choices.first().check();
  else await next.click();
  await expect(diagram.locator('[data-drawing] .dd-lit').first()).toBeVisible();
  await diagram.locator('summary').click();
  await expect(diagram.locator('details li').first()).toBeVisible();
}

test('the page that offers both languages', async ({ page }) => {
  // As it is without JavaScript, which axe needs: its own would leave it at once.
  await page.route(`${siteOrigin()}/`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll(/<script[\s\S]*?<\/script>/g, '') });
  });
  await page.goto('/');
  await expect(page.getByRole('link')).toHaveText(['English', '简体中文']);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await accessible(page, [...wcag, 'best-practice']);
  }
});
