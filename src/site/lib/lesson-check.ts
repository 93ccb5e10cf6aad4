/**
 * What can be found wrong with a lesson without a machine: between its languages, with its exercise, in its links and in
 * the names of commands. Every problem names file and line, what is wrong and how to mend it.
 */
import type { Exercise } from '../../checkers/schema.ts';
import { readTarget } from '../../lab/open/target.ts';
import { type Locale, locales } from '../../shared/locale.ts';
import { drawings, isDiagramName } from './diagrams/drawings.ts';
import { misspeltCommands } from './docker-commands.ts';
import { headingAnchor, type LessonPart, type LessonText } from './lesson-text.ts';
import { markField, pageText, translationAdvice, translationState } from './translation.ts';

export interface LessonProblem {
  file: string;
  line: number;
  text: string;
  /** Stops the check; the others are for the author to judge. */
  severity: 'error' | 'warning';
}

export interface LessonToCheck {
  /** Such as `containers/first-container`. */
  slug: string;
  /** By locale; a missing one is a translation that is missing. */
  texts: Partial<Record<Locale, LessonText>>;
  exercise: Exercise | undefined;
  /** What the course says of whether it has the lab even without an exercise. */
  lab?: boolean | undefined;
  /** A page of each locale by its address below it, to check links; `''` is the front page. */
  pages: ReadonlyMap<string, Partial<Record<Locale, LessonText>>>;
  /** Terms of the glossary. */
  terms: ReadonlySet<string>;
  /** Ids of the questions in content/quizzes/<lesson>.yaml. */
  quizzes: ReadonlySet<string>;
}

/** What of a page tells of its translations. */
type TranslatedPage = Pick<LessonToCheck, 'slug' | 'texts'>;

/** Longer descriptions are cut off by search engines and overflow the course page. */
const longestDescription = 170;

/** All problems, in the order of files and lines. */
export function checkLesson(lesson: LessonToCheck): LessonProblem[] {
  const problems: LessonProblem[] = [];
  for (const locale of locales) {
    const text = lesson.texts[locale];
    const file = `content/${locale}/${lesson.slug}.mdx`;
    const report = (line: number, message: string, severity: LessonProblem['severity'] = 'error') => problems.push({ file, line, text: message, severity });
    if (text === undefined) {
      report(1, 'there is no such file; write the lesson in this language too', 'warning');
      continue;
    }
    checkFrontmatter(text, lesson, report);
    checkComponents(text, lesson, report);
    checkLinks(text, locale, lesson, report);
    checkCommands(text, report);
    if (locale === 'zh-cn') checkPunctuation(text, report);
    if (locale !== locales[0]) checkTranslation(text, lesson, report);
  }
  const { en, 'zh-cn': chinese } = lesson.texts;
  if (en && chinese) problems.push(...compareLanguages(lesson.slug, en, chinese));
  return problems;
}

type Report = (line: number, message: string, severity?: LessonProblem['severity']) => void;

/** What its schema does not know; see lesson-source.ts for that. */
function checkFrontmatter({ frontmatter, fieldLines }: LessonText, { exercise, lab }: LessonToCheck, report: Report): void {
  const { description } = frontmatter;
  if (description === undefined) report(1, 'the frontmatter has no “description”; add it');
  if (typeof description === 'string' && description.length > longestDescription) report(fieldLines['description'] ?? 1, `the description has ${description.length} characters; ${longestDescription} are the most`);
  if (frontmatter['exercise'] === undefined) {
    // Whoever said so wants none, or wants the lab alone.
    if ((frontmatter['lab'] ?? lab) === undefined) report(1, 'the frontmatter names no “exercise”, so the page has no lab; add “exercise: <folder in content/exercises>”, or “lab: true” for a lab without tasks, or “lab: false” if it is to have none', 'warning');
  } else if (exercise === undefined) report(fieldLines['exercise'] ?? 1, `there is no content/exercises/${String(frontmatter['exercise'])}/exercise.yaml; create it, or correct “exercise”`);
}

