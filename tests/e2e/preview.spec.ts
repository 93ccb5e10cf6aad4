/** A service in a container, seen from the lab: on plain http, where there is no service worker and no secure context. */
import type { FrameLocator, Page } from '@playwright/test';
import { insecureHost, siteOrigin } from './support/origin.ts';
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/containers/first-server/', origin: () => siteOrigin(insecureHost) });

const frameOf = (page: Page): FrameLocator => page.frameLocator('[data-testid="preview-frame"]');
const address = (page: Page) => page.getByTestId('preview-address');
const error = (page: Page) => page.getByTestId('preview-error');
const html = '/usr/share/nginx/html';

test('says how there would be a service', async () => {
  const { page, lab } = shared();
  await lab.ready();
  await page.getByTestId('preview-toggle').click();
  await expect(page.getByTestId('preview-idle')).toContainText('docker run -d -p 8080:80 nginx');
  await expect(address(page)).toBeFocused();
  await page.keyboard.type('8080');
  await page.keyboard.press('Enter');
  await expect(error(page)).toContainText('DD5101');
  await expect(error(page)).toContainText('no running container publishes port 8080');
});

test('notices a published port by itself and shows its page', async () => {
  // The first container of nginx, on two cores that may be busy otherwise.
  test.setTimeout(700_000);
  const { page, lab } = shared();
  // It is said for a few seconds only, perhaps before the prompt is back.
  const said = page.waitForFunction(() => document.querySelector('.dd-announcer')?.textContent.includes('web publishes port 8080'), undefined, { timeout: 500_000, polling: 250 });
  await lab.run('docker run -d --name web -p 8080:80 nginx', { timeout: 500_000 });
  await said;
  await expect(page.locator('.dd-badge')).toHaveText('1', { timeout: 60_000 });
  await page.getByTestId('preview-ports').selectOption({ label: 'web, port 8080' });
  // What a learner does who is told that the container does not listen yet.
  await expect(async () => {
    if (await error(page).isVisible()) await page.getByTestId('preview-reload').click();
    await expect(frameOf(page).getByRole('heading', { level: 1 })).toHaveText('Welcome to nginx!', { timeout: 30_000 });
  }).toPass({ timeout: 180_000 });
  await expect(address(page)).toHaveValue('http://localhost:8080/');
});

test('shows what was changed, after a reload', async () => {
  const { page, lab } = shared();
  await lab.run(`docker exec web sh -c 'echo "<title>Mine</title><h1>changed</h1><a href=/none>none</a>" > ${html}/index.html'`);
  await page.getByTestId('preview-reload').click();
  await expect(frameOf(page).getByRole('heading', { level: 1 })).toHaveText('changed', { timeout: 60_000 });
  await frameOf(page).getByRole('link', { name: 'none' }).click();
  await expect(frameOf(page).locator('body')).toContainText('404', { timeout: 60_000 });
  await page.getByTestId('preview-back').click();
  await expect(frameOf(page).getByRole('heading', { level: 1 })).toHaveText('changed', { timeout: 60_000 });
});

test('opens in a window of its own, which the lab serves', async () => {
  const { page } = shared();
  const opening = page.waitForEvent('popup');
  await page.getByTestId('preview-window').click();
  const popup = await opening;
  await expect(frameOf(popup).getByRole('heading', { level: 1 })).toHaveText('changed', { timeout: 60_000 });
  await expect(popup).toHaveTitle('Mine · Preview');
  await popup.reload();
  await expect(frameOf(popup).getByRole('heading', { level: 1 })).toHaveText('changed', { timeout: 60_000 });
  await popup.close();
});

test("is brought by the text's button, with the address that it names", async () => {
  const { page } = shared();
  // Elsewhere before, and out of sight, so that it is the button that leads there.
  await address(page).fill('/none');
  await address(page).press('Enter');
  await expect(frameOf(page).locator('body')).toContainText('404', { timeout: 60_000 });
  await page.getByTestId('preview-toggle').click();
  await expect(page.getByTestId('preview')).toBeHidden();

  await page.getByRole('button', { name: 'Show in the preview: its page' }).click();
  await expect(page.getByTestId('preview')).toBeVisible();
  await expect(address(page)).toBeFocused();
  await expect(address(page)).toHaveValue('http://localhost:8080/');
  await expect(frameOf(page).getByRole('heading', { level: 1 })).toHaveText('changed', { timeout: 60_000 });
});

test('lets a hostile page reach nothing of the site', async () => {
  const { page, lab, faults } = shared();
  // Kept back by the frame's policy, and said so.
  faults.expect(/Content Security Policy|stolen|Unsafe attempt to initiate navigation/);
  await page.evaluate(() => localStorage.setItem('secret', 'treasure'));
  const tries = ['parent.document', 'top.localStorage', 'localStorage.secret', 'document.cookie.match(/treasure/)', `await fetch("${siteOrigin(insecureHost)}/stolen")`, 'top.location.href="/stolen"'];
  const script = `for(const t of ${JSON.stringify(tries)})try{const g=await eval("(async()=>"+t+")()");document.body.append(g?"GOT "+t:"no ")}catch{document.body.append("no ")}document.body.append("done")`;
  const page64 = Buffer.from(`<body><script type=module>${script}</script>`).toString('base64');
  await lab.run(`echo ${page64} | base64 -d | docker exec -i web sh -c 'cat > ${html}/bad.html'`);
  await address(page).fill('/bad.html');
  await address(page).press('Enter');
  await expect(frameOf(page).locator('body')).toContainText('done', { timeout: 60_000 });
  expect((await frameOf(page).locator('body').innerText()).trim()).toBe(`${'no '.repeat(tries.length)}done`);
  expect(await page.evaluate(() => localStorage.getItem('secret'))).toBe('treasure');
  expect(new URL(page.url()).pathname).toBe('/en/containers/first-server/');
});

test('goes from part to part by F6, out of the page too', async () => {
  const { page } = shared();
  await frameOf(page).locator('body').click();
  await page.keyboard.press('F6');
  await expect(page.getByTestId('terminal').locator('textarea').first()).toBeFocused();
  await page.keyboard.press('Shift+F6');
  await expect(address(page)).toBeFocused();
});

test('tells that the container has stopped', async () => {
  const { page, lab } = shared();
  await lab.run('docker rm -f web');
  await expect(page.locator('.dd-badge')).toBeHidden({ timeout: 60_000 });
  await page.getByTestId('preview-reload').click();
  await expect(error(page)).toContainText('DD5103', { timeout: 60_000 });
  await expect(error(page)).toContainText('web published this port');
});
