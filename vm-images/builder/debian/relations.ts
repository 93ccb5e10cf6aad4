/** Relations between packages: `Depends: a (>= 1) | b, c` and the like (Debian Policy, chapter 7). */
import { compareVersions } from './version.ts';

export type Operator = '<<' | '<=' | '=' | '>=' | '>>';

export interface Relation {
  readonly name: string;
  readonly constraint?: { readonly operator: Operator; readonly version: string };
}

/** Alternatives, any of which will do, in order of preference. */
export type Clause = readonly Relation[];

const pattern = /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)\s*\))?$/;

function isOperator(text: string): text is Operator {
  return ['<<', '<=', '=', '>=', '>>'].includes(text);
}

/** @throws SyntaxError when the text is not a relation field. Architecture qualifiers (`:any`) are dropped. */
export function parseRelations(field: string | undefined): Clause[] {
  if (field === undefined) return [];
  return field
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .map((clause) => clause.split('|').map((text) => parseRelation(text.trim())));
}

function parseRelation(text: string): Relation {
  const match = pattern.exec(text);
  const name = match?.[1];
  if (name === undefined) throw new SyntaxError(`not a package relation: "${text}"`);
  const operator = match?.[2];
  const version = match?.[3];
  if (operator === undefined || version === undefined || !isOperator(operator)) return { name };
  return { name, constraint: { operator, version } };
}

/** Whether a package or a versioned Provides of that version meets the constraint. */
export function versionMeets(version: string, constraint: Relation['constraint']): boolean {
  if (constraint === undefined) return true;
  const order = compareVersions(version, constraint.version);
  switch (constraint.operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}

export interface Provider {
  readonly name: string;
  readonly version: string;
  readonly provides: readonly Relation[];
}

/** Whether the package is, or provides, what the relation asks for. An unversioned Provides meets no constraint. */
export function meets(candidate: Provider, relation: Relation): boolean {
  if (candidate.name === relation.name && versionMeets(candidate.version, relation.constraint)) return true;
  return candidate.provides.some((provided) => {
    if (provided.name !== relation.name) return false;
    if (relation.constraint === undefined) return true;
    return provided.constraint !== undefined && versionMeets(provided.constraint.version, relation.constraint);
  });
}

export function formatRelation({ name, constraint }: Relation): string {
  return constraint === undefined ? name : `${name} (${constraint.operator} ${constraint.version})`;
}

export function formatClause(clause: Clause): string {
  return clause.map(formatRelation).join(' | ');
}
