import { describe, expect, it } from 'vitest';
import { lessonComponentNames } from './lesson-components.ts';
import { checkFrontmatterFields, checkPageFrontmatter, checkSource } from './lesson-source.ts';

const page = `---
title: A page
description: What it is about.
exercise: sample
---

An <Term id="image">**image**</Term> for \`docker run --rm nginx\`.

<Task id="one" />
`;
const problems = (from: string, to: string) => checkSource(page.replace(from, to), new Set(['desktop'])).map(({ line, text }) => `${line}: ${text}`);

describe('checkSource', () => {
  it('is content with a good page', () => {
    expect(problems('', '')).toEqual([]);
    expect(problems('An', 'import { A, b as Own } from "../x.ts";\n\n<Own /> <Chooser id="desktop" /> {/* a comment */} An <b>bold</b>')).toEqual([]);
  });

  it.each([
    ['a tag that is not closed', '</Term>', '', '7: the site cannot be built with this: Expected a closing tag for `<Term>` (7:4) before the end of `paragraph`; close every tag'],
    ['a brace that is not closed', '**image**', '{image', 'the site cannot be built with this: '],
    ['an import that is broken', 'An', 'import A from "x\n\nAn', '7: the site cannot be built with this: '],
    ['JavaScript', '**image**', '{image}', '7: {image} would be run as JavaScript'],
    ['a building block that is misspelt', '<Task', '<Taks', '9: there is no building block <Taks>; did you mean “Task”?'],
    ['one in small letters', '<Task', '<task', '9: there is no building block <task>; did you mean “Task”?'],
    ['one that is nowhere near', '<Task', '<Elephant', `9: there is no building block <Elephant>; there are ${lessonComponentNames.join(', ')}.`],
    ['a tag on two lines', '<Task id', '<Task\n  id', '9: <Task> cannot be read here; write the tag on one line'],
    ['a chooser that is not there', '<Task id="one" />', '<Chooser id="dekstop" />', '9: there is no content/choosers/dekstop.yaml; did you mean “desktop”? Create it'],
    ['a misspelt option in a sentence', '--rm nginx', '--rn nginx', '7: “docker run” has no option --rn; did you mean “--rm”?'],
    ['a misspelt option alone', 'docker run --rm nginx', '--detatch', '7: no docker command has an option --detatch; did you mean “--detach”?'],
  ])('finds %s', (_, from, to, problem) => {
    expect(problems(from, to).join('\n')).toContain(problem);
  });
});

it('tells of frontmatter that the site cannot read, also on a page that is no lesson', () => {
  expect(checkPageFrontmatter('---\ntitle: More\ntableOfContents: false\n---\n')).toEqual([]);
  expect(checkPageFrontmatter('---\ntitle: More\ndescription: Two things: one and the other\n---\n')).toMatchObject([{ line: 3 }]);
});

describe('checkFrontmatterFields', () => {
  const fields = (from: string, to: string) => checkFrontmatterFields(page.replace(from, to)).map(({ line, text }) => `${line}: ${text}`);

  it.each([
    ['a field that is misspelt', 'exercise: ', 'excercise: ', '4: frontmatter, the file: does not know “excercise”; did you mean “exercise”? Correct'],
    ['a field that is missing', 'title: A page\n', '', '2: frontmatter, title: is missing'],
    ['a value that is wrong', 'exercise: sample', 'exercise: Big Sample', '4: frontmatter, exercise: must be the name of a folder in content/exercises'],
    ['text that YAML cannot read', 'description: What', 'description: What: how', '3: frontmatter, column 14: YAML cannot read this'],
    ['no frontmatter', '---\n', '\n---\n', '1: there is no frontmatter'],
  ])('finds %s', (_, from, to, problem) => {
    expect(fields(from, to).join('\n')).toContain(problem);
  });

  it('is content with a good one, also with the line ends of Windows', () => {
    expect(fields('', '')).toEqual([]);
    expect(checkFrontmatterFields(page.replaceAll('\n', '\r\n'))).toEqual([]);
  });
});
