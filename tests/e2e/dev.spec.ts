/** `npm run dev`: what an author saves is in the open page, and the machine beside it runs on; and what pages say of their translation. */
import { expect, test } from '@playwright/test';
import { type DevServer, startDevServer } from './support/dev-server.ts';
import { LabPage } from './support/lab.ts';

const lesson = 'containers/first-container';
const exercise = 'content/exercises/first-container/exercise.yaml';
/** A lesson that the copy has in English only. */
const untranslated = 'images/image-layers';

let server: DevServer | undefined;

// Gone after the test with all that was changed.
test.afterAll(() => server?.close());

test('shows what was saved while the machine runs on', async ({ page, browser }) => {
  // A minute; several where every core is busy, since Vite makes each module when the page asks for it.
  test.setTimeout(600_000);
  server = await startDevServer({ without: [`content/zh-cn/${untranslated}.mdx`] });
  const { origin } = server;
  const lab = new LabPage(page);
  // Vite makes the modules of the page while it is loaded for the first time.
  await page.goto(`${origin}/en/${lesson}/`, { timeout: 120_000, waitUntil: 'commit' });
  await lab.ready();
  await lab.run('sleep 1000 & echo "alive-$$"');
  const before = await lab.output('echo "shell-$$"; jobs -r | grep -c sleep');
  expect(before).toMatch(/^shell-\d+\n1$/);
  const text = page.locator('#lesson');
  const scrolled = await text.evaluate((element) => (element.scrollTop = 600));
  await page.evaluate(() => Object.assign(window, { samePage: true }));

  // Without scripts, so that it is a page and not another machine.
  const readers = await browser.newContext({ javaScriptEnabled: false });
  const reader = await readers.newPage();
  const read = (path: string) => reader.goto(`${origin}${path}`, { timeout: 120_000, waitUntil: 'domcontentloaded' });
  const stale = reader.getByTestId('stale-translation');
  await read(`/zh-cn/${lesson}/`);
  await expect(reader.locator('main h1')).toBeVisible();
  await expect(stale, 'in the checkout the translation is of the English text as it is; npm run lesson:check tells where not').toHaveCount(0);

  await server.change(`content/en/${lesson}.mdx`, 'It needs no second operating system', 'It needs no second harbour');
  await expect(text).toContainText('It needs no second harbour');
  await server.change(exercise, 'en: Run a container from `hello-world`', 'en: Launch a container from `hello-world`');
  await expect(lab.task('hello-world')).toContainText('Launch a container from hello-world');
  await expect(page.getByTestId('task-summary').getByRole('button', { name: /Launch a container/ })).toBeVisible();

  expect(await page.evaluate(() => 'samePage' in window), 'the page was not loaded anew').toBe(true);
  expect(await text.evaluate((element) => element.scrollTop)).toBe(scrolled);
  await expect(text.getByTestId('run').first()).toBeVisible();
  await expect(text.getByTestId('open').first()).toBeVisible();
  expect(await lab.output('echo "shell-$$"; jobs -r | grep -c sleep'), 'the same shell, with what it runs').toBe(before);

  await test.step('a translation of another English text says so, and leads to the English page', async () => {
    // Astro writes its store of all pages a moment later.
    await expect(async () => {
      await read(`/zh-cn/${lesson}/`);
      await expect(stale).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 120_000 });
    await expect(stale).toContainText('英文版已更新');
    await expect(stale.getByRole('link', { name: '阅读英文版' })).toHaveAttribute('href', `/en/${lesson}/`);
  });

  await test.step('a page without a translation says so, and is in English', async () => {
    await read(`/zh-cn/${untranslated}/`);
    await expect(reader.getByText('这一页还没有中文译文，以下是英文原文。')).toBeVisible();
    await expect(reader.locator('main')).toHaveAttribute('lang', 'en');
    await expect(stale).toHaveCount(0);
    await readers.close();
  });

  await test.step('but not another start, and says so', async () => {
    await server?.change(exercise, 'start:\n', "start:\n  commands: ['true']\n");
    await expect(page.getByText(/The start of the exercise has changed\..*the machine started again/)).toBeVisible({ timeout: 60_000 });
    expect(await page.evaluate(() => 'samePage' in window)).toBe(false);
  });
});