function checkComponents(text: LessonText, { exercise, terms, quizzes, slug }: LessonToCheck, report: Report): void {
  const placed: string[] = [];
  for (const part of text.parts) {
    if (part.kind !== 'component') continue;
    const id = part.attributes['id'] ?? '';
    const diagram = part.attributes['name'] ?? '';
    if (part.name === 'Task') {
      if (exercise && !exercise.tasks.some((task) => task.id === id)) report(part.line, `the exercise has no task “${id}”; name one of ${exercise.tasks.map((task) => task.id).join(', ')}`);
      if (placed.includes(id)) report(part.line, `task “${id}” is placed twice; leave one`);
      placed.push(id);
    } else if (part.name === 'Term' && !terms.has(id)) report(part.line, `content/glossary.yaml has no term “${id}”; add it, or correct the id`);
    else if (part.name === 'Diagram' && !isDiagramName(diagram)) report(part.line, `there is no diagram “${diagram}”; name one of ${Object.keys(drawings).join(', ')}`);
    else if (part.name === 'Open') {
      const read = readTarget(part.attributes);
      if (!read.ok) report(part.line, `<Open>: ${read.problem}`);
    } else if (part.name === 'Quiz' && !quizzes.has(id)) report(part.line, `content/quizzes/${slug.split('/').at(-1)}.yaml has no quiz “${id}”; it has ${[...quizzes].join(', ') || 'none'}`);
  }
  const shown = text.parts.flatMap((part) => (part.kind === 'component' && part.name === 'Quiz' ? [part.attributes['id']] : []));
  for (const id of quizzes) if (!shown.includes(id)) report(1, `the text places no <Quiz id="${id}" />; put it where it belongs`);
  if (exercise === undefined) return;
  const missing = exercise.tasks.map((task) => task.id).filter((id) => !placed.includes(id));
  if (missing.length > 0) report(1, `the text places no ${missing.map((id) => `<Task id="${id}" />`).join(', ')}; put each where it belongs`);
  const order = exercise.tasks.map((task) => task.id).filter((id) => placed.includes(id));
  const inText = placed.filter((id, index) => order.includes(id) && placed.indexOf(id) === index);
  if (order.join() !== inText.join()) report(1, `the tasks stand in the order ${inText.join(', ')}, in the exercise ${order.join(', ')}; make them equal`);
}

function checkLinks(text: LessonText, locale: Locale, { slug, pages }: LessonToCheck, report: Report): void {
  for (const part of text.parts) {
    if (part.kind !== 'link') continue;
    if (/^(https:|mailto:)/.test(part.href)) continue;
    if (/^[a-z]+:/.test(part.href)) {
      report(part.line, `the link ${part.href} is not https; use https`);
      continue;
    }
    if (part.href.startsWith('/')) {
      report(part.line, `the link ${part.href} breaks where the site is served under a sub path; write it relative to this page, such as ../../<module>/<lesson>/`);
      continue;
    }
    const [path = '', anchor] = part.href.split('#', 2);
    const target = path === '' ? slug : new URL(path, `http://site/${slug}/`).pathname.replace(/^\/|\/$/g, '');
    const page = path === '' ? text : (pages.get(target)?.[locale] ?? pages.get(target)?.[locales[0]]);
    if (page === undefined) report(part.line, `the link ${part.href} leads to “${target}”, which is no page; from here a lesson of the same module is ../<lesson>/, of another ../../<module>/<lesson>/`);
    else if (path !== '' && !path.endsWith('/')) report(part.line, `the link ${part.href} must end with a slash, as the page’s address does`);
    else if (anchor && !page.parts.some((other) => other.kind === 'heading' && headingAnchor(other.text) === decodeURI(anchor))) {
      report(part.line, `there is no heading “${anchor}” on the page that ${part.href} leads to`);
    }
  }
}

