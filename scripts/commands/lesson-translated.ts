/**
 * `npm run lesson:translated -- <lesson or page> ... | --all`: says that the translation of a lesson, or of another page such as
 * `sandbox`, is one of its English text as it is now. For a translator who has looked at what changed; until then the page tells its readers that the English text is newer.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locales } from '../../src/shared/locale.ts';
import { type LessonFiles, readLessons } from '../../src/site/lib/lesson-files.ts';
import { pageText, translationMark, withMark } from '../../src/site/lib/translation.ts';
import { readArguments } from '../lib/arguments.ts';
import { pagesNamed } from '../lib/named-lessons.ts';
import { main, root, SetupError } from '../lib/run.ts';

main(async () => {
  const { names, options } = readArguments(process.argv.slice(2), { '--all': 'every page that has a translation' });
  const all = options.has('--all');
  if (all === names.length > 0) throw new SetupError('name the lessons or pages whose translations you have compared with the English text, or all of them: npm run lesson:translated -- images/layers, or npm run lesson:translated -- --all');

  const files = await readLessons(root);
  const pages = all ? [...files.lessons, ...files.others] : names.flatMap((name) => pagesNamed(files, name));
  const counts = { marked: 0, current: 0 };
  for (const page of pages) for (const marked of await mark(page)) counts[marked ? 'marked' : 'current'] += 1;
  console.log(`${counts.marked} marked as translations of the English text as it is now, ${counts.current} were so already`);
  if (counts.marked + counts.current === 0) throw new SetupError('none of these pages has a translation yet. Write it first: the same file in the folder of its language, such as content/zh-cn/images/layers.mdx.');
});

/** Writes the mark into every translation of a page. @returns for each whether it had to be written */
async function mark({ slug, texts }: LessonFiles['others'][number]): Promise<boolean[]> {
  const [source, ...others] = locales;
  const english = texts[source];
  const marked: boolean[] = [];
  for (const locale of others) {
    if (english === undefined || texts[locale] === undefined) continue;
    const path = join(root, `content/${locale}/${slug}.mdx`);
    const text = await readFile(path, 'utf8');
    const after = withMark(text, translationMark(pageText(english)));
    if (after === undefined) throw new SetupError(`content/${locale}/${slug}.mdx does not begin with a frontmatter. Add it, between two lines of ---, with the fields of content/${source}/${slug}.mdx.`);
    if (after !== text) {
      await writeFile(path, after);
      console.log(`content/${locale}/${slug}.mdx`);
    }
    marked.push(after !== text);
  }
  return marked;
}
