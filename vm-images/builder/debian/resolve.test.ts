import { describe, expect, it } from 'vitest';
import { PackageIndex } from './packages.ts';
import { resolve, unmetClause } from './resolve.ts';

function indexOf(suites: Record<string, Record<string, string>>): PackageIndex {
  const index = new PackageIndex();
  for (const [suite, packages] of Object.entries(suites)) {
    const text = Object.entries(packages).map(([nameVersion, fields]) => {
      const [name = '', version = ''] = nameVersion.split(' ');
      const base = `Package: ${name}\nVersion: ${version}\nArchitecture: i386\nFilename: pool/${name}.deb\nSize: 1\nSHA256: 00`;
      return fields === '' ? base : `${base}\n${fields}`;
    });
    index.add(suite, text.join('\n\n'));
  }
  return index;
}

const base = { group: 'g', dependencySuites: ['stable', 'security'], satisfied: [] };
const names = (index: PackageIndex, options: Partial<Parameters<typeof resolve>[1]>): string[] =>
  resolve(index, { ...base, requests: [], ...options }).map((entry) => `${entry.package.name} ${entry.package.version}`);

describe('resolve', () => {
  it('takes the newest of the suites and puts dependencies first', () => {
    const index = indexOf({
      stable: { 'app 1': 'Depends: lib (>= 1)', 'lib 1': '' },
      security: { 'lib 1.1': '' },
    });
    expect(names(index, { requests: [{ name: 'app', suites: ['stable'] }] })).toEqual(['lib 1.1', 'app 1']);
  });

  it('prefers the dependency suites over those of the dependant, unless they are too old', () => {
    const index = indexOf({
      stable: { 'lib 1': '', 'other 1': '' },
      next: { 'app 2': 'Depends: lib (>= 1), other (>= 2)', 'lib 2': '', 'other 2': '' },
    });
    expect(names(index, { requests: [{ name: 'app', suites: ['next'] }] })).toEqual(['lib 1', 'other 2', 'app 2']);
  });

  it('is content with a requested package that provides the virtual one', () => {
    const index = indexOf({ stable: { 'app 1': 'Pre-Depends: awk', 'gawk 1': 'Provides: awk', 'mawk 1': 'Provides: awk' } });
    const requests = ['app', 'mawk'].map((name) => ({ name, suites: ['stable'] }));
    expect(names(index, { requests })).toEqual(['mawk 1', 'app 1']);
  });

  it('survives cycles', () => {
    const index = indexOf({ stable: { 'a 1': 'Depends: b', 'b 1': 'Depends: a' } });
    expect(names(index, { requests: [{ name: 'a', suites: ['stable'] }] })).toEqual(['b 1', 'a 1']);
  });

  it('takes the newest match of a pattern and remembers the pattern', () => {
    const index = indexOf({ stable: { 'linux-9-686 6.1.9': '', 'linux-50-686 6.1.50': '', 'linux-51-686-pae 6.1.51': '' } });
    const [entry] = resolve(index, { ...base, requests: [{ name: 'linux-*-686', suites: ['stable'] }] });
    expect(entry).toMatchObject({ package: { name: 'linux-50-686' }, pattern: 'linux-*-686' });
  });

  it('leaves out what the recipe takes for satisfied', () => {
    const index = indexOf({ stable: { 'app 1': 'Depends: debconf (>= 0.5)', 'debconf 1': '' } });
    expect(names(index, { requests: [{ name: 'app', suites: ['stable'] }], satisfied: ['debconf'] })).toEqual(['app 1']);
  });

  it('refuses a satisfied entry that nothing needs', () => {
    const index = indexOf({ stable: { 'app 1': '' } });
    const requests = [{ name: 'app', suites: ['stable'] }];
    expect(() => names(index, { requests, satisfied: ['debconf'] })).toThrow(/takes debconf for satisfied/);
  });

  it.each([
    ['a package that is nowhere', { 'x 1': '' }, /asks for app/],
    ['a dependency that is nowhere', { 'app 1': 'Depends: lib | lib2' }, /app 1 .* needs lib \| lib2/],
    ['a dependency that is too old', { 'app 1': 'Depends: lib (>= 2)', 'lib 1': '' }, /needs lib \(>= 2\)/],
    ['a conflict', { 'app 1': 'Depends: lib\nBreaks: lib (<< 2)', 'lib 1': '' }, /app 1 conflicts with lib 1/],
  ])('refuses %s', (_, packages, message) => {
    const index = indexOf({ stable: packages });
    expect(() => names(index, { requests: [{ name: 'app', suites: ['stable'] }] })).toThrow(message);
  });
});

describe('unmetClause', () => {
  it('finds what a substitute needs beyond the locked set', () => {
    const index = indexOf({ stable: { 'app 2': 'Depends: lib (>= 1), new', 'lib 1': '' } });
    const [app] = index.versions('app', ['stable']);
    const others = index.versions('lib', ['stable']);
    expect(app && unmetClause(app, others, [])).toEqual([{ name: 'new' }]);
    expect(app && unmetClause(app, others, ['new'])).toBeUndefined();
  });
});
