/** What a suite's `Packages` index says of its packages. */
import { parseControl, type Paragraph } from './control.ts';
import { parseRelations, type Clause, type Relation } from './relations.ts';
import { compareVersions } from './version.ts';

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Name of the suite, as in the recipe. */
  readonly suite: string;
  /** Path of the .deb relative to the archive's root. */
  readonly filename: string;
  readonly size: number;
  readonly sha256: string;
  readonly depends: readonly Clause[];
  readonly conflicts: readonly Clause[];
  readonly provides: readonly Relation[];
}

function packageOf(fields: Paragraph, suite: string): Package {
  const need = (field: string): string => {
    const value = fields.get(field);
    if (value === undefined) throw new SyntaxError(`a package of ${suite} has no field ${field}`);
    return value;
  };
  return {
    name: need('Package'),
    version: need('Version'),
    architecture: need('Architecture'),
    suite,
    filename: need('Filename'),
    size: Number(need('Size')),
    sha256: need('SHA256'),
    depends: [...parseRelations(fields.get('Pre-Depends')), ...parseRelations(fields.get('Depends'))],
    conflicts: [...parseRelations(fields.get('Conflicts')), ...parseRelations(fields.get('Breaks'))],
    provides: parseRelations(fields.get('Provides')).flat(),
  };
}

/** The packages of several suites together. Paragraphs are parsed when first asked for: an index has 60,000 of them. */
export class PackageIndex {
  readonly #texts = new Map<string, { suite: string; text: string }[]>();
  readonly #providers = new Map<string, Set<string>>();
  readonly #parsed = new Map<string, Package[]>();

  add(suite: string, index: string): void {
    for (const text of index.split('\n\n')) {
      const name = /^Package: (.*)$/m.exec(text)?.[1];
      if (name === undefined) continue;
      const texts = this.#texts.get(name);
      if (texts === undefined) this.#texts.set(name, [{ suite, text }]);
      else texts.push({ suite, text });
      const provides = /^Provides: (.*)$/m.exec(text)?.[1];
      for (const relation of provides === undefined ? [] : parseRelations(provides).flat()) {
        const providers = this.#providers.get(relation.name) ?? new Set();
        this.#providers.set(relation.name, providers.add(name));
      }
    }
  }

  /** Every version in those suites of the package of that name, newest first. */
  versions(name: string, suites: readonly string[]): Package[] {
    let all = this.#parsed.get(name);
    if (all === undefined) {
      all = (this.#texts.get(name) ?? []).flatMap(({ suite, text }) => [...parseControl(text)].map((fields) => packageOf(fields, suite)));
      all.sort((a, b) => compareVersions(b.version, a.version));
      this.#parsed.set(name, all);
    }
    return all.filter((candidate) => suites.includes(candidate.suite));
  }

  /** Names that match the glob pattern (`*` only), sorted. */
  names(glob: string): string[] {
    if (!glob.includes('*')) return this.#texts.has(glob) ? [glob] : [];
    const pattern = new RegExp(`^${glob.split('*').map((part) => part.replace(/[.+]/g, '\\$&')).join('.*')}$`);
    return [...this.#texts.keys()].filter((name) => pattern.test(name)).sort();
  }

  /** Names of the packages that provide the virtual one, sorted. */
  providers(name: string): string[] {
    return [...(this.#providers.get(name) ?? [])].sort();
  }

  /** The newest version in those suites over all names that match the glob pattern. */
  newest(glob: string, suites: readonly string[]): Package | undefined {
    return this.names(glob)
      .flatMap((name) => this.versions(name, suites).slice(0, 1))
      .reduce<Package | undefined>((best, next) => (best === undefined || compareVersions(next.version, best.version) > 0 ? next : best), undefined);
  }
}
