/** An installation lesson from the first step to the last, on the host without Docker. */
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/install-debian/docker-repository/' });

/** Downloads, unpacks and starts the engine in an emulated processor. */
const installMilliseconds = 600_000;

test('shows a host without Docker, whose tasks are looked at all the same', async () => {
  const { lab } = shared();
  await lab.ready();
  expect(await lab.output('docker version')).toContain('command not found');
  await lab.taskIs('repository', 'open');
});

test("adds Docker's repository", async () => {
  const { lab } = shared();
  await lab.run('sudo curl -fsSL --create-dirs https://download.docker.com/linux/debian/gpg -o /etc/apt/keyrings/docker.asc');
  await lab.run('echo "deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian trixie stable" | sudo tee /etc/apt/sources.list.d/docker.list');
  await lab.run('sudo apt-get update');
  await lab.taskIs('repository', 'done');
});

test('installs the engine', async () => {
  test.setTimeout(installMilliseconds);
  const { lab } = shared();
  await lab.run('sudo apt-get install -y docker-ce docker-ce-cli containerd.io', { timeout: installMilliseconds });
  await lab.taskIs('install', 'done');
});

test('runs hello-world without sudo', async () => {
  const { lab } = shared();
  await lab.run('sudo usermod -aG docker $USER');
  await lab.taskIs('group', 'done');
  await lab.run('newgrp docker');
  expect(await lab.run('docker run hello-world')).toContain('Hello from a container!');
  await lab.taskIs('hello', 'done');
});
