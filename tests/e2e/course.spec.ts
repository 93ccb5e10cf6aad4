/** The course around the lessons: the list of modules, progress with its file and certificate, old addresses. */
import { readFile } from 'node:fs/promises';
import { keepProgress, questions, tasks } from './support/progress.ts';
import { expect, test } from './support/test.ts';

test('lists modules and lessons, and goes on where the learner left', async ({ page }) => {
  await page.goto('/en/');
  const module = page.locator('[data-module="containers"]');
  await expect(module.getByRole('heading', { name: 'Containers' })).toBeVisible();
  await expect(module.getByRole('link', { name: 'Your first container' })).toBeVisible();
  await expect(module.locator('[data-module-progress]')).toBeEmpty();
  const start = page.locator('[data-continue]');
  await expect(start).toHaveText('Start the first lesson');

  await keepProgress(page, tasks.slice(0, 2));
  await page.reload();
  await expect(module.locator('[data-lesson="containers/first-container"] [data-lesson-progress]')).toHaveText('2 of 7 done');
  await expect(module.locator('[data-module-progress]')).toHaveText(/^2 of \d{2,} done$/);
  await expect(start).toContainText('Continue: Your first container');
  await expect(start).toHaveAttribute('href', /\/en\/containers\/first-container\/$/);
});

test('leads from the old address of a lesson to the new one', async ({ page }) => {
  await page.route('**/vm/manifest.json', () => {});
  for (const locale of ['en', 'zh-cn']) {
    await page.goto(`/${locale}/first-container/`);
    await expect(page).toHaveURL(new RegExp(`/${locale}/containers/first-container/$`));
  }
});

test('saves progress to a file, forgets it, and loads it again', async ({ page }) => {
  await page.goto('/en/progress/');
  await keepProgress(page, tasks, questions);
  await page.reload();
  await expect(page.locator('[data-overall]')).toContainText(/\b7 of /);
  const lesson = page.locator('[data-lesson="containers/first-container"] [data-lesson-progress]');
  await expect(lesson).toHaveText('finished on Jan 2, 2026');
  const module = page.locator('[data-module="containers"] [data-module-progress]');
  await expect(module).toHaveText(/^7 of \d{2,} done$/);
  await expect(page.locator('[data-module="images"] [data-module-progress]')).toHaveText('not begun');

  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save to a file' }).click();
  const path = await (await saved).path();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 'drydock-progress', lessons: { 'first-container': { hints: { shell: 2 } } } });

  await page.getByRole('button', { name: 'Forget all of it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click();
  await expect(lesson).toHaveText('not begun');
  await expect(module).toHaveText('not begun');
  await expect(page.getByTestId('certificate')).toBeHidden();

  await page.locator('[data-file]').setInputFiles(path);
  await expect(page.getByRole('status')).toContainText('Loaded from');
  await expect(lesson).toHaveText('finished on Jan 2, 2026');
});

test('says what is wrong with a file that is no progress, in Chinese too', async ({ page }) => {
  for (const [locale, words] of [['en', 'This file holds no progress'], ['zh-cn', '这个文件不是学习进度']] as const) {
    await page.goto(`/${locale}/progress/`);
    await page.locator('[data-file]').setInputFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{"a":1}') });
    await expect(page.getByRole('status')).toContainText(words);
    await expect(page.getByRole('status')).toContainText('DD5010');
  }
});

test('tells on the first page where progress cannot be read, and loses no copy of it', async ({ page }) => {
  const broken = { en: '{"cut off', 'zh-cn': 'edited by hand' };
  for (const [locale, words] of [['en', 'The stored progress could not be read'], ['zh-cn', '无法读取已保存的进度']] as const) {
    await page.goto(`/${locale}/`);
    await page.evaluate((text) => localStorage.setItem('drydock:progress:first-container', text), broken[locale]);
    await page.reload();
    await expect(page.locator('[data-progress-warnings]')).toContainText(words);
    await expect(page.locator('[data-progress-warnings]')).toContainText('DD5003');
  }
  const kept = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith('drydock:progress:first-container')).map(([, text]) => String(text)));
  expect(kept.toSorted()).toEqual(Object.values(broken).toSorted());
});

test('saves what can be read to a file, and goes on telling what cannot', async ({ page }) => {
  await page.goto('/en/progress/');
  await keepProgress(page, tasks);
  await page.evaluate(() => localStorage.setItem('drydock:progress:life-cycle', '{"cut off'));
  await page.reload();
  const warnings = page.locator('[data-warnings]');
  await expect(warnings).toContainText('What is stored for “life-cycle” is not valid');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save to a file' }).click();
  const file: unknown = JSON.parse(await readFile(await (await saved).path(), 'utf8'));
  expect(file).toMatchObject({ lessons: { 'first-container': {} } });
  expect(file).not.toMatchObject({ lessons: { 'life-cycle': {} } });
  await expect(page.getByRole('status')).toContainText('Saved as drydock-');
  await expect(warnings).toContainText('DD5003');
});

test('saves no empty file where the browser lets nothing be read', async ({ page }) => {
  await page.addInitScript(() => {
    const read = Storage.prototype.getItem;
    Storage.prototype.getItem = function (key) {
      if (key.startsWith('drydock:progress:')) throw new DOMException('denied', 'SecurityError');
      return read.call(this, key);
    };
  });
  let downloads = 0;
  page.on('download', () => (downloads += 1));
  for (const [locale, button, warning, said] of [['en', 'Save to a file', 'does not let this site store data', 'No file was saved.'], ['zh-cn', '保存到文件', '浏览器不允许本站存储数据', '没有保存文件。']] as const) {
    await page.goto(`/${locale}/progress/`);
    await expect(page.locator('[data-warnings]')).toContainText(warning);
    await page.getByRole('button', { name: button }).click();
    await expect(page.getByRole('status')).toContainText(said);
    await expect(page.getByRole('status')).toContainText('DD5001');
  }
  expect(downloads).toBe(0);
});

test('prints a certificate of what was checked, and nothing else', async ({ page }) => {
  await page.goto('/en/progress/');
  await keepProgress(page, tasks, questions);
  // Of the same module, and only begun.
  const begun = { version: 1, done: { web: '2026-01-03T12:00:00.000Z' }, hints: {} };
  await page.evaluate((text) => localStorage.setItem('drydock:progress:first-server', text), JSON.stringify(begun));
  await page.reload();
  await expect(page.locator('[data-lesson="containers/first-server"] [data-lesson-progress]')).toHaveText(/^1 of \d+ done$/);
  const sheet = page.getByTestId('certificate');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await expect(sheet).toContainText('for Ada Lovelace');
  await expect(sheet.locator('tbody th[scope="row"]')).toHaveText(['Your first container']);
  await expect(sheet.getByRole('row', { name: 'Your first container' }).getByRole('cell')).toHaveText(['4 tasks, 3 questions', 'Jan 2, 2026']);
  await expect(sheet).toContainText('Nobody supervised');
  await expect(sheet).toContainText('hints opened: 2');
  // The browser's own would wait for somebody to answer its dialog.
  await page.evaluate(() => {
    window.print = () => (document.documentElement.dataset['printed'] = 'yes');
  });
  await page.getByRole('button', { name: 'Print' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-printed', 'yes');
  await page.emulateMedia({ media: 'print' });
  await expect(sheet).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save to a file' })).toBeHidden();
  await expect(page.locator('header')).toBeHidden();
});
