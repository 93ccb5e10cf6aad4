/** The course around the lessons: the list of modules, progress with its file and certificate, old addresses. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

const tasks = ['hello-world', 'name-it', 'shell', 'web', 'edit-page', 'visit', 'clean-up'];

const questions = ['stopped', 'own', 'list-all', 'life'];

/** As the lab and the quizzes keep it. */
async function keepProgress(page: Page, done: readonly string[], answered: readonly string[] = []): Promise<void> {
  const dated = (ids: readonly string[]): Record<string, string> => Object.fromEntries(ids.map((id) => [id, '2026-01-02T12:00:00.000Z']));
  const progress = { version: 1, done: dated(done), hints: { shell: 2 }, answered: dated(answered) };
  await page.evaluate((text) => localStorage.setItem('drydock:progress:first-container', text), JSON.stringify(progress));
}

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
  await expect(module.locator('[data-lesson="containers/first-container"] [data-lesson-progress]')).toHaveText('2 of 11 done');
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
  await expect(page.locator('[data-overall]')).toContainText('11 of');
  const lesson = page.locator('[data-lesson="containers/first-container"] [data-lesson-progress]');
  await expect(lesson).toHaveText('finished on Jan 2, 2026');
  const module = page.locator('[data-module="containers"] [data-module-progress]');
  await expect(module).toHaveText(/^11 of \d{2,} done$/);
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

test('prints a certificate of what was checked, and nothing else', async ({ page }) => {
  await page.goto('/en/progress/');
  await keepProgress(page, tasks, questions);
  await page.reload();
  const sheet = page.getByTestId('certificate');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await expect(sheet).toContainText('for Ada Lovelace');
  await expect(sheet.getByRole('row', { name: 'Your first container' })).toContainText('7 tasks, 4 questions');
  await expect(sheet).toContainText('Nobody supervised');
  await expect(sheet).toContainText('2 were');
  await page.emulateMedia({ media: 'print' });
  await expect(sheet).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save to a file' })).toBeHidden();
  await expect(page.locator('header')).toBeHidden();
});
