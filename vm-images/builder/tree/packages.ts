/** Unpacks packages into a tree and writes dpkg's database, so that `dpkg -l`, `-L` and `-S` tell the truth. */
import { parseControl, type Paragraph } from '../debian/control.ts';
import { readDeb, type Deb } from '../debian/deb.ts';
import { md5, type Store } from '../debian/download.ts';
import { readPackage } from '../fetch.ts';
import type { LockedPackage } from '../lock.ts';
import { pathMatcher } from './glob.ts';
import type { Node, Tree } from './tree.ts';

/** Members of the control archive that dpkg keeps in its database. */
const keptMembers = ['conffiles', 'md5sums', 'postinst', 'postrm', 'preinst', 'prerm', 'triggers'];

export interface UnpackOptions {
  readonly debs: Store;
  readonly packages: readonly LockedPackage[];
  /** Patterns of paths not to unpack, and exceptions from them. */
  readonly exclude: readonly string[];
  readonly keep: readonly string[];
  /** Called after each package. */
  readonly onPackage?: (entry: LockedPackage) => void;
}

/** Unpacks in order and records each package in `/var/lib/dpkg`. */
export async function unpackPackages(tree: Tree, options: UnpackOptions): Promise<void> {
  const excluded = pathMatcher(options.exclude);
  const kept = pathMatcher(options.keep);
  const paragraphs: string[] = [];
  for (const entry of options.packages) {
    const deb = await readDeb(`${entry.name} ${entry.version}`, await readPackage(options.debs, entry));
    unpackDeb(tree, deb, (path) => !excluded(path) || kept(path));
    paragraphs.push(record(tree, deb, entry));
    options.onPackage?.(entry);
  }
  writeDatabase(tree, paragraphs);
}

/** Unpacks without dpkg's database: for archives that are no machine. */
export async function unpackFiles(tree: Tree, options: Omit<UnpackOptions, 'keep'>): Promise<void> {
  const excluded = pathMatcher(options.exclude);
  for (const entry of options.packages) {
    const deb = await readDeb(`${entry.name} ${entry.version}`, await readPackage(options.debs, entry));
    unpackDeb(tree, deb, (path) => !excluded(path));
    options.onPackage?.(entry);
  }
}

/** @param wanted whether a path, without a leading slash, is to be unpacked */
export function unpackDeb(tree: Tree, deb: Deb, wanted: (path: string) => boolean): void {
  const files = new Map<string, Node>();
  for (const entry of deb.entries) {
    if (entry.path === '') continue;
    let node: Node | undefined;
    if (entry.kind === 'hardlink') node = files.get(entry.target);
    else {
      const { path: _, ...rest } = entry;
      node = rest;
    }
    if (node === undefined) throw new SyntaxError(`${entry.path} is a hard link to nothing`);
    files.set(entry.path, node);
    if (wanted(entry.path)) tree.put(entry.path, node);
  }
}

function record(tree: Tree, deb: Deb, entry: LockedPackage): string {
  const [fields] = parseControl(deb.control.get('control')?.toString('utf8') ?? '');
  if (fields === undefined) throw new SyntaxError(`${entry.name} has no control file`);
  const base = `var/lib/dpkg/info/${entry.name}${fields.get('Multi-Arch') === 'same' ? `:${entry.architecture}` : ''}`;
  const list = ['/.', ...deb.entries.filter((one) => one.path !== '').map((one) => `/${one.path}`)];
  tree.putText(`${base}.list`, `${list.join('\n')}\n`);
  for (const member of keptMembers) {
    const content = deb.control.get(member);
    if (content !== undefined) tree.putText(`${base}.${member}`, content, { mode: /^(pre|post)/.test(member) ? 0o755 : 0o644 });
  }
  return statusParagraph(fields, conffileSums(deb));
}

/** A package's entry in `/var/lib/dpkg/status`: its control file, with a status and the sums of its configuration files. */
export function statusParagraph(fields: Paragraph, conffiles: ReadonlyMap<string, string>): string {
  const lines: string[] = [];
  for (const [name, value] of fields) {
    if (name === 'Description' && conffiles.size > 0) {
      lines.push('Conffiles:', ...[...conffiles].map(([path, sum]) => ` ${path} ${sum}`));
    }
    lines.push(value === '' ? `${name}:` : value.startsWith('\n') ? `${name}:${value}` : `${name}: ${value}`);
    if (name === 'Package') lines.push('Status: install ok installed');
  }
  return `${lines.join('\n')}\n`;
}

function conffileSums(deb: Deb): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of deb.control.get('conffiles')?.toString('utf8').split('\n') ?? []) {
    if (!line.startsWith('/')) continue;
    const file = deb.entries.find((entry) => `/${entry.path}` === line);
    if (file?.kind === 'file') sums.set(line, md5(file.content));
  }
  return sums;
}

function writeDatabase(tree: Tree, paragraphs: readonly string[]): void {
  const before = tree.follow('var/lib/dpkg/status');
  const known = before?.kind === 'file' ? Buffer.from(before.content).toString('utf8').split('\n\n') : [];
  const all = [...known.map((text) => text.trim()).filter((text) => text !== ''), ...paragraphs.map((text) => text.trimEnd())];
  all.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  tree.putText('var/lib/dpkg/status', `${all.join('\n\n')}\n`);
  tree.putText('var/lib/dpkg/info/format', '1\n');
  tree.putText('var/lib/dpkg/available', '');
  tree.putText('var/lib/dpkg/diversions', '');
  tree.putText('var/lib/dpkg/statoverride', '');
  tree.put('var/lib/dpkg/updates', { kind: 'directory', mode: 0o755 });
}

function nameOf(paragraph: string): string {
  return /^Package: (.*)$/m.exec(paragraph)?.[1] ?? '';
}
