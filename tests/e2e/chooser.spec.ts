/** The chooser of the lesson on Windows and macOS: folds, and needs no script. */
import { expect, test } from './support/test.ts';

test.use({ javaScriptEnabled: false });

test('leads to an advice, one answer open at a time', async ({ page }) => {
  await page.goto('/en/install-desktop/windows-and-macos/');
  const chooser = page.getByTestId('chooser');
  const visible = chooser.getByTestId('advice').filter({ visible: true });
  await expect(visible).toHaveCount(0);
  await chooser.getByText('Windows', { exact: true }).click();
  await chooser.getByText('Windows 10 (22H2) or 11, 64 bits').click();
  await chooser.getByText('Yes', { exact: true }).first().click();
  await chooser.getByText('A terminal is enough').click();
  await expect(visible).toHaveCount(1);
  await expect(visible).toContainText('The engine inside of WSL 2');
  await chooser.getByText('Linux', { exact: true }).click();
  await expect(visible).toHaveCount(1);
  await expect(visible).toContainText('Install the engine itself');
});

test('speaks Chinese', async ({ page }) => {
  await page.goto('/zh-cn/install-desktop/windows-and-macos/');
  const chooser = page.getByTestId('chooser');
  await chooser.getByText('Linux', { exact: true }).click();
  await expect(chooser.getByTestId('advice').filter({ visible: true })).toContainText('直接安装引擎');
});
