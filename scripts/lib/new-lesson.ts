/** What `npm run lesson:new` writes: a lesson that is small but complete, so that it can be checked before it is changed. */
import { type Locale, locales } from '../../src/shared/locale.ts';
import { translationMark, withMark } from '../../src/site/lib/translation.ts';

const texts: Record<Locale, { title: string; description: string; body: string }> = {
  en: {
    title: 'A new lesson',
    description: 'What the learner can do afterwards, in one sentence.',
    body: `One paragraph: what this is about, and why one wants to know.

## The first thing

A block fenced as sh gets a Run button:

\`\`\`sh
docker run hello-world
\`\`\`

Say what the learner sees, and what it means.

<Task id="first" />
`,
  },
  'zh-cn': {
    title: '新课程',
    description: '用一句话说明学完之后能做什么。',
    body: `用一段话说明这节课讲什么，以及为什么值得学。

## 第一件事

标记为 sh 的代码块带有“运行”按钮：

\`\`\`sh
docker run hello-world
\`\`\`

说明会看到什么，以及它意味着什么。

<Task id="first" />
`,
  },
};

/** The text of a lesson in a language. */
export function lessonText(locale: Locale, exercise: string): string {
  const { title, description, body } = texts[locale];
  const text = `---\ntitle: ${title}\ndescription: ${description}\nexercise: ${exercise}\n---\n\n${body}`;
  return locale === locales[0] ? text : (withMark(text, translationMark(texts[locales[0]])) ?? text);
}

/** The exercise that belongs to it. */
export function exerciseText(id: string): string {
  return `# Every field is described in the reference for authors: /en/reference/#exercise
id: ${id}

start:
  images: [hello-world]

tasks:
  - id: first
    title:
      en: Run a container from \`hello-world\`
      zh-cn: 用 \`hello-world\` 镜像运行一个容器
    assertions:
      - id: finished
        open: true
        look: container
        where: { image: hello-world }
        expect: { has: { state: [exited], exitCode: 0 } }
        fail:
          en: No container from \`hello-world\` has run to its end yet.
          zh-cn: 还没有由 \`hello-world\` 创建并运行结束的容器。
        mistakes:
          - id: removed
            look: container
            where: { image: hello-world, removed: true, state: [removed] }
            expect: absent
            fail:
              en: It ran, but \`--rm\` removed its container. Run it again without \`--rm\`.
              zh-cn: 它运行过，但 \`--rm\` 已经把容器删除了。请去掉 \`--rm\` 再运行一次。
    hints:
      - en: The command that creates a container and starts it is \`docker run\`.
        zh-cn: 创建并启动容器的命令是 \`docker run\`。
    solution:
      commands: docker run hello-world
      explanation:
        en: Docker creates a container from the image and starts the program in it.
        zh-cn: Docker 由镜像创建容器，并启动其中的程序。

wrong:
  - id: removed-at-once
    title: { en: Run with --rm, zh-cn: 运行时加了 --rm }
    run: docker run --rm hello-world
    task: first
    assertion: removed
`;
}

/**
 * course.yaml with the lesson at the end of its module; comments and the order of everything else stay.
 * @returns undefined if there is no such module
 */
export function withLesson(courseText: string, module: string, lesson: string): string | undefined {
  const lines = courseText.split('\n');
  const start = lines.findIndex((line) => line.trim() === `- id: ${module}`);
  if (start === -1) return undefined;
  const next = lines.findIndex((line, index) => index > start && /^ {2}- id: /.test(line));
  const end = next === -1 ? lines.length : next;
  const list = lines.findIndex((line, index) => index > start && index < end && /^ {4}lessons:/.test(line));
  if (list === -1) return undefined;
  lines[list] = '    lessons:';
  let last = list;
  for (let index = list + 1; index < end; index += 1) if (/^ {6}\S|^ {8}/.test(lines[index] ?? '')) last = index;
  lines.splice(last + 1, 0, `      - name: ${lesson}`);
  return lines.join('\n');
}
