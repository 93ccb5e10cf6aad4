/** The lesson on registry mirrors from its first to its last step, with the access log beside it. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/mirrors/registry-mirrors/' });

const setMirrors = (...hosts: string[]): string => `jq '."registry-mirrors" = ${JSON.stringify(hosts.map((host) => `http://${host}.drydock.example`))}' /etc/docker/daemon.json > new.json && sudo cp new.json /etc/docker/daemon.json && sudo systemctl reload docker`;

test('says in the help what messages of the network mean', async () => {
  const { page, lab } = shared();
  await lab.ready();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  const help = page.getByTestId('network-messages');
  await help.locator('summary').click();
  await expect(help).toContainText('Could not resolve host');
  await expect(help.locator('dd').first()).toContainText('The machine has no Internet');
  await page.keyboard.press('Escape');
  const said = await lab.output('curl -sS http://nosuch.example/');
  expect(said).toContain('Could not resolve host');
});

test('logs each step of a pull from the hub, for the keyboard and in words', async () => {
  const { page, lab } = shared();
  // The daemon gives its very first TLS handshake 15 s, which two busy cores may not keep to.
  await lab.run('until docker pull whoami:v1; do sleep 1; done');
  await lab.taskIs('hub', 'done');
  await page.getByTestId('engine-toggle').click();
  // Backwards from the first tab to the last.
  await page.getByTestId('engine-containers').press('ArrowLeft');
  await expect(page.getByTestId('engine-registry')).toBeFocused();
  const log = page.getByTestId('accesses');
  const row = (host: string, text: string) => log.getByRole('row').filter({ hasText: host }).filter({ hasText: text });
  await expect(row('registry-1.docker.io', 'Is this a registry?').first()).toContainText('get a token first');
  await expect(row('auth.docker.io', 'Token: the right to pull library/whoami').first()).toContainText('200');
  await expect(row('registry-1.docker.io', 'Manifest of library/whoami').first()).toContainText('HEAD /v2/library/whoami/manifests/v1');
  await expect(row('registry-1.docker.io', 'GET /v2/library/whoami/manifests/').first()).toContainText('200');
  await expect(row('registry-1.docker.io', 'sent on to another host').first()).toContainText('307');
  await expect(row('blobs.drydock.example', 'Layer or configuration').first()).toContainText('200');
  await expect(page.getByTestId('accesses-summary')).toContainText('of layers from blobs.drydock.example');
  await page.getByTestId('engine').getByRole('button', { name: 'Clear' }).click();
  await expect(log).toBeHidden();
  await expect(page.getByTestId('accesses-summary')).toContainText('No registry was asked for anything yet');
});

test('shows that a mirror has served the pull', async () => {
  const { page, lab } = shared();
  await lab.run(setMirrors('mirror'));
  await lab.taskIs('set', 'done');
  await lab.run('docker pull busybox:1.35');
  await lab.taskIs('served', 'done');
  await expect(page.getByTestId('accesses-summary')).toContainText('1.1 MB of layers from mirror.drydock.example');
  await expect(page.getByTestId('accesses')).not.toContainText('docker.io');
});

test('passes a dead mirror over for a slow one', async () => {
  const { page, lab } = shared();
  await lab.run(setMirrors('dead-mirror', 'slow-mirror'));
  await lab.run('docker rmi busybox:1.35');
  await lab.run('docker pull busybox:1.35');
  await lab.taskIs('order', 'done');
  await expect(page.getByTestId('accesses-summary')).toContainText('1.1 MB of layers from slow-mirror.drydock.example');
  await expect(page.getByTestId('task-summary')).toContainText('4');
});
