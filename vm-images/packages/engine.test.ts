import { expect, it } from 'vitest';
import { readHosts } from '../hosts/recipe.ts';
import { readEnginePackages, upstream } from './engine.ts';
import { readCentosPackages } from './centos.ts';
import { maintainerScripts } from './maintainer-scripts.ts';
import { parseRelation } from './rpm/relations.ts';
import { rpmScripts } from './rpm-scripts.ts';

it('offers the packages that guides name, and an older engine', async () => {
  const packages = await readEnginePackages();
  const names = packages.map(({ name }) => name);
  expect(new Set(names)).toEqual(new Set(['containerd.io', 'docker-ce', 'docker-ce-cli', 'docker-buildx-plugin', 'docker-compose-plugin']));
  expect(names.filter((name) => name === 'docker-ce')).toHaveLength(2);
});

it("takes the upstream's version of Debian's", () => {
  expect(upstream('28.5.2+dfsg4-5')).toBe('28.5.2');
  expect(upstream('1.7.24~ds1-6+deb13u1')).toBe('1.7.24');
  expect(upstream('2:0.13.1+ds1-3')).toBe('0.13.1');
});

it('starts units in order and stops them in the opposite one, only where systemd runs', () => {
  const scripts = maintainerScripts({ group: 'docker', units: ['docker.socket', 'docker.service'] });
  expect(scripts.get('postinst')).toContain('groupadd --system docker');
  expect(scripts.get('postinst')).toContain('systemctl start docker.socket docker.service');
  expect(scripts.get('prerm')).toContain('[ -d /run/systemd/system ]; then systemctl stop docker.service docker.socket');
  expect(scripts.get('postrm')).toContain('remove | purge)');
  expect(maintainerScripts({ group: undefined, units: [] }).size).toBe(0);
});

it('does not start what came as .rpm, as CentOS does not', () => {
  const scripts = rpmScripts({ group: 'docker', units: ['docker.socket', 'docker.service'] });
  expect(scripts.postInstall).toContain('groupadd --system docker');
  expect(scripts.postInstall).not.toMatch(/systemctl (start|enable)/);
  // Once for all packages of a transaction.
  expect(scripts.postInstall).not.toContain('daemon-reload');
  expect(scripts.afterAll).toContain('daemon-reload');
  expect(scripts.preRemove).toContain('systemctl stop docker.service docker.socket');
  expect(scripts.postRemove).toContain('systemctl try-restart docker.socket docker.service');
  expect(rpmScripts({ group: undefined, units: [] })).toEqual({});
});

it('has on a CentOS whatever its packages ask for', async () => {
  const packages = await readEnginePackages();
  const there = new Set([...(await readHosts()).hosts['centos']?.rpm?.provides ?? [], ...packages.map(({ name }) => name)].map((text) => parseRelation(text).name));
  for (const { rpm } of packages) expect(rpm.requires.map((text) => parseRelation(text).name).filter((name) => !there.has(name))).toEqual([]);
});

it('has the packages of CentOS that guides name', async () => {
  expect((await readCentosPackages()).map(({ name }) => name)).toEqual(['yum-utils', 'yum-plugin-versionlock', 'device-mapper-persistent-data', 'lvm2']);
});
