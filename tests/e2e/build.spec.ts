/** The site built for a sub-path, as README promises it and publish.yml does it: it finds its parts there, and tells of what is not translated. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Served, serve } from '../../scripts/lib/serve.ts';
import { Faults } from './support/faults.ts';
import { copySite, type SiteCopy } from './support/site-copy.ts';

const base = '/course/';
/** A lesson that the copy has in English only. */
const untranslated = 'images/image-layers';
const notTranslated = '这一页还没有中文译文，以下是英文原文。';

let copy: SiteCopy | undefined;
let served: Served | undefined;

test.afterAll(async () => {
  await served?.close();
  await copy?.remove();
});

test('a site under a path stays below it, and tells what is not translated', async ({ page, context }) => {
  // A minute; many where every core is busy.
  test.setTimeout(1_800_000);
  copy = await copySite({ without: [`content/zh-cn/${untranslated}.mdx`, 'content/zh-cn/benchmark.mdx'], images: 'listed' });
  await copy.change('content/en/index.mdx', 'A real Docker Engine, in this browser tab.', 'A real Docker Engine, in this very tab.');

  await test.step('the build names lessons and other pages that are missing or stale', async () => {
    const said = await copy?.build(base);
    for (const slug of [untranslated, 'benchmark']) expect(said).toContain(`content/zh-cn/${slug}.mdx is missing: the page shows the English text, and says so. Translate content/en/${slug}.mdx.`);
    expect(said).toContain('content/zh-cn/index.mdx: content/en/index.mdx has changed since this was translated');
  });

  served = await serve('127.0.0.1', 0, { folder: join(copy.folder, 'dist'), base });
  const origin = `http://127.0.0.1:${served.port}`;
  const faults = new Faults();
  faults.watch(context, origin);
  // It has no machine, and none is needed: whoever asks for it waits.
  const asked: string[] = [];
  await page.route('**/vm/manifest.json', (route) => void asked.push(route.request().url()));

  await test.step('a lesson that is missing is in English, says so, and has its lab', async () => {
    await page.goto(`${origin}${base}zh-cn/${untranslated}/`);
    await expect(page.getByText(notTranslated)).toBeVisible();
    await expect(page.locator('main')).toHaveAttribute('lang', 'en');
    await expect(page.getByTestId('boot')).toBeVisible();
    await expect(page.getByTestId('boot'), 'styles are there').toHaveCSS('position', 'absolute');
    await expect.poll(() => asked, 'the worker runs and asks for the machine below the path').toContain(`${origin}${base}vm/manifest.json`);
  });

  await test.step('its links stay below the path, in its language', async () => {
    const outside = await page.evaluate((start) => [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].filter((link) => link.origin === location.origin && !link.pathname.startsWith(start)).map(({ href }) => href), base);
    expect(outside).toEqual([]);
    const next = page.locator('.pagination-links a[rel="next"]');
    await expect(next).toHaveAttribute('href', new RegExp(`^${base}zh-cn/[a-z0-9-]+/[a-z0-9-]+/$`));
    const href = await next.getAttribute('href');
    await next.click();
    await expect(page).toHaveURL(`${origin}${href ?? ''}`);
    await expect(page.locator('main')).toHaveAttribute('lang', 'zh-CN');
    await expect(page.getByTestId('boot')).toBeVisible();
    await expect(page.getByText(notTranslated)).toHaveCount(0);
  });

  await test.step('an old address leads on below the path', async () => {
    await page.goto(`${origin}${base}zh-cn/first-container/`);
    await expect(page).toHaveURL(`${origin}${base}zh-cn/containers/first-container/`);
  });

  await test.step('other pages say it as well', async () => {
    await page.goto(`${origin}${base}zh-cn/benchmark/`);
    await expect(page.getByText(notTranslated)).toBeVisible();
    await page.goto(`${origin}${base}zh-cn/`);
    const stale = page.getByTestId('stale-translation');
    await expect(stale).toContainText('英文版已更新');
    await stale.getByRole('link', { name: '阅读英文版' }).click();
    await expect(page).toHaveURL(`${origin}${base}en/`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('A real Docker Engine, in this very tab.');
    await expect(stale).toHaveCount(0);
  });

  expect(faults.take(), 'what the pages did wrong').toEqual([]);
});
