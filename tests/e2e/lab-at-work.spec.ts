/** A lab in the midst of a lesson, in Chinese: everything that a machine brings to the page is accessible, and says what failed. */
import type { Page } from '@playwright/test';
import { accessible, wcag } from './support/axe.ts';
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/zh-cn/images/image-names/', locale: 'zh-CN' });

/** Chosen as a learner does it: a reload would take the machine away. */
async function inBothThemes(page: Page, look: () => Promise<void>): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await page.locator('starlight-theme-select select').filter({ visible: true }).selectOption(theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await test.step(theme, look);
  }
}

test('a done and a wrong task, an opened hint and the terminal are accessible', async () => {
  const { page, lab } = shared();
  await lab.ready();
  await lab.run('docker tag busybox harbour/tools:1.0');
  await lab.taskIs('tag', 'done');
  await lab.run('docker tag harbour/tools:1.0 debian');
  await lab.taskIs('move', 'wrong');
  await expect(lab.task('move').locator('[data-task-reason]')).toBeVisible();
  await lab.task('move').getByTestId('hint').first().locator('> summary').click();
  await expect(lab.task('move').getByText('提示 1')).toBeVisible();
  // In colours, as programs print.
  await lab.run(String.raw`printf '\e[31mred \e[32mgreen \e[34mblue \e[90mgrey\e[0m\n'`);
  await inBothThemes(page, () => accessible(page));
});

test('the inspector tells a failed request with its error, and what it was for', async () => {
  const { page, lab } = shared();
  await page.getByTestId('engine-toggle').click();
  await page.getByTestId('engine-requests').click();
  await expect(page.getByTestId('engine')).toContainText('它发送的每个请求都会显示在这里', { timeout: 120_000 });
  await lab.run('docker container inspect nothing');
  const request = page.getByTestId('requests').locator('li').filter({ hasText: '/containers/nothing/json' });
  await expect(request).toContainText('GET');
  const status = request.locator('.dd-request-status');
  await expect(status).toHaveText('404');
  await expect(status).toHaveAttribute('data-tone', 'error');
  await expect(request.locator('.dd-request-meaning')).toContainText('一个容器的全部信息');
  await request.locator('summary').click();
  await expect(request.getByRole('region', { name: '应答' })).toContainText('"message": "No such container: nothing"');
});

test('every tab of the engine panel is accessible', async () => {
  const { page, lab } = shared();
  await lab.run('docker create --name made busybox');
  await inBothThemes(page, async () => {
    for (const tab of ['containers', 'events', 'requests', 'registry']) {
      await page.getByTestId(`engine-${tab}`).click();
      if (tab === 'containers') await expect(page.locator('[data-column="created"] .dd-chip')).toContainText('made');
      await accessible(page, wcag, '#lab');
    }
  });
  await page.getByTestId('engine-toggle').click();
});

test('an opened file in the editor is accessible', async () => {
  const { page, lab } = shared();
  await lab.run(String.raw`printf 'FROM busybox\n# say the time\nCMD ["date"]\n' > Dockerfile`);
  await page.getByTestId('editor-toggle').click();
  await page.getByTestId('file-tree').locator('.dd-row[data-path="/home/learner/Dockerfile"]').click();
  await expect(page.getByTestId('editor').locator('.view-lines')).toContainText('FROM busybox');
  await inBothThemes(page, () => accessible(page, wcag, '#lab'));
  await page.getByTestId('editor-toggle').click();
});

test('command palette and help are accessible', async () => {
  const { page } = shared();
  await inBothThemes(page, async () => {
    await page.keyboard.press('F1');
    await expect(page.getByTestId('palette')).toBeFocused();
    await accessible(page, wcag, 'dialog');
    await page.getByTestId('palette').fill('没有这样的命令');
    await accessible(page, wcag, 'dialog');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '键盘快捷键' }).click();
    await page.getByTestId('network-messages').locator('summary').click();
    await accessible(page, wcag, 'dialog');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
});
