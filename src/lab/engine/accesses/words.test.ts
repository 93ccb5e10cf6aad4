import { describe, expect, it } from 'vitest';
import { en } from '../../../site/i18n/en.ts';
import { askedInWords, outcomeInWords, servedBytes } from './words.ts';

const digest = `sha256:${'18e46a8b2c3d'.padEnd(64, '0')}`;

describe('askedInWords', () => {
  it.each([
    ['/v2/', 'Is this a registry?'],
    ['/token?scope=repository%3Alibrary%2Fnginx%3Apull', 'Token: the right to pull library/nginx'],
    ['/token?account=me', 'Token for a login'],
    ['/v2/library/nginx/manifests/1.26', 'Manifest of library/nginx, 1.26'],
    [`/v2/library/nginx/manifests/${digest}`, 'Manifest of library/nginx, 18e46a8b2c3d…'],
    [`/v2/library/nginx/blobs/${digest}`, 'Layer or configuration of library/nginx, 18e46a8b2c3d…'],
    [`/blobs/${digest}`, 'Layer or configuration 18e46a8b2c3d…'],
    ['/v1/search?q=nginx', 'Search for nginx'],
    ['/else', 'Something else'],
  ])('says what %s is', (path, words) => {
    expect(askedInWords(path, en)).toBe(words);
  });
});

describe('outcomeInWords', () => {
  it.each([
    [{ method: 'GET', status: 401, complete: true }, 'get a token first'],
    [{ method: 'GET', status: 307, complete: true }, 'sent on to another host'],
    [{ method: 'GET', status: 206, complete: true }, 'the rest of it'],
    [{ method: 'GET', status: 200, complete: false }, 'broken off'],
    [{ method: 'GET', status: 404, complete: true }, 'not here'],
    [{ method: 'HEAD', status: 200, complete: true }, 'only whether it exists'],
    [{ method: 'GET', status: 200, complete: true }, ''],
  ])('of %o is “%s”', (access, words) => {
    expect(outcomeInWords(access, en)).toBe(words);
  });
});

it('counts the bytes of layers by host', () => {
  const access = { time: 0, method: 'GET', status: 200, complete: true };
  expect(
    servedBytes([
      { ...access, host: 'registry', path: '/v2/a/manifests/1', bytes: 5 },
      { ...access, host: 'registry', path: `/v2/a/blobs/${digest}`, bytes: 7, status: 307 },
      { ...access, host: 'store', path: `/blobs/${digest}`, bytes: 10 },
      { ...access, host: 'mirror', path: `/v2/a/blobs/${digest}`, bytes: 100 },
      { ...access, host: 'mirror', path: `/v2/a/blobs/${digest}`, bytes: 100, status: 206 },
    ]),
  ).toEqual([['mirror', 200], ['store', 10]]);
});
