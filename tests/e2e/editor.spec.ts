/** The editor and the terminal work on the same files, in the guest. */
import type { Locator, Page } from '@playwright/test';
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/containers/first-container/' });

const row = (page: Page, path: string): Locator => page.getByTestId('file-tree').locator(`.dd-row[data-path="/home/learner/${path}"]`);
const lines = (page: Page): Locator => page.getByTestId('editor').locator('.view-lines');

test('shows the files of the machine once it is opened', async () => {
  const { page, lab } = shared();
  await lab.ready();
  await expect(page.getByTestId('editor')).toHaveCount(0);
  await lab.run(String.raw`mkdir -p app && printf 'FROM busybox\nCMD ["date"]\n' > app/Dockerfile`);
  await page.getByTestId('editor-toggle').click();
  await row(page, 'app').click();
  await expect(row(page, 'app/Dockerfile')).toBeVisible();
});

test('opens a Dockerfile with its colours', async () => {
  const { page } = shared();
  await row(page, 'app/Dockerfile').click();
  await expect(lines(page)).toContainText('FROM busybox');
  await expect(lines(page).locator('span', { hasText: /^FROM$/ }).first()).toHaveClass(/mtk\d+/);
  await expect(page.getByTestId('editor-tabs').getByRole('tab', { name: 'Dockerfile' })).toHaveAttribute('aria-selected', 'true');
});

test('writes what is saved into the machine', async () => {
  const { page, lab } = shared();
  await lines(page).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# written in the editor: 你好');
  await page.keyboard.press('Enter');
  const tab = page.getByTestId('editor-tabs').getByRole('tab');
  await expect(tab).toHaveAttribute('aria-label', 'Dockerfile (not saved)');
  await page.getByTestId('save').click();
  await expect(tab).toHaveAttribute('aria-label', 'Dockerfile');
  await expect(page.getByTestId('announcer')).toContainText('Saved Dockerfile');
  expect(await lab.output('cat app/Dockerfile')).toBe('# written in the editor: 你好\nFROM busybox\nCMD ["date"]');
});

test('saves with Ctrl+S as well', async () => {
  const { page, lab } = shared();
  await lines(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# end\n');
  await page.keyboard.press('Control+S');
  await expect(page.getByTestId('editor-tabs').getByRole('tab')).toHaveAttribute('aria-label', 'Dockerfile');
  expect(await lab.output('tail -n 1 app/Dockerfile')).toBe('# end');
});

test('shows what the terminal changes', async () => {
  const { page, lab } = shared();
  await lab.run('echo "# from the terminal" >> app/Dockerfile');
  await expect(lines(page)).toContainText('# from the terminal');
  await expect(page.getByTestId('editor-tabs').getByRole('tab')).toHaveAttribute('aria-label', 'Dockerfile');
});

test('asks when both sides have changed the file', async () => {
  const { page, lab } = shared();
  await lines(page).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# mine\n');
  await lab.run('echo "# theirs" > app/Dockerfile');
  const editor = page.getByTestId('editor');
  const banner = editor.getByText('was changed in the machine while you were editing it');
  await expect(banner).toBeVisible();
  await editor.getByRole('button', { name: 'Take the new one' }).click();
  await expect(lines(page)).toContainText('# theirs');
  await expect(lines(page)).not.toContainText('# mine');
  await expect(banner).toBeHidden();
});

test('lists a file made in the terminal, and forgets one that was removed', async () => {
  const { page, lab } = shared();
  await lab.run('touch app/compose.yaml notes.txt');
  await expect(row(page, 'app/compose.yaml')).toBeVisible();
  await expect(row(page, 'notes.txt')).toBeVisible();
  await lab.run('rm notes.txt');
  await expect(row(page, 'notes.txt')).toHaveCount(0);
});

test('makes a new file that the terminal sees', async () => {
  const { page, lab } = shared();
  await row(page, 'app/compose.yaml').click();
  await page.getByTestId('new-file').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('run.sh');
  await dialog.getByRole('button', { name: 'OK' }).click();
  await expect(row(page, 'app/run.sh')).toBeVisible();
  await expect(page.getByTestId('editor-tabs').getByRole('tab', { name: 'run.sh' })).toHaveAttribute('aria-selected', 'true');
  await page.getByTestId('editor').locator('.monaco-editor').click();
  await page.keyboard.type('echo it runs');
  await page.keyboard.press('Control+S');
  await expect(page.getByTestId('announcer')).toContainText('Saved run.sh');
  expect(await lab.output('sh app/run.sh')).toBe('it runs');
});

test('closes and leaves the room to the terminal', async () => {
  const { page } = shared();
  await page.getByTestId('editor-toggle').click();
  await expect(page.getByTestId('editor')).toBeHidden();
});
