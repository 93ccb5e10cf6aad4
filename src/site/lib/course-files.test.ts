import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCourse } from './course-files.ts';
import { readLesson } from './lesson-text.ts';
import { pageText, translationMark, withMark } from './translation.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'drydock-course-'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, 'content', file)), { recursive: true });
  await writeFile(join(root, 'content', file), text);
}

async function course(...lessons: string[]): Promise<void> {
  await write('course.yaml', `modules: [{ id: m, title: { en: M, zh-cn: 单元 }, summary: { en: S, zh-cn: 简介 }, lessons: [${lessons.map((name) => `{ name: ${name} }`).join(', ')}] }]\n`);
}

const english = (body: string): string => `---\ntitle: A\ndescription: B.\n---\n\n${body}\n`;
const chinese = '---\ntitle: 甲\ndescription: 乙。\n---\n\n正文\n';
const marked = withMark(chinese, translationMark(pageText(readLesson(english('Old.'))))) ?? '';

it('tells which translations are missing, stale, or of an unknown text', async () => {
  const names = ['current', 'stale', 'unmarked', 'missing'];
  await course(...names);
  for (const name of names) await write(`en/m/${name}.mdx`, english(name === 'stale' ? 'New.' : 'Old.'));
  for (const name of ['current', 'stale']) await write(`zh-cn/m/${name}.mdx`, marked);
  await write('zh-cn/m/unmarked.mdx', chinese);
  expect(readCourse(root).translations).toEqual({
    missing: [{ locale: 'zh-cn', slug: 'm/missing' }],
    stale: [{ locale: 'zh-cn', slug: 'm/stale' }],
    unmarked: [{ locale: 'zh-cn', slug: 'm/unmarked' }],
  });
});

it('tells it of pages that are no lessons as well', async () => {
  await course('lesson');
  await write('en/m/lesson.mdx', english('Old.'));
  await write('zh-cn/m/lesson.mdx', marked);
  for (const name of ['index', 'sandbox', 'authoring', 'benchmark']) await write(`en/${name}.mdx`, english(name === 'index' ? 'New.' : 'Old.'));
  for (const name of ['index', 'authoring']) await write(`zh-cn/${name}.mdx`, marked);
  await write('zh-cn/benchmark.mdx', chinese);
  expect(readCourse(root).translations).toEqual({
    missing: [{ locale: 'zh-cn', slug: 'sandbox' }],
    stale: [{ locale: 'zh-cn', slug: 'index' }],
    unmarked: [{ locale: 'zh-cn', slug: 'benchmark' }],
  });
});

it('stops at a page that there is in Chinese only', async () => {
  await course('lesson');
  for (const file of ['en/m/lesson.mdx', 'zh-cn/m/lesson.mdx', 'zh-cn/sandbox.mdx']) await write(file, chinese);
  expect(() => readCourse(root)).toThrow('content/en/sandbox.mdx: there is no such file, only translations of it');
});
