import { expect, it } from 'vitest';
import { encodeUtf8 } from '../../shared/bytes.ts';
import type { PackagesIndex } from '../../shared/packages.ts';
import type { FetchBlob } from '../registry/content.ts';
import { connectionPair } from '../testing/pair.ts';
import { askOn } from '../testing/registry.ts';
import { Authority, deriveAuthority } from '../tls/authority.ts';
import { packageHosts, packagePlaces } from './hosts.ts';

const contents = new Map([['a', 'the key'], ['b', 'a package'], ['c', '#!/bin/sh']].map(([digit = '', text = '']) => [digit.repeat(64), encodeUtf8(text)]));
const file = (digit: string) => ({ sha256: digit.repeat(64), bytes: contents.get(digit.repeat(64))?.length ?? 0 });
const index: PackagesIndex = {
  schema: 1,
  sites: { docker: { '/linux/debian/gpg': file('a') }, archive: { '/debian/pool/main/x_1.0+really~2_i386.deb': file('b'), '/centos/x.rpm': { sha256: 'd'.repeat(64), bytes: 25, parts: [file('a'), file('b'), file('c')] } }, script: { '/': file('c') }, mirroredScript: { '/': file('c') } },
};
const fetchBlob: FetchBlob = async function* (hex, { range }) {
  const bytes = contents.get(hex);
  if (bytes === undefined) throw new Error('no such file');
  yield bytes.subarray(range?.start ?? 0, range?.end ?? bytes.length);
};
const hosts = packageHosts({ index, fetchBlob, authority: new Authority(deriveAuthority('test')) });

async function get(name: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const host = hosts.find(({ names }) => names.includes(name));
  const listener = host?.ports.get(80);
  if (listener === undefined) throw new Error(`nothing listens on port 80 of ${name}`);
  const [near, far] = connectionPair();
  listener(far).catch(() => undefined);
  const answer = await askOn(near, method, path, { Host: name, ...headers });
  return { status: answer.status, text: answer.body, headers: answer.headers };
}

it('serves Docker over https only, and its mirrors below a folder', async () => {
  const answer = await get('download.docker.com', '/linux/debian/gpg');
  expect(answer.status).toBe(301);
  expect(answer.headers.get('location')).toBe('https://download.docker.com/linux/debian/gpg');
  expect(await get('mirrors.aliyun.com', '/docker-ce/linux/debian/gpg')).toMatchObject({ status: 200, text: 'the key' });
  expect((await get('mirrors.aliyun.com', '/linux/debian/gpg')).status).toBe(404);
});

it('finds files whose names apt has escaped', async () => {
  expect(await get('packages.drydock.example', '/debian/pool/main/x_1.0%2breally%7e2_i386.deb')).toMatchObject({ status: 200, text: 'a package' });
  expect((await get('packages.drydock.example', '/debian/%zz')).status).toBe(404);
  expect((await get('packages.drydock.example', '/constructor')).status).toBe(404);
});

it('goes on where a download broke off', async () => {
  const answer = await get('packages.drydock.example', '/debian/pool/main/x_1.0+really~2_i386.deb', { Range: 'bytes=2-' });
  expect(answer).toMatchObject({ status: 206, text: 'package' });
});

it('joins the parts of a file', async () => {
  expect(await get('packages.drydock.example', '/centos/x.rpm')).toMatchObject({ status: 200, text: 'the keya package#!/bin/sh' });
  const part = async (range: string) => (await get('packages.drydock.example', '/centos/x.rpm', { Range: `bytes=${range}` })).text;
  expect(await part('4-10')).toBe('keya pa');
  expect(await part('7-15')).toBe('a package');
  expect(await part('-10')).toBe('e#!/bin/sh');
});

it('answers with the script under both names', async () => {
  expect(await get('get.docker.com', '/')).toMatchObject({ status: 200, text: '#!/bin/sh' });
  expect(await get('get.daocloud.io', '/docker')).toMatchObject({ status: 200, text: '#!/bin/sh' });
  expect((await get('get.daocloud.io', '/docker/x')).status).toBe(404);
});

it('takes nothing', async () => {
  expect((await get('get.docker.com', '/', {}, 'DELETE')).status).toBe(405);
});

it('has each host at a name and an address of its own', () => {
  expect(new Set(packagePlaces.map(({ name }) => name)).size).toBe(packagePlaces.length);
  expect(new Set(packagePlaces.map(({ address }) => address)).size).toBe(packagePlaces.length);
});
