/** The sandbox, and what it shows of the engine while commands run: containers by state, images and layers, events, API requests. */
import { barePrompt } from './support/lab.ts';
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/sandbox/' });

test('is a machine without tasks', async () => {
  const { page, lab } = shared();
  await lab.ready();
  await expect(page.getByTestId('task-summary')).toHaveCount(0);
});

test("opens another terminal by the text's button, ready to type", async () => {
  const { page, lab } = shared();
  const tabs = page.getByTestId('terminals').getByRole('tab');
  await expect(tabs).toHaveCount(1);
  await page.getByRole('button', { name: 'Open another terminal: a second terminal' }).click();
  await expect(tabs).toHaveCount(2);
  await expect(tabs.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(lab.terminal.locator('textarea')).toBeFocused();
  await lab.until(barePrompt);
  await page.getByTestId('close-terminal').nth(1).click();
  await expect(tabs).toHaveCount(1);
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

test('shows the layers of an image, who shares them, and what a container has on top', async () => {
  const { page, lab } = shared();
  await page.getByTestId('engine-containers').press('ArrowRight');
  await expect(page.getByTestId('engine-images')).toBeFocused();
  const image = (name: string) => page.getByTestId('images').locator('label').filter({ hasText: name });
  const layers = page.getByTestId('layers').locator('li');
  await expect(image('busybox:latest')).toContainText('containers: 1', { timeout: 60_000 });
  await image('busybox:latest').getByRole('radio').check();
  await expect(page.getByTestId('layers-summary')).toContainText('Layers: 1');
  await expect(page.getByTestId('layers-summary')).toContainText('No other image here shares any of them');

  const writable = page.getByTestId('writable-layer');
  await expect(writable).toContainText('sleeper');
  await writable.getByRole('button').press('Enter');
  await expect(writable).toContainText('the layer is empty', { timeout: 60_000 });
  await expect(writable.getByRole('button')).toBeFocused();

  await lab.run('docker run --name writer busybox sh -c "echo a > /new; rm /bin/vi"');
  const written = writable.filter({ hasText: 'writer' });
  await written.getByRole('button').press('Enter');
  await expect(written).toContainText('A, added: 1', { timeout: 60_000 });
  await expect(written).toContainText('A /new');
  await expect(written).toContainText('D /usr/bin/vi');

  // It follows by itself: the layer of the container becomes one of an image, upon the one that both share.
  await lab.run('docker commit -m mine writer mine');
  await expect(page.getByTestId('layers-summary')).toContainText('Shared with other images here: 1');
  await expect(layers.filter({ hasText: 'shared with mine:latest' })).toHaveCount(1);
  await image('busybox:latest').getByRole('radio').press('ArrowDown');
  await image('mine:latest').getByRole('radio').check();
  await expect(layers.first()).toContainText('mine');
  await expect(layers.filter({ hasText: 'metadata only' })).not.toHaveCount(0);
  await lab.run('docker rm writer && docker rmi mine');
  await expect(image('mine:latest')).toHaveCount(0);
});

test('tells events as they come', async () => {
  const { page, lab } = shared();
  await page.getByTestId('engine-images').press('ArrowRight');
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
