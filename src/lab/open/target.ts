/**
 * What a lesson's `<Open>` brings into sight in the lab, read from its attributes. Used where the site is built, where
 * lessons are checked, and in the page, so it knows neither DOM nor files.
 */
import type { Strings } from '../../site/i18n/en.ts';
import { engineViewLabels, type EngineViewName, engineViews } from '../engine/views.ts';

export type OpenTarget =
  | { kind: 'file'; path: string; line?: number }
  | { kind: 'terminal'; another: boolean }
  /** Port and path, as one types it into the address bar. */
  | { kind: 'preview'; address: string }
  | { kind: 'engine'; view: EngineViewName };

export type ReadTarget = { ok: true; target: OpenTarget } | { ok: false; problem: string };

const kinds = ['file', 'terminal', 'preview', 'engine'] as const;
const highestPort = 65_535;

/** @param attributes as written; one without a value is `''` or `true` */
export function readTarget(attributes: Readonly<Record<string, unknown>>): ReadTarget {
  const values = new Map(Object.entries(attributes).map(([name, value]) => [name, value === true ? '' : String(value)]));
  const known: readonly string[] = [...kinds, 'line'];
  const unknown = [...values.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return no(`there is no attribute “${unknown}”; there are ${known.join(', ')}`);
  const [kind, ...more] = kinds.filter((name) => values.has(name));
  if (kind === undefined) return no('it does not say what to open; add one of file="/home/learner/…", terminal, preview="8080", engine="requests"');
  if (more.length > 0) return no(`it opens one thing only, and names ${[kind, ...more].join(' and ')}; write one <Open> for each`);
  const line = values.get('line');
  if (line !== undefined && kind !== 'file') return no('“line” belongs to a file; leave it out');
  const value = values.get(kind) ?? '';
  switch (kind) {
    case 'file':
      return readFile(value, line);
    case 'terminal':
      if (value !== '' && value !== 'new') return no(`terminal="${value}" says nothing; write “terminal” alone for the one that is shown, or terminal="new" for another one`);
      return yes({ kind, another: value === 'new' });
    case 'preview':
      return readPreview(value);
    case 'engine': {
      const view = engineViews.find((name) => name === value);
      return view === undefined ? no(`the engine’s panel has no tab “${value}”; name one of ${engineViews.join(', ')}`) : yes({ kind, view });
    }
  }
}

function readFile(path: string, line: string | undefined): ReadTarget {
  const plain = path.startsWith('/') && !path.endsWith('/') && !path.slice(1).split('/').some((name) => ['', '.', '..'].includes(name));
  if (!plain) return no(`file="${path}" is no full path of a file; write it from the root and without detours, such as file="/home/learner/web/Dockerfile"`);
  if (line === undefined) return yes({ kind: 'file', path });
  if (!/^[1-9]\d{0,6}$/.test(line)) return no(`line="${line}" is no number of a line; write it such as line="3"`);
  return yes({ kind: 'file', path, line: Number(line) });
}

function readPreview(address: string): ReadTarget {
  const port = /^(\d{1,5})(?:\/\S*)?$/.exec(address)?.[1];
  if (port === undefined || Number(port) < 1 || Number(port) > highestPort) return no(`preview="${address}" is no port with or without a path; write it such as preview="8080" or preview="8080/health"`);
  return yes({ kind: 'preview', address });
}

function yes(target: OpenTarget): ReadTarget {
  return { ok: true, target };
}

function no(problem: string): ReadTarget {
  return { ok: false, problem };
}

/** What is opened, in the words of the lab. Paths and addresses are code. */
export function nameOf(target: OpenTarget, strings: Strings): { text: string; code: boolean } {
  switch (target.kind) {
    case 'file':
      return { text: target.path.replace(/^\/home\/learner\//, '~/'), code: true };
    case 'terminal':
      return { text: target.another ? strings.newTerminal : strings.terminal, code: false };
    case 'preview':
      return { text: `localhost:${target.address}`, code: true };
    case 'engine':
      return { text: engineViewLabels(strings)[target.view], code: false };
  }
}
