/**
 * Every kind of page against WCAG 2.2 A and AA: in each language light and dark, wide and narrow, in the two together in all four
 * ways. The languages differ in words, not in colours or structure; all four in each took eight minutes, most of it within axe.
 */
import type { Page } from '@playwright/test';
import { accessible, wcag } from './support/axe.ts';
import { siteOrigin } from './support/origin.ts';
import { keepProgress, questions, tasks } from './support/progress.ts';
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
      // Neither the machine nor a host is what is looked at; their downloads would only take time.
      await page.route('**/vm/*.json', () => {});
      await page.goto(`/${locale}${path}`);
      for (const theme of ['light', 'dark'] as const) {
        await page.evaluate((chosen) => localStorage.setItem('starlight-theme', chosen), theme);
        // What the embedded lab goes by, which has nothing to choose a theme with.
        await page.emulateMedia({ colorScheme: theme });
        const showsProgress = name === 'landing page' || name === 'progress';
        if (showsProgress) await fillProgress(page);
        await page.reload();
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        if (showsProgress) await expectProgress(page);
        if (name === 'progress') await expect(page.getByTestId('certificate')).toBeVisible();
        if (name === 'lesson with a chooser and no lab') await openAdvice(page);
        if (name === 'lesson with a diagram to choose from' || name === 'lesson with a diagram in steps') await useDiagram(page);
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `nothing sticks out sideways, ${theme}, ${width} wide`).toBeLessThanOrEqual(width);
        }
        const width = looks[locale][theme];
        await page.setViewportSize({ width, height: 800 });
        // Loaded when its column comes into sight.
        if (await page.locator('#lab').isVisible()) await expect(page.getByTestId('boot')).toBeVisible();
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

/** One lesson done, and what is kept of another one damaged: that is put aside by the first page that reads it. */
async function fillProgress(page: Page): Promise<void> {
  await keepProgress(page, tasks, questions);
  await page.evaluate(() => localStorage.setItem('drydock:progress:life-cycle', '{"cut off'));
}

async function expectProgress(page: Page): Promise<void> {
  await expect(page.locator('[data-lesson="containers/first-container"] [data-lesson-progress]')).toHaveAttribute('data-state', 'done');
  await expect(page.locator('[data-progress-warnings], [data-warnings]')).toContainText('DD5003');
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
