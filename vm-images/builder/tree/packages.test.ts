import { describe, expect, it } from 'vitest';
import { parseControl } from '../debian/control.ts';
import type { TarEntry } from '../tar.ts';
import { statusParagraph, unpackDeb } from './packages.ts';
import { Tree } from './tree.ts';

describe('statusParagraph', () => {
  it('adds the status and the sums of configuration files', () => {
    const [fields] = parseControl('Package: a\nVersion: 1\nDescription: short\n long\n .\n more\n');
    expect(statusParagraph(fields ?? new Map(), new Map([['/etc/a.conf', 'abc']]))).toBe(
      'Package: a\nStatus: install ok installed\nVersion: 1\nConffiles:\n /etc/a.conf abc\nDescription: short\n long\n .\n more\n',
    );
  });
});

describe('unpackDeb', () => {
  const entries: TarEntry[] = [
    { kind: 'directory', path: 'lib' },
    { kind: 'file', path: 'lib/perl', content: Buffer.from('perl'), mode: 0o755 },
    { kind: 'hardlink', path: 'lib/perl5', target: 'lib/perl' },
  ];

  it('keeps hard links, also when the first one is left out', () => {
    const tree = new Tree(0);
    unpackDeb(tree, { control: new Map(), entries }, (path) => path !== 'lib/perl');
    expect(tree.get('usr/lib/perl')).toBeUndefined();
    expect(tree.read('usr/lib/perl5').toString()).toBe('perl');
  });

  it('shares the node of hard links', () => {
    const tree = new Tree(0);
    unpackDeb(tree, { control: new Map(), entries }, () => true);
    expect(tree.get('usr/lib/perl')).toBe(tree.get('usr/lib/perl5'));
  });
});
