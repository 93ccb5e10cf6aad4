/** A lab in the midst of a lesson, in Chinese: everything that a machine brings to the page is accessible, and says what failed. */
import type { Locator, Page } from '@playwright/test';
import { accessible, wcag } from './support/axe.ts';
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/zh-cn/containers/life-cycle/', locale: 'zh-CN' });

/** Chosen as a learner does it: a reload would take the machine away. */
async function inBothThemes(page: Page, look: () => Promise<void>): Promise<void> {
  for (const theme of ['light', 'dark']) {
    await page.locator('starlight-theme-select select').filter({ visible: true }).selectOption(theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await test.step(theme, look);
  }
}

test('the diagram in the text shows where the containers of the machine are, and what has just happened', async () => {
  const { page, lab } = shared();
  await lab.ready();
  const diagram = page.getByTestId('diagram');
  // The engine is followed only while the diagram is in sight.
  await diagram.locator('[data-live]').scrollIntoViewIfNeeded();
  await expect(diagram.locator('[data-live]')).toContainText('虚拟机启动之后，您的容器会出现在图中各自的状态里。');
  const count = (state: string): Locator => diagram.locator(`[data-count="${state}"]`);
  const noticed = { timeout: 60_000 };
  await expect(count('created')).toHaveText('0', noticed);
  await lab.run('docker create --name job busybox sleep 1000');
  await expect(count('created')).toHaveText('1', noticed);
  await expect(diagram.locator('[data-names="created"]')).toHaveText('job');
  await expect(diagram.locator('[data-states]')).toContainText('created：1 (job)');
  await expect(diagram.locator('[data-live]')).toContainText('您的机器里刚刚发生：job 已创建。', noticed);
  await lab.run('docker start job');
  await expect(count('running')).toHaveText('1', noticed);
  await expect(count('created')).toHaveText('0');
  await expect(diagram.locator('[data-live]')).toContainText('job 已启动。', noticed);
});

test('a done and a wrong task, an opened hint, the diagram and the terminal are accessible', async () => {
  const { page, lab } = shared();
  await lab.taskIs('start', 'done');
  await lab.run('docker pause job');
  await lab.taskIs('stop', 'wrong');
  await expect(lab.task('stop').locator('[data-task-reason]')).toBeVisible();
  await lab.task('stop').getByTestId('hint').first().locator('> summary').click();
  await expect(lab.task('stop').getByText('提示 1')).toBeVisible();
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
    for (const tab of ['containers', 'images', 'events', 'requests', 'registry']) {
      await page.getByTestId(`engine-${tab}`).click();
      if (tab === 'containers') await expect(page.locator('[data-column="created"] .dd-chip')).toContainText('made');
      if (tab === 'images') await openWritableLayer(page);
      await accessible(page, wcag, '#lab');
    }
  });
  await page.getByTestId('engine-toggle').click();
});

test('the preview that cannot show an address is accessible, and says why', async () => {
  const { page } = shared();
  await page.getByTestId('preview-toggle').click();
  await expect(page.getByTestId('preview-address')).toBeFocused();
  await page.keyboard.type('8080');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('preview-error')).toContainText('DD5101', { timeout: 60_000 });
  await inBothThemes(page, () => accessible(page, wcag, '#lab'));
  await page.getByTestId('preview-toggle').click();
});

/** What a container of the image has on top, as well as its layers. */
async function openWritableLayer(page: Page): Promise<void> {
  const image = page.getByTestId('images').locator('label').filter({ hasText: 'busybox:latest' });
  await expect(image).toBeVisible({ timeout: 60_000 });
  await image.getByRole('radio').check();
  await expect(page.getByTestId('layers').locator('li')).not.toHaveCount(0);
  const changes = page.getByTestId('writable-layer').filter({ hasText: 'made' }).getByRole('button');
  await changes.click();
  await expect(changes).toHaveText('重新查看', { timeout: 60_000 });
  await expect(changes).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
}

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
