/** Docker from nothing to hello-world on the host `debian`, as guides do it, with real apt, dpkg, keys and signatures. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageManifest } from '../../src/shared/manifest.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { publishedPackages, readPackagesIndex } from '../support/packages.ts';
import { publishedRegistry, readRegistryIndex } from '../support/registry.ts';

const packages = publishedPackages(await readPackagesIndex());
const registry = publishedRegistry({ index: await readRegistryIndex(), onAccess: () => undefined });
const hosts = (manifest: ImageManifest) => [...packages(manifest), ...registry(manifest)];

/** Unpacking 200 MB and starting the engine, on two busy cores. */
const patience = { timeoutMs: 1_200_000 };
const testMilliseconds = 1_500_000;

const keyAndSource = `
install -m 0755 -d /etc/apt/keyrings
curl -fsSL https://download.docker.com/linux/debian/gpg -o /etc/apt/keyrings/docker.asc
chmod a+r /etc/apt/keyrings/docker.asc
echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian trixie stable" > /etc/apt/sources.list.d/docker.list`;

describe('the host debian', () => {
  let host: TestMachine;

  beforeAll(async () => {
    host = await startMachine({ host: 'debian', hosts });
  });
  afterAll(() => host?.stop());

  it('has no Docker, and nothing that is broken', async () => {
    expect(await host.root('command -v docker dockerd containerd runc crun || true')).toBe('');
    expect(await host.root('getent group docker; ls -d /var/lib/docker /etc/docker 2>/dev/null; dpkg --audit; apt-get check')).not.toContain('docker');
    expect(await host.root('systemctl --failed --plain --no-legend')).toBe('');
    expect(await host.learner('hostname')).toBe('debian');
  });

  it('trusts neither an index without its key nor one that another key signed', async () => {
    await host.root('echo "deb [trusted=no] https://download.docker.com/linux/debian trixie stable" > /etc/apt/sources.list.d/docker.list');
    await expect(host.root('apt-get update 2>&1')).rejects.toThrow(/is not signed|verification failed|public key/i);
    await host.root('echo "deb [signed-by=/usr/share/keyrings/drydock-archive-keyring.pgp] https://download.docker.com/linux/debian trixie stable" > /etc/apt/sources.list.d/docker.list');
    await expect(host.root('apt-get update 2>&1')).rejects.toThrow(/is not signed|verification failed|public key/i);
    await host.root('rm /etc/apt/sources.list.d/docker.list');
  });

  it("installs the engine from Docker's repository, and runs hello-world", async () => {
    await host.root(keyAndSource);
    await host.root('apt-get update');
    expect(await host.learner('apt-cache madison docker-ce')).toMatch(/5:28\.[^\n]*\n.*5:26\./);
    await host.root('DEBIAN_FRONTEND=noninteractive apt-get install -y docker-ce docker-ce-cli containerd.io', patience);
    expect(await host.root('systemctl is-active docker; systemctl is-enabled docker docker.socket containerd')).toBe('active\nenabled\nenabled\nenabled');
    await host.root('usermod -aG docker learner');
    expect(await host.learner('sudo -u learner docker run hello-world')).toContain('Hello from Docker!');
  }, testMilliseconds);

  it('removes and purges it', async () => {
    await host.root('DEBIAN_FRONTEND=noninteractive apt-get purge -y docker-ce docker-ce-cli containerd.io', patience);
    expect(await host.root('command -v docker || true; systemctl is-active docker || true')).toBe('inactive');
    expect(await host.root('ls /etc/docker/daemon.json 2>/dev/null || true')).toBe('');
    // What the learner made is his: it stays.
    expect(await host.root('ls /var/lib/docker')).toContain('overlay2');
  }, testMilliseconds);
});
