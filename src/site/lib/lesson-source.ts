/**
 * What the source of a page says of itself, without the course around it: whether the site can be built of it, its
 * frontmatter, its tags, and the commands within its sentences.
 */
import { z } from 'zod';
import { splitFrontmatter } from '../../shared/frontmatter.ts';
import { suggestion } from '../../shared/spelling.ts';
import { parseYaml } from '../../shared/yaml-data.ts';
import { misspeltCode } from './docker-commands.ts';
import { lessonComponentNames } from './lesson-components.ts';
import { lessonFrontmatterSchema } from './lesson-frontmatter.ts';
import { type LessonMdx, readMdx } from './lesson-mdx.ts';
import { readLesson } from './lesson-text.ts';
import { type Placed, placedProblems } from './placed.ts';

/** All that is wrong, in the order of lines. @param choosers names of the files in content/choosers */
export function checkSource(text: string, choosers: ReadonlySet<string>): Placed[] {
  const mdx = readMdx(text);
  const problems: Placed[] = mdx.broken === undefined ? [] : [{ line: mdx.broken.line, text: `the site cannot be built with this: ${mdx.broken.text}; close every tag, and put < and { that are no tags into backticks` }];
  problems.push(...checkTags(text, mdx, choosers));
  for (const { line, text: expression } of mdx.expressions) problems.push({ line, text: `{${expression}} would be run as JavaScript; put it into backticks, or write \\{` });
  for (const { line, text: code } of mdx.inlineCode) for (const problem of misspeltCode(code)) problems.push({ line, text: problem });
  return problems.sort((a, b) => a.line - b.line);
}

/** The frontmatter of a lesson, against its schema; other pages have more of Starlight's fields. */
export function checkFrontmatterFields(text: string): Placed[] {
  const { head, headLines } = splitFrontmatter(text);
  if (headLines === 0) return [{ line: 1, text: 'there is no frontmatter; begin the file with ---, “title: …”, “description: …”, “exercise: …” and ---' }];
  return frontmatterProblems(head, lessonFrontmatterSchema);
}

/** What is wrong with the frontmatter of a page that is no lesson: Starlight has more fields for it, which it checks itself. */
export function checkPageFrontmatter(text: string): Placed[] {
  return frontmatterProblems(splitFrontmatter(text).head, z.looseObject({ title: z.string() }));
}

function frontmatterProblems(head: string, schema: z.ZodType): Placed[] {
  // The empty line stands for the dashes, so that lines are those of the file.
  const parsed = parseYaml(`\n${head}`, schema, 'lesson');
  return parsed.ok ? [] : placedProblems(parsed.problems.join('\n')).map(({ line, text: problem }) => ({ line, text: `frontmatter, ${problem}` }));
}

function checkTags(text: string, { tags, imported }: LessonMdx, choosers: ReadonlySet<string>): Placed[] {
  const problems: Placed[] = [];
  const onOneLine = readLesson(text).parts.flatMap((part) => (part.kind === 'component' ? [part] : []));
  for (const { line, name } of tags) {
    const report = (problem: string) => problems.push({ line, text: problem });
    if (imported.has(name)) continue;
    if (!lessonComponentNames.includes(name)) {
      const meant = suggestion(name, lessonComponentNames);
      // In small letters it is HTML, which has many names, unless it is one of ours but for the case.
      if (/^[A-Z]/.test(name) || lessonComponentNames.some((known) => known.toLowerCase() === name)) report(`there is no building block <${name}>${meant || `; there are ${lessonComponentNames.join(', ')}.`} Correct the name`);
      continue;
    }
    const at = onOneLine.findIndex((part) => part.line === line && part.name === name);
    const [seen] = at === -1 ? [] : onOneLine.splice(at, 1);
    if (seen === undefined) report(`<${name}> cannot be read here; write the tag on one line, with each attribute as name="value"`);
    else if (name === 'Chooser') {
      const id = seen.attributes['id'] ?? '';
      if (!choosers.has(id)) report(`there is no content/choosers/${id}.yaml${suggestion(id, choosers) || `; there are ${[...choosers].join(', ') || 'none'}.`} Create it, or correct the id`);
    }
  }
  return problems;
}
