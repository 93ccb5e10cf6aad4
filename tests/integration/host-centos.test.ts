/** The host `centos`: real rpm and dnf, packages of ours, and a service that waits for its administrator. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installationHosts } from '../support/installation-hosts.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';

describe('the host centos', () => {
  let host: TestMachine;

  beforeAll(async () => {
    host = await startMachine({ host: 'centos', hosts: installationHosts() });
  });
  afterAll(() => host?.stop());

  it('says what it is, has no Docker, and nothing that is broken', async () => {
    expect(await host.root('command -v docker dockerd containerd runc crun || true')).toBe('');
    expect(await host.root('getent group docker; ls -d /var/lib/docker /etc/docker 2>/dev/null; dpkg --audit; apt-get check')).not.toContain('docker');
    expect(await host.root('systemctl --failed --plain --no-legend')).toBe('');
    expect(await host.learner('hostname; . /etc/os-release; echo $ID $VERSION_ID; cat /etc/centos-release')).toBe('centos\ncentos 7\nCentOS Linux release 7 (stand-in: made by Drydock from Debian packages)');
    expect(await host.learner('rpm -qa; rpm --eval %_arch')).toMatch(/^centos-release-7-1\.drydock\.noarch\ni386$/);
  });

  it('skips packages that are not there', async () => {
    const said = await host.root('yum remove docker docker-engine 2>&1');
    expect(said).toContain('No match for argument: docker-engine');
    expect(said).toContain('Nothing to do.');
  });

  it('refuses a package that another key signed', async () => {
    await host.root("curl -fsSL https://download.docker.com/linux/centos/docker-ce.repo | sed 's#^gpgkey=.*#gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7#' > /etc/yum.repos.d/docker-ce.repo");
    await expect(host.root('yum -y install docker-buildx-plugin 2>&1')).rejects.toThrow(/not correct for this package|Public key .* is not installed|GPG check FAILED/);
    expect(await host.root('rpm -q docker-buildx-plugin || true')).toContain('not installed');
    await host.root('rm /etc/yum.repos.d/docker-ce.repo; yum clean all');
  });

  it('installs, does not start the service, and runs a container once told to', async () => {
    await host.root('yum -y install yum-utils device-mapper-persistent-data lvm2');
    await host.root('yum-config-manager --add-repo https://download.docker.com/linux/centos/docker-ce.repo && yum makecache fast');
    await host.root('yum -y install docker-ce');
    expect(await host.root('rpm -V docker-ce docker-ce-cli containerd.io')).toBe('');
    expect(await host.root('systemctl is-active docker; systemctl is-enabled docker; true')).toBe('inactive\ndisabled');
    expect(await host.root('chkconfig docker on 2>&1')).toContain("Note: Forwarding request to 'systemctl enable docker.service'.");
    expect(await host.root('service docker start 2>&1')).toContain('Redirecting to /bin/systemctl start docker.service');
    expect(await host.root('docker run --rm hello-world')).toContain('Hello from a container!');
  });

  it('lets go of everything but the data', async () => {
    await host.root('yum -y remove docker-ce docker-ce-cli containerd.io');
    expect(await host.root('command -v docker dockerd containerd || true; systemctl is-active docker || true; ls -d /var/lib/docker')).toBe('inactive\n/var/lib/docker');
  });

  it('is known to the script, which takes a mirror and a version', async () => {
    const plan = await host.learner('curl -fsSL https://get.daocloud.io/docker -o get.sh && sh get.sh --dry-run --version 26.1');
    expect(plan).toContain('https://mirrors.aliyun.com/docker-ce/linux/centos/docker-ce.repo');
    expect(plan).toContain("'docker-ce-26.1[.-]*'");
    // The plan's own commands, but for the installation, which is the one above again: only what it would install.
    await host.root('rm -f /etc/yum.repos.d/docker-ce.repo; yum -y -q install yum-utils && yum-config-manager --add-repo https://mirrors.aliyun.com/docker-ce/linux/centos/docker-ce.repo');
    const transaction = await host.root("yum --assumeno install 'docker-ce-26.1[.-]*' docker-ce-cli containerd.io 2>&1 || true");
    expect(transaction).toMatch(/docker-ce +i386 +3:26\.1\.5-1/);
    expect(transaction).toContain('Operation aborted.');
  });
});
