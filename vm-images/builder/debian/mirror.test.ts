import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMirrors, parseDeb822Sources, parseSourcesList, pickMirror } from './mirror.ts';

describe('apt sources', () => {
  it('reads the one-line format', () => {
    const text = '# deb http://no/debian sid main\ndeb [arch=amd64 signed-by=/k] http://a/debian trixie main\ndeb-src http://a/debian trixie main\n';
    expect(parseSourcesList(text)).toEqual([{ uri: 'http://a/debian', suite: 'trixie' }]);
  });

  it('reads the deb822 format and leaves out what is disabled', () => {
    const text = 'Types: deb deb-src\nURIs: http://a/debian\nSuites: trixie trixie-updates\nComponents: main\n\nEnabled: no\nTypes: deb\nURIs: http://b/debian\nSuites: sid\n';
    expect(parseDeb822Sources(text)).toEqual([
      { uri: 'http://a/debian', suite: 'trixie' },
      { uri: 'http://a/debian', suite: 'trixie-updates' },
    ]);
  });

  it('tells the two archives apart and ignores foreign ones', () => {
    const sources = [
      { uri: 'http://vendor/apt', suite: 'bookworm' },
      { uri: 'file:/mnt/debian', suite: 'trixie' },
      { uri: 'http://a/debian-security/', suite: 'trixie-security' },
      { uri: 'http://a/debian/', suite: 'trixie' },
    ];
    expect(pickMirror(sources, 'main')).toBe('http://a/debian/');
    expect(pickMirror(sources, 'security')).toBe('http://a/debian-security/');
    expect(pickMirror(sources.slice(0, 2), 'main')).toBeUndefined();
  });
});

describe('findMirrors', () => {
  let empty = '';
  beforeEach(async () => {
    empty = await mkdtemp(join(tmpdir(), 'mirror-'));
  });
  afterEach(() => rm(empty, { recursive: true }));

  it('prefers the variable and ends the address with a slash', async () => {
    const find = await findMirrors({ DRYDOCK_DEBIAN_MIRROR: 'http://m/debian' }, empty);
    expect(find('main').href).toBe('http://m/debian/');
  });

  it('names the variable where no mirror is known', async () => {
    const find = await findMirrors({}, empty);
    expect(() => find('security')).toThrow(
      expect.objectContaining({ code: 'mirror-unknown', hint: expect.stringContaining('DRYDOCK_DEBIAN_SECURITY_MIRROR') }),
    );
  });

  it('refuses what is not an address', async () => {
    const find = await findMirrors({ DRYDOCK_DEBIAN_MIRROR: 'mirror' }, empty);
    expect(() => find('main')).toThrow(/"mirror" is not the address/);
  });
});
