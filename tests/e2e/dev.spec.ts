/** `npm run dev`: what an author saves is in the open page, and the machine beside it runs on. */
import { expect, test } from '@playwright/test';
import { type DevServer, startDevServer } from './support/dev-server.ts';
import { LabPage } from './support/lab.ts';

const lesson = 'containers/first-container';
const exercise = 'content/exercises/first-container/exercise.yaml';

let server: DevServer | undefined;

// Gone after the test with all that was changed.
test.afterAll(() => server?.close());

test('shows what was saved while the machine runs on', async ({ page }) => {
  // A minute; several where every core is busy, since Vite makes each module when the page asks for it.
  test.setTimeout(600_000);
  server = await startDevServer();
  const lab = new LabPage(page);
  // Vite makes the modules of the page while it is loaded for the first time.
  await page.goto(`${server.origin}/en/${lesson}/`, { timeout: 120_000, waitUntil: 'commit' });
  await lab.ready();
  await lab.run('sleep 1000 & echo "alive-$$"');
  const before = await lab.output('echo "shell-$$"; jobs -r | grep -c sleep');
  expect(before).toMatch(/^shell-\d+\n1$/);
  const text = page.locator('#lesson');
  const scrolled = await text.evaluate((element) => (element.scrollTop = 600));
  await page.evaluate(() => Object.assign(window, { samePage: true }));

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

  await test.step('but not another start, and says so', async () => {
    await server?.change(exercise, 'start:\n', "start:\n  commands: ['true']\n");
    await expect(page.getByText(/The start of the exercise has changed\..*the machine started again/)).toBeVisible({ timeout: 60_000 });
    expect(await page.evaluate(() => 'samePage' in window)).toBe(false);
  });
});
