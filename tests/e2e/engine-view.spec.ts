/** The sandbox, and what it shows of the engine while commands run: containers by state, events, API requests. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/sandbox/' });

test('is a machine without tasks', async () => {
  const { page, lab } = shared();
  await lab.ready();
  await expect(page.getByTestId('task-summary')).toHaveCount(0);
});

test('shows containers move from state to state', async () => {
  const { page, lab } = shared();
  await page.getByTestId('engine-toggle').click();
  const column = (name: string) => page.locator(`[data-column="${name}"] .dd-chip`);
  await lab.run('docker run -d --name sleeper busybox sleep 600');
  await expect(column('running')).toContainText('sleeper');
  await lab.run('docker kill sleeper');
  await expect(column('stopped')).toContainText('exit code 137');
  await expect(column('running')).toHaveCount(0);
});

test('tells events as they come', async () => {
  const { page, lab } = shared();
  await page.getByTestId('engine-containers').press('ArrowRight');
  await expect(page.getByTestId('engine-events')).toBeFocused();
  await lab.run('docker rm sleeper');
  await expect(page.getByTestId('events').locator('li').filter({ hasText: 'destroy' })).toContainText('sleeper');
});

test('shows each request of a command with its answer, and what it is for', async () => {
  const { page, lab } = shared();
  await page.getByTestId('engine-requests').click();
  await expect(page.getByTestId('engine')).toContainText('every request it sends appears here', { timeout: 120_000 });
  await lab.run('docker create --name made busybox');
  const request = page.getByTestId('requests').locator('li').filter({ hasText: 'POST' });
  await expect(request).toContainText('/containers/create?name=made');
  await expect(request).toContainText('201');
  await expect(request).toContainText('Create a container, not yet started');
  await request.locator('summary').press('Enter');
  await expect(request.locator('pre').first()).toContainText('"Image": "busybox"');
  await page.getByTestId('engine-toggle').click();
  expect(await lab.output('docker ps -a --format {{.Names}}')).toBe('made');
});
