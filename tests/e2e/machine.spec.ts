/** The machine's life: reset, pause, broken downloads, plain http, no JavaScript. */
import type { BrowserContext, Page } from '@playwright/test';
import { LabPage } from './support/lab.ts';
import { insecureHost, siteOrigin } from './support/origin.ts';
import { expect, test } from './support/test.ts';
import { Faults } from './support/faults.ts';

const lesson = '/en/containers/first-container/';

test('goes back to the start when reset, and stands still when paused', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();

  await test.step('pause and resume', async () => {
    await page.getByTestId('pause').click();
    await expect(lab.status).toHaveAttribute('data-state', 'paused');
    await lab.focusTerminal();
    await page.keyboard.type('echo after-the-pause');
    await page.waitForTimeout(3000);
    expect(await lab.screen()).not.toContain('after-the-pause');
    await page.getByTestId('pause').click();
    await expect(lab.status).toHaveAttribute('data-state', 'running');
    // What was typed meanwhile was not lost.
    await lab.until(/\$ echo after-the-pause$/);
    await lab.focusTerminal();
    await page.keyboard.press('Enter');
    await lab.until(/\nafter-the-pause\n/);
  });

  await test.step('the clock is right, after a pause too', async () => {
    const [guest] = (await lab.output('date -u +%s')).split('\n');
    // The guest was asked a moment ago, on a busy machine.
    expect(Math.abs(Number(guest) - Date.now() / 1000)).toBeLessThan(60);
  });

  const random = (await lab.output('head -c 16 /dev/urandom | md5sum')).trim();
  await lab.run('touch traces && docker create --name stowaway busybox');
  expect(await lab.output("docker ps -a --format '{{.Names}}'")).toBe('stowaway');

  await test.step('reset asks first', async () => {
    await page.getByTestId('reset').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await expect(lab.status).toHaveAttribute('data-state', 'running');
  });

  await test.step('reset brings the start back, with fresh randomness', async () => {
    await page.getByTestId('reset').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await expect(lab.status).not.toHaveAttribute('data-state', 'running');
    await lab.ready();
    expect(await lab.output('ls')).toBe('');
    expect(await lab.output('docker ps -aq')).toBe('');
    expect((await lab.output('head -c 16 /dev/urandom | md5sum')).trim()).not.toBe(random);
  });
});

test('is restarted, as if it were switched off and on', async ({ page }) => {
  const lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  await lab.run('touch traces && docker run -d --restart always --name keeper busybox top && docker run -d --name plain busybox top');
  await page.getByTestId('reset').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click();
  await expect(lab.status).toHaveAttribute('data-state', 'restarting');
  await expect(page.getByTestId('boot')).toContainText('Restarting');
  await lab.ready();
  expect(await lab.output('ls')).toBe('traces');
  await lab.run("until docker ps | grep -q keeper; do sleep 1; done");
  expect(await lab.output("docker ps -a --format '{{.Names}} {{.State}}'")).toBe('plain exited\nkeeper running');
});

test('tells a missing part, and goes on after a retry', async ({ page, faults }) => {
  faults.expect(/404/);
  let missing = true;
  await page.route('**/vm/state/*', (route) => (missing ? route.fulfill({ status: 404, body: 'gone' }) : route.continue()));
  const lab = new LabPage(page);
  await page.goto(lesson);
  const error = page.getByTestId('machine-error');
  await expect(error).toBeVisible({ timeout: 60_000 });
  await expect(error).toContainText(/DD1\d{3}/);
  await expect(error).toContainText('404');
  await expect(lab.status).toHaveAttribute('data-state', 'failed');
  missing = false;
  await page.getByTestId('retry').click();
  await lab.ready();
  await expect(error).toBeHidden();
});

test('refuses a damaged part, and goes on after a retry', async ({ page }) => {
  let damaged = true;
  await page.route('**/vm/state/*', async (route) => {
    if (!damaged) return route.continue();
    const response = await route.fetch();
    const body = await response.body();
    body[100] = (body[100] ?? 0) ^ 0xff;
    await route.fulfill({ response, body });
  });
  const lab = new LabPage(page);
  await page.goto(lesson);
  const error = page.getByTestId('machine-error');
  await expect(error).toBeVisible({ timeout: 60_000 });
  await expect(error).toContainText(/DD1\d{3}/);
  damaged = false;
  await page.getByTestId('retry').click();
  await lab.ready();
});

test('tells a part of the disk that is missing while the machine runs, and goes on after a retry', async ({ page, faults }) => {
  faults.expect(/404/);
  const lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  // Read past the file system, whose pages may be in memory already. Typed first: the shell's own pages may not be.
  await lab.type('sudo head -c 20000000 /dev/sda | wc -c');
  let missing = true;
  await page.route('**/vm/disk/*', (route) => (missing ? route.fulfill({ status: 404, body: 'gone' }) : route.continue()));
  await page.keyboard.press('Enter');
  const error = page.getByTestId('machine-error');
  await expect(error).toBeVisible({ timeout: 120_000 });
  missing = false;
  await page.getByTestId('retry').click();
  // Where it stood: the command that waited for its part goes on.
  await lab.until(/\n20000000\n.*\$$/);
});

