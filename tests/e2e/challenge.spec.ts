/** A challenge: tasks without a text that leads through them, whose checks say what is wrong. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/what-docker-is/challenge-letter/' });

const socket = 'curl -s --unix-socket /var/run/docker.sock';

test('is marked as one, and gives goals alone: no commands to run, no hints, only the solution at the end', async () => {
  const { page, lab } = shared();
  const entry = page.locator('.sidebar-content a[aria-current="page"]');
  await expect(entry).toContainText('Challenge');
  await expect(entry.locator('.sl-badge')).toHaveText('Challenge');
  for (const task of ['letter', 'reply']) {
    await expect(lab.task(task)).toBeVisible();
    await expect(lab.task(task).getByTestId('solution')).toHaveCount(1);
    await lab.taskIs(task, 'open');
  }
  await expect(page.getByTestId('hint')).toHaveCount(0);
  // A guided lesson has one at each command of its text; here those of the solutions are all there are.
  const runs = page.getByTestId('run');
  await expect(runs).toHaveCount(2);
  await expect(runs.filter({ visible: true })).toHaveCount(0);
  await lab.ready();
  await expect(page.getByTestId('task-summary')).toContainText('0 of 2');
});

test('says what is wrong with a container that comes close', async () => {
  const { lab } = shared();
  await lab.run('docker create --name letter busybox echo delivered');
  await lab.taskIs('letter', 'wrong');
  const reason = lab.task('letter').locator('[data-task-reason]');
  await expect(reason).toContainText('lacks the label via=curl');
  await expect(reason, 'nothing is left to be filled in').not.toContainText(/\{\w+\}/);
  await lab.run('docker rm letter');
  await lab.taskIs('letter', 'open');
  await expect(reason).toBeHidden();
});

test('is done once its goals are reached, by whichever way', async () => {
  const { page, lab } = shared();
  await lab.run(`${socket} localhost/containers/json > reply.json`);
  await lab.taskIs('reply', 'wrong');
  await expect(lab.task('reply').locator('[data-task-reason]')).toContainText('is not the answer to /version');
  await lab.run(`${socket} localhost/version > reply.json`);
  await lab.taskIs('reply', 'done');
  await lab.run(`${socket} -H 'Content-Type: application/json' -d '{"Image": "busybox", "Cmd": ["echo", "delivered"], "Labels": {"via": "curl"}}' 'localhost/containers/create?name=letter'`);
  await lab.run(`${socket} -X POST localhost/containers/letter/start`);
  await lab.taskIs('letter', 'done');
  await expect(page.getByTestId('task-summary')).toContainText('2 of 2');
  await expect(page.getByTestId('announcer')).toContainText('All tasks done');
});
