/** The host `debian`: a machine without Docker, and an apt that trusts only what is signed by a key it was given. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installationHosts } from '../support/installation-hosts.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

describe('the host debian', () => {
  let host: TestMachine;

  beforeAll(async () => {
    host = await startMachine({ host: 'debian', hosts: installationHosts() });
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
    await host.root('curl -fsSL --create-dirs https://download.docker.com/linux/debian/gpg -o /etc/apt/keyrings/docker.asc');
    await host.root('echo "deb [signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian trixie stable" > /etc/apt/sources.list.d/docker.list');
    await host.root('apt-get update');
    expect(await host.learner('apt-cache madison docker-ce')).toMatch(/5:28\.[^\n]*\n.*5:26\./);
  });

  it("has Debian's own packages enable and start their service, and leaves nothing of it after a purge", async () => {
    const known = 'find /var/lib/systemd -path "*deb-systemd-helper*" -type f | sort; cat /var/lib/systemd/deb-systemd-helper-enabled/containerd.service.dsh-also';
    await host.root('apt-get update && apt-get install -y containerd');
    expect(await host.root('systemctl is-enabled containerd; systemctl is-active containerd')).toBe('enabled\nactive');
    // As Debian's program in Perl writes them; a stand-in does what is asked at a first installation.
    expect(await host.root(known)).toBe(
      [
        '/var/lib/systemd/deb-systemd-helper-enabled/containerd.service.dsh-also',
        '/var/lib/systemd/deb-systemd-helper-enabled/multi-user.target.wants/containerd.service',
        '/etc/systemd/system/multi-user.target.wants/containerd.service',
      ].join('\n'),
    );
    await host.root('apt-get purge -y containerd');
    expect(await host.root(`${known} 2>&1 || true`)).toMatch(/^cat: .*No such file/);
    expect(await host.root('ls /etc/systemd/system/multi-user.target.wants')).not.toContain('containerd');
  });
});
