/** The first lesson in Chinese: every word around the learner is Chinese, and so are the reasons. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/zh-cn/containers/first-container/', locale: 'zh-CN' });

test('speaks Chinese', async () => {
  const { page, lab } = shared();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('容器');
  await lab.ready();
  await expect(lab.status).toContainText('运行中');
  await expect(page.getByTestId('task-summary')).toContainText('0 / 4');
  await expect(lab.task('hello-world')).toContainText('任务 1');
  await expect(lab.task('hello-world').locator('[data-task-state]')).toHaveText('未完成');
  await expect(page.getByTestId('run').first()).toContainText('运行');
});

test('says in Chinese why a removed container is not it', async () => {
  const { page, lab } = shared();
  await lab.run('docker run --rm hello-world');
  await lab.taskIs('hello-world', 'wrong');
  await expect(lab.task('hello-world').locator('[data-task-state]')).toHaveText('还差一点');
  await expect(lab.task('hello-world').locator('[data-task-reason]')).toContainText('请去掉 --rm 再运行一次');
  await expect(page.getByTestId('announcer')).toContainText('任务 1：');
});

test('ticks off the first two tasks', async () => {
  const { lab } = shared();
  await lab.run('docker run hello-world');
  await lab.taskIs('hello-world', 'done');
  await expect(lab.task('hello-world').locator('[data-task-state]')).toHaveText('已完成');
  const name = (await lab.output("docker ps -a --format '{{.Names}}'")).trim();
  await lab.run(`docker rename ${name} first`);
  await lab.taskIs('name-it', 'done');
});

test('shows Chinese in the terminal in two columns a character, unbroken', async () => {
  const { lab } = shared();
  expect(await lab.output('echo 容器 镜像 | tee 你好.txt')).toBe('容器 镜像');
  expect(await lab.output('ls 你好.txt')).toBe('你好.txt');
});

test('has the same lesson in the other language', async () => {
  const { page, lab } = shared();
  await page.goto(new URL('/en/containers/first-container/', page.url()).href);
  // Progress belongs to the exercise, not to its language.
  await lab.taskIs('hello-world', 'done');
  await lab.taskIs('name-it', 'done');
  await lab.taskIs('shell', 'open');
  await expect(page.getByTestId('task-summary')).toContainText('2 of 4');
  await expect(lab.task('hello-world').locator('[data-task-state]')).toHaveText('Done');
});
