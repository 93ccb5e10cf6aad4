/** What the text names, opened in the lab beside it. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/dockerfile/first-dockerfile/' });

test('waits for the machine, then opens the file that the text names, or makes it', async () => {
  const { page, lab } = shared();
  await page.getByRole('button', { name: 'Open in the editor: the Dockerfile' }).first().click();
  await expect(page.getByTestId('announcer')).toContainText('opens as soon as it is: ~/greeter/Dockerfile');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('There is no /home/learner/greeter/Dockerfile yet', { timeout: 120_000 });
  await dialog.getByRole('button', { name: 'Make it' }).click();
  await expect(page.getByTestId('editor-tabs').getByRole('tab', { name: 'Dockerfile' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('file-tree').locator('[data-path="/home/learner/greeter/Dockerfile"]')).toBeVisible();
  await page.keyboard.type('FROM busybox\nCOPY greet.sh /app/\n');
  await page.keyboard.press('Control+S');
  await expect(page.getByTestId('announcer')).toContainText('Saved Dockerfile');
  await lab.ready();
  expect(await lab.output('cat greeter/Dockerfile')).toBe('FROM busybox\nCOPY greet.sh /app/');
});

test('puts the cursor at the line that the text speaks of', async () => {
  const { page } = shared();
  await page.getByRole('button', { name: 'Open in the editor: the Dockerfile' }).nth(1).press('Enter');
  await expect(page.getByTestId('editor').locator('.line-numbers.active-line-number')).toHaveText('2');
  await page.keyboard.type('# here ');
  await expect(page.getByTestId('editor').locator('.view-line').nth(1)).toHaveText(/^#.here.COPY/);
});
