/** The quiz of a lesson: every kind of question, what is said of an answer, and what is kept of it. */
import { expect, test } from './support/test.ts';

test.beforeEach(async ({ page }) => {
  // The machine is not what is looked at.
  await page.route('**/vm/manifest.json', () => {});
});

test('explains the answer that was chosen, and keeps the right one', async ({ page }) => {
  await page.goto('/en/containers/first-container/');
  const question = page.locator('#quiz-stopped');
  await question.getByRole('button', { name: 'Check' }).click();
  await expect(question.getByRole('status')).toContainText('Choose or type an answer first');
  await question.getByLabel('Nothing, it is gone').check();
  await question.getByRole('button', { name: 'Check' }).click();
  await expect(question.getByRole('status')).toContainText('Not quite.');
  await expect(question.getByRole('status')).toContainText('no longer listed by docker ps');
  await question.getByLabel('Its files, its output and its name').check();
  await question.getByRole('button', { name: 'Check' }).click();
  await expect(question.getByRole('status')).toContainText('Right.');
  await expect(question).toHaveAttribute('data-state', 'done');

  await page.reload();
  await expect(page.locator('#quiz-stopped')).toHaveAttribute('data-state', 'done');
  await expect(page.locator('#quiz-own')).toHaveAttribute('data-state', 'open');
  await page.goto('/en/progress/');
  await expect(page.locator('[data-lesson="containers/first-container"] [data-lesson-progress]')).toHaveText('1 of 7 done');
});

test('wants all of several right answers, and does not give the missing one away', async ({ page }) => {
  await page.goto('/zh-cn/containers/first-container/');
  const question = page.locator('#quiz-own');
  await question.getByLabel('文件').check();
  await question.getByRole('button', { name: '提交' }).click();
  await expect(question.getByRole('status')).toHaveText('还差一点：还有正确答案没有选。');
  await question.getByLabel('进程列表').check();
  await question.getByLabel('网络').check();
  await question.getByRole('button', { name: '提交' }).click();
  await expect(question).toHaveAttribute('data-state', 'done');
});

test('takes a typed command in each of its spellings, and knows what one may mix it up with', async ({ page }) => {
  await page.goto('/en/containers/first-container/');
  const question = page.locator('#quiz-list-all');
  for (const [answer, said] of [['docker ps', 'the running ones only'], ['docker show', 'one option more'], ['$ docker container  ls -A', 'Right.']] as const) {
    await question.getByLabel('Your answer').fill(answer);
    await page.keyboard.press('Enter');
    await expect(question.getByRole('status')).toContainText(said);
  }
  await expect(question).toHaveAttribute('data-state', 'done');
});

test('puts things in order by the keyboard alone', async ({ page }) => {
  await page.goto('/en/containers/first-server/');
  const question = page.locator('#quiz-life');
  const wanted = ['run', 'exec', 'stop', 'logs', 'rm'];
  for (const [place, item] of wanted.entries()) {
    const up = question.locator(`[data-item="${item}"]`).getByRole('button', { name: /^Move up/ });
    const at = (await question.locator('[data-item]').evaluateAll((items) => items.map((one) => (one as HTMLElement).dataset['item']))).indexOf(item);
    await up.focus();
    for (let from = at; from > place; from -= 1) await page.keyboard.press('Enter');
  }
  await expect(question.getByRole('status')).toContainText('now number');
  await question.getByRole('button', { name: 'Check' }).press('Enter');
  await expect(question).toHaveAttribute('data-state', 'done');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('is text with the answers folded away', async ({ page }) => {
    await page.goto('/en/containers/first-container/');
    const question = page.locator('#quiz-stopped');
    await expect(question.getByRole('button', { name: 'Check' })).toBeHidden();
    await expect(question.getByText('The image stays in any case')).toBeHidden();
    await question.getByText('Show the answer').click();
    await expect(question.getByText('The image stays in any case')).toBeVisible();
  });
});
