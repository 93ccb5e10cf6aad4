/** The files of each host of packages by path, as the hosts of the network declare them (src/network/packages/hosts.ts). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageFile, PackageSite } from '../../src/shared/packages.ts';
import { readingPackage } from '../builder/debian/deb.ts';
import { readPackage } from '../builder/fetch.ts';
import { archivePackages, type HostPackages } from '../hosts/lock.ts';
import { readHosts } from '../hosts/recipe.ts';
import { aptIndex, offer, onlySuggesting, type OfferedPackage, type Suite } from './apt.ts';
import type { Put } from './blobs.ts';
import { makeCentosPackage, readCentosPackages } from './centos.ts';
import { repackedWithZstd } from './deb-writer.ts';
import { compressionLevel, makeEnginePackage, packagesFolder, readEnginePackages } from './engine.ts';
import { repositoryFile, rpmFolder, yumIndex } from './rpm/repodata.ts';
import { rpmFileName, type MadeRpm } from './rpm/writer.ts';
import { keyNames } from './signing-keys.ts';
import { deriveSigningKey, type SigningKey } from './signing.ts';

export interface SiteOptions {
  readonly packages: HostPackages;
  readonly put: Put;
  readonly date: Date;
  /** Told what is made next. */
  readonly onStep: (step: string) => void;
}

type Files = Record<string, PackageFile>;

const debian: Suite = { origin: 'Debian', label: 'Debian', codename: 'trixie', suite: 'stable', component: 'main', description: 'The part of Debian 13 that is about Docker, files and scripts as Debian made them' };
const docker = (codename: string): Suite => ({ origin: 'Docker', label: 'Docker (packages of Drydock)', codename, suite: codename, component: 'stable', description: "Drydock's builds of Docker" });

/** Releases that have a folder in the repository: the same packages, which depend on nothing that differs between them. */
const dockerSuites = { debian: ['bookworm', 'trixie'], ubuntu: ['jammy', 'noble'] } as const;

/** Where dnf looks on a host of this processor that calls itself CentOS 7. */
const centosFolder = { docker: '/linux/centos/7/i386/stable', archive: '/centos/7/os/i386' } as const;

/** Docker's repository: for Debian and Ubuntu, and for CentOS. */
export async function dockerSite({ packages, put, date, onStep }: SiteOptions): Promise<Files> {
  const key = await deriveSigningKey(keyNames.docker);
  const files: Files = {};
  const debs: OfferedPackage[] = [];
  const rpms: MadeRpm[] = [];
  for (const recipe of await readEnginePackages()) {
    onStep(recipe.name);
    const { name, deb, rpm } = await makeEnginePackage(recipe, packages, key);
    const offered = await offer(name, Buffer.concat(deb), 'pool/stable/i386');
    debs.push(offered);
    rpms.push(rpm);
    const file = await put(...deb);
    for (const system of Object.keys(dockerSuites)) files[`/linux/${system}/${offered.path}`] = file;
    Object.assign(files, await rpmFile(centosFolder.docker, rpm, put));
  }
  for (const [system, codenames] of Object.entries(dockerSuites)) {
    for (const codename of codenames) Object.assign(files, await putBelow(`/linux/${system}`, await aptIndex(docker(codename), debs, key, date), put));
  }
  for (const system of [...Object.keys(dockerSuites), 'centos']) files[`/linux/${system}/gpg`] = await put(Buffer.from(key.publicKey));
  Object.assign(files, await putBelow(centosFolder.docker, await yumIndex(rpms, key, date), put));
  const base = 'https://download.docker.com/linux/centos';
  files['/linux/centos/docker-ce.repo'] = await put(Buffer.from(repositoryFile({ id: 'docker-ce-stable', name: 'Docker CE Stable - $basearch', address: `${base}/$releasever/$basearch/stable`, key: `${base}/gpg` })));
  return files;
}

/** The hosts' own archives: Debian's packages about Docker, and those of a CentOS that guides to Docker name. */
export async function archiveSite(options: SiteOptions): Promise<Files> {
  return { ...(await debianArchive(options)), ...(await centosArchive(options)) };
}

async function debianArchive({ packages, put, date, onStep }: SiteOptions): Promise<Files> {
  onStep("Debian's archive");
  const recipe = await readHosts();
  const files: Files = {};
  const offered: OfferedPackage[] = [];
  for (const entry of archivePackages(packages.lock)) {
    const name = `${entry.name} ${entry.version}`;
    const came = await readPackage(packages.debs, entry);
    const data = await readingPackage(name, () => repackedWithZstd(came, compressionLevel));
    const one = await offer(name, data, entry.filename.replace(/\/[^/]*$/, ''));
    offered.push({ ...one, fields: onlySuggesting(recipe.archive.suggested, one.fields) });
    files[`/debian/${one.path}`] = await put(data);
  }
  const index = await aptIndex(debian, offered, await deriveSigningKey(keyNames.archive), date);
  return { ...files, ...(await putBelow('/debian', index, put)) };
}

async function centosArchive({ packages, put, date }: SiteOptions): Promise<Files> {
  const key: SigningKey = await deriveSigningKey(keyNames.centos);
  const files: Files = {};
  const made: MadeRpm[] = [];
  for (const recipe of await readCentosPackages()) {
    const rpm = await makeCentosPackage(recipe, packages, key);
    made.push(rpm);
    Object.assign(files, await rpmFile(centosFolder.archive, rpm, put));
  }
  return { ...files, ...(await putBelow(centosFolder.archive, await yumIndex(made, key, date), put)) };
}

/** The installation script, as it is and as a Chinese site offers it: from a mirror unless told otherwise. */
export async function scriptSites(put: Put): Promise<Record<Extract<PackageSite, 'script' | 'mirroredScript'>, Files>> {
  const script = await readFile(join(packagesFolder, 'scripts/get-docker.sh'), 'utf8');
  return { script: { '/': await put(Buffer.from(script)) }, mirroredScript: { '/': await put(Buffer.from(script.replace('\nmirror=\n', '\nmirror=Aliyun\n'))) } };
}

async function rpmFile(folder: string, rpm: MadeRpm, put: Put): Promise<Files> {
  return { [`${folder}/${rpmFolder}/${rpmFileName(rpm.content)}`]: await put(...rpm.pieces) };
}

async function putBelow(folder: string, files: ReadonlyMap<string, Uint8Array>, put: Put): Promise<Files> {
  const below: Files = {};
  for (const [path, content] of files) below[`${folder}/${path}`] = await put(content);
  return below;
}