test('runs over plain http on a LAN, where the browser has no crypto.subtle', async ({ browser }) => {
  const origin = siteOrigin(insecureHost);
  const context = await browser.newContext();
  const faults = watched(context, origin);
  const page = await context.newPage();
  await page.goto(`${origin}${lesson}`);
  expect(await page.evaluate(() => [isSecureContext, typeof crypto.subtle, typeof navigator.clipboard])).toEqual([false, 'undefined', 'undefined']);
  const lab = new LabPage(page);
  await lab.ready();
  expect(await lab.output('docker version --format "{{.Server.Os}}"')).toBe('linux');
  await copyWorks(page, lab);
  await context.close();
  expect(faults.take()).toEqual([]);
});

/** The old way of copying, the only one without a secure context. */
async function copyWorks(page: Page, lab: LabPage): Promise<void> {
  await lab.run('clear');
  await lab.run('echo seaworthy');
  await lab.selectWord(1);
  await page.keyboard.press('Control+Shift+C');
  await expect(page.getByTestId('announcer')).toContainText('Copied');
}

test('is a readable lesson without JavaScript', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const faults = watched(context, siteOrigin());
  const page = await context.newPage();
  for (const [locale, heading, task, note] of [
    ['en', 'Your first container', 'Task 1', 'it needs JavaScript'],
    ['zh-cn', '容器', '任务 1', '需要启用 JavaScript'],
  ] as const) {
    await page.goto(`${siteOrigin()}/${locale}/containers/first-container/`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(heading);
    await expect(page.locator('#task-hello-world')).toBeVisible();
    await expect(page.locator('#task-hello-world')).toContainText(task);
    // Playwright leaves the text of <noscript> out, so that the paragraph itself is asked.
    const paragraph = page.locator('#lab .dd-noscript');
    await expect(paragraph).toBeVisible();
    expect(await paragraph.textContent()).toContain(note);
    await expect(page.getByTestId('run')).toHaveCount(0);
    await page.locator('#task-hello-world summary').first().click();
    await expect(page.locator('#task-hello-world').getByText('docker run', { exact: true }).first()).toBeVisible();
    await page.setViewportSize({ width: 390, height: 800 });
    await expect(page.locator('.dd-view-tabs')).toBeHidden();
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  await context.close();
  expect(faults.take()).toEqual([]);
});

function watched(context: BrowserContext, origin: string): Faults {
  const faults = new Faults();
  faults.watch(context, origin);
  return faults;
}

test('tells a part of the memory that is missing while the machine runs, and goes on by itself once it is there', async ({ page, faults }) => {
  faults.expect(/404/);
  const lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  // What the kernel knows of each page of memory lies all over the parts that no first container needs.
  await lab.type('sudo cat /proc/kpageflags | wc -c');
  // Only now: what typing needs must be there.
  let missing = true;
  await page.route('**/vm/memory/*', (route) => (missing ? route.fulfill({ status: 404, body: 'gone' }) : route.continue()));
  await page.keyboard.press('Enter');
  const error = page.getByTestId('machine-error');
  await expect(error).toBeVisible({ timeout: 120_000 });
  await expect(error).toContainText(/DD1\d{3}/);
  missing = false;
  await expect(error).toBeHidden({ timeout: 60_000 });
  // Bytes: eight for each page of memory that may be used.
  await lab.until(/\n\d{7}\n.*\$$/);
});

test('has patience with memory that does not come, for longer than a worker may be silent, and goes on', async ({ page, faults }) => {
  // What the page gives up itself is no fault of the site's.
  faults.expect(/vm\/memory\//);
  const lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  await lab.type('sudo cat /proc/kpageflags | wc -c');
  const released = Promise.withResolvers<void>();
  const asked = new Map<string, number>();
  await page.route('**/vm/memory/*', async (route) => {
    const url = route.request().url();
    asked.set(url, (asked.get(url) ?? 0) + 1);
    await released.promise;
    // An attempt that was given up is there no more.
    await route.continue().catch(() => undefined);
  });
  await page.keyboard.press('Enter');
  const error = page.getByTestId('machine-error');
  await expect(error).toBeVisible({ timeout: 120_000 });
  await expect(error).toContainText('DD1001');
  // The third attempt alone lasts longer than the page waits for a worker that has not said so.
  await expect.poll(() => Math.max(...asked.values()), { timeout: 120_000, message: 'attempts for one part' }).toBeGreaterThanOrEqual(4);
  await expect(lab.status).toHaveAttribute('data-state', 'failed');
  released.resolve();
  await expect(error).toBeHidden({ timeout: 120_000 });
  await lab.until(/\n\d{7}\n.*\$$/);
});

test('is not reset without a question, not even when nothing else helps', async ({ page }) => {
  let wrong = true;
  let asked = 0;
  await page.route('**/vm/manifest.json', (route) => {
    asked += 1;
    return wrong ? route.fulfill({ contentType: 'application/json', body: '{}' }) : route.continue();
  });
  const lab = new LabPage(page);
  await page.goto(lesson);
  const error = page.getByTestId('machine-error');
  await expect(error).toContainText('DD1004', { timeout: 60_000 });
  const button = page.getByTestId('retry');
  await page.getByTestId('run').first().click();
  await expect(button).toBeFocused();
  await button.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(error).toBeVisible();
  expect(asked).toBe(1);
  wrong = false;
  await button.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
  await expect(lab.status).toHaveAttribute('data-state', 'running', { timeout: 120_000 });
});
