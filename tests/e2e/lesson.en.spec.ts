/** The first two lessons on containers in English, from the first to the last task, as a learner goes from one to the other. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/containers/first-container/' });

const tasks = ['hello-world', 'name-it', 'shell', 'clean-up'];
const nextTasks = ['web', 'edit-page', 'visit', 'clean-up'];

test('starts with every task open and the machine at a prompt', async () => {
  const { page, lab } = shared();
  await expect(page).toHaveTitle(/Your first container/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await lab.ready();
  for (const task of tasks) await lab.taskIs(task, 'open');
  await expect(page.getByTestId('task-summary')).toContainText('0 of 4');
});

test('gives hints one by one, then the solution', async () => {
  const { lab } = shared();
  const card = lab.task('hello-world');
  const hints = card.getByTestId('hint');
  await expect(card.getByText('Hint 1')).toBeHidden();
  await hints.first().locator('> summary').click();
  await expect(card.getByText('Hint 1')).toBeVisible();
  await expect(card.getByText('Hint 2')).toBeHidden();
  await hints.nth(1).locator('> summary').click();
  await expect(card.getByText('Hint 2')).toBeVisible();
  await expect(card.getByTestId('solution').locator('pre')).toBeHidden();
  await card.getByTestId('solution').locator('> summary').click();
  await expect(card.getByTestId('solution').locator('pre')).toContainText('docker run hello-world');
});

test('task 1: runs a container', async () => {
  const { page, lab } = shared();
  await lab.run('docker run hello-world');
  await lab.taskIs('hello-world', 'done');
  await expect(page.getByTestId('announcer')).toContainText('Task 1 done');
});

test('task 2: finds the stopped container and names it', async () => {
  const { lab } = shared();
  const running = await lab.output('docker ps');
  expect(running.trim()).toMatch(/^CONTAINER ID[^\n]*NAMES$|^CONTAINER ID[^\n]*\n[^\n]*NAMES$/);
  const name = (await lab.output("docker ps -a --format '{{.Names}}'")).trim();
  expect(name).toMatch(/^[a-z]+_[a-z]+$/);
  await lab.run(`docker rename ${name} first`);
  await lab.taskIs('name-it', 'done');
});

test("shows the view of the engine that the text's button names", async () => {
  const { page } = shared();
  // Another view before, and out of sight, so that it is the button that chooses.
  await page.getByTestId('engine-toggle').click();
  await page.getByTestId('engine-events').click();
  await page.getByTestId('engine-toggle').click();
  await expect(page.getByTestId('engine')).toBeHidden();

  await page.getByRole('button', { name: 'Show in the view of the engine: Containers' }).click();
  await expect(page.getByTestId('engine-containers')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('engine-containers')).toBeFocused();
  await expect(page.locator('[data-column="stopped"] .dd-chip')).toContainText('first', { timeout: 60_000 });
  await page.getByTestId('engine-toggle').click();
  await expect(page.getByTestId('engine')).toBeHidden();
});

test('task 3: enters a container, looks around, leaves', async () => {
  const { lab } = shared();
  await lab.run('docker run -it busybox', { until: /\n\/ #$/ });
  const hostname = (await lab.output('hostname')).trim();
  expect(hostname).toMatch(/^[0-9a-f]{12}$/);
  expect(await lab.output('ps')).toMatch(/^PID .*\n\s+1 root .* sh\n\s+\d+ root .*\bps\b.*$/);
  const inside = (await lab.output('uname -r')).trim();
  await lab.taskIs('shell', 'open');
  await lab.run('exit', { until: /learner@drydock:~\$$/ });
  await lab.taskIs('shell', 'done');
  expect((await lab.output('uname -r')).trim()).toBe(inside);
});

test('task 4: removes one container, then what is left, and everything is done', async () => {
  const { page, lab } = shared();
  await lab.run('docker rm first');
  await lab.taskIs('clean-up', 'open');
  await lab.run('docker rm $(docker ps -aq)');
  await lab.taskIs('clean-up', 'done');
  await expect(page.getByTestId('task-summary')).toContainText('4 of 4');
  await expect(page.getByTestId('announcer')).toContainText('All tasks done');
});

test('keeps what is done over a reload, on a fresh machine', async () => {
  const { page, lab } = shared();
  // Left behind, to be gone.
  await lab.run('docker create --name stowaway busybox');
  await page.reload();
  for (const task of tasks) await lab.taskIs(task, 'done');
  await expect(page.getByTestId('task-summary')).toContainText('4 of 4');
  await lab.startAfresh();
  await lab.ready();
  for (const task of tasks) await lab.taskIs(task, 'done');
  expect(await lab.output('docker ps -aq')).toBe('');
});

test('goes on to the next lesson, whose tasks are open', async () => {
  const { page, lab } = shared();
  await page.locator('.pagination-links a[rel="next"]').click();
  await expect(page).toHaveURL(/\/en\/containers\/first-server\/$/);
  await expect(page).toHaveTitle(/Your first web server/);
  // Not even the one that has the name of a task of the lesson before.
  for (const task of nextTasks) await lab.taskIs(task, 'open');
  await expect(page.getByTestId('task-summary')).toContainText('0 of 4');
  await lab.ready();
});

test('next task 1: says why a nameless nginx is not it, and takes the named one', async () => {
  const { lab } = shared();
  await lab.run('docker run -d -p 8080:80 nginx');
  await lab.taskIs('web', 'wrong');
  const name = (await lab.output("docker ps --format '{{.Names}}'")).trim();
  const reason = lab.task('web').locator('[data-task-reason]');
  await expect(reason).toContainText(`its name is ${name}`);
  await expect(reason).toContainText('--name');
  await expect(lab.task('web').locator('[data-task-state]')).toHaveText('Not quite');

  await lab.run(`docker rm -f ${name}`);
  await lab.taskIs('web', 'open');
  await lab.run('docker run -d --name web -p 8080:80 nginx');
  await lab.taskIs('web', 'done');
});

test('next task 2: says where a redirected page went, and takes the one inside', async () => {
  const { lab } = shared();
  await lab.run('docker exec web echo Ahoy > index.html');
  await lab.taskIs('edit-page', 'wrong');
  await expect(lab.task('edit-page').locator('[data-task-reason]')).toContainText('a file of this machine');
  await lab.run("docker exec web sh -c 'echo Ahoy from inside > /usr/share/nginx/html/index.html'");
  await lab.taskIs('edit-page', 'done');
});

test('next task 3: visits the page', async () => {
  const { lab } = shared();
  expect(await lab.output('curl localhost:8080')).toContain('Ahoy from inside');
  await lab.taskIs('visit', 'done');
  expect(await lab.output('docker logs web')).toMatch(/"GET \/ HTTP\/1\.1" 200/);
});

test('next task 4: cleans up, and everything is done', async () => {
  const { page, lab } = shared();
  await lab.run('docker stop web');
  await lab.taskIs('clean-up', 'wrong');
  await lab.run('docker rm web');
  await lab.taskIs('clean-up', 'done');
  await expect(page.getByTestId('task-summary')).toContainText('4 of 4');
  await expect(page.getByTestId('announcer')).toContainText('All tasks done');
  for (const task of nextTasks) await lab.taskIs(task, 'done');
});