function checkCommands(text: LessonText, report: Report): void {
  for (const part of text.parts) {
    if (part.kind !== 'code' || !['sh', 'console'].includes(part.lang)) continue;
    let continued = '';
    part.code.split('\n').forEach((row, index) => {
      const command = part.lang === 'sh' || continued !== '' ? row : (/^\S*[$#] (.+)$/.exec(row)?.[1] ?? '');
      const whole = continued + command;
      continued = whole.endsWith('\\') ? `${whole.slice(0, -1)} ` : '';
      if (continued !== '') return;
      for (const problem of misspeltCommands(whole)) report(part.line + 1 + index, problem);
    });
  }
}

function checkPunctuation({ prose }: LessonText, report: Report): void {
  for (const { line, text } of prose) {
    const found = /\p{Script=Han}[,;:?!]/u.exec(text)?.[0];
    if (found !== undefined) report(line, `“${found}” has punctuation of Latin width behind Chinese; use the full-width one`);
  }
}

function checkTranslation(text: LessonText, lesson: LessonToCheck, report: Report): void {
  const advice = adviceFor(text, lesson);
  if (advice !== undefined) report(1, advice, 'warning');
}

function adviceFor({ frontmatter }: LessonText, { slug, texts }: TranslatedPage): string | undefined {
  const english = texts[locales[0]];
  return english && translationAdvice(translationState(frontmatter[markField], pageText(english)), slug);
}

/** Of a page that is no lesson: which of its translations are missing or stale. */
export function checkPageTranslations(page: TranslatedPage): LessonProblem[] {
  const [, ...others] = locales;
  return others.flatMap((locale): LessonProblem[] => {
    const text = page.texts[locale];
    const problem = text === undefined ? 'there is no such file; write the page in this language too' : adviceFor(text, page);
    return problem === undefined ? [] : [{ file: `content/${locale}/${page.slug}.mdx`, line: 1, text: problem, severity: 'warning' }];
  });
}

/** The languages must agree in headings, code, tasks and building blocks: where they do not, one of them is stale. */
export function compareLanguages(slug: string, en: LessonText, chinese: LessonText): LessonProblem[] {
  const file = `content/zh-cn/${slug}.mdx`;
  const [ours, theirs] = [en, chinese].map((text) => text.parts.filter((part) => part.kind !== 'link' && !(part.kind === 'component' && part.name === 'Term')));
  for (let index = 0; index < Math.max(ours?.length ?? 0, theirs?.length ?? 0); index += 1) {
    const [a, b] = [ours?.[index], theirs?.[index]];
    if (a && b && outline(a) === outline(b)) continue;
    const line = b?.line ?? chinese.parts.at(-1)?.line ?? 1;
    const text = `does not agree with the English lesson: there ${a ? `line ${a.line} has ${shown(a)}` : 'is nothing more'}, here ${b ? shown(b) : 'nothing more'}; translate what changed`;
    return [{ file, line, text, severity: 'error' }];
  }
  return [];
}

/** What of a part must be equal in every language. Comments in code, and text blocks, may be translated. */
function outline(part: LessonPart): string {
  switch (part.kind) {
    case 'heading':
      return `heading ${part.level}`;
    case 'code':
      return `code ${part.lang} ${['sh', 'console'].includes(part.lang) ? part.code.replace(/(^|\s)#\s.*$/gm, '').replaceAll(/\p{Script=Han}+|[A-Za-z]+_[A-Za-z_]+/gu, '_') : ''}`;
    case 'component':
      return `component ${tag(part)}`;
    case 'link':
      return `link ${part.href}`;
  }
}

/** Whatever the order in which its attributes are written. */
function tag({ name, attributes }: LessonPart & { kind: 'component' }): string {
  return [name, ...Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}="${value}"`)].join(' ');
}

function shown(part: LessonPart): string {
  switch (part.kind) {
    case 'heading':
      return `the heading “${part.text}”`;
    case 'code':
      return `a block ${part.lang} “${part.code.split('\n')[0]}”`;
    case 'component':
      return `<${tag(part)}>`;
    case 'link':
      return `a link to ${part.href}`;
  }
}
