import { describe, expect, it } from 'vitest';
import { parseExercise } from '../../checkers/load-exercise.ts';
import { misspeltCommands } from './docker-commands.ts';
import { checkLesson, checkPageTranslations, type LessonToCheck } from './lesson-check.ts';
import { estimateMinutes, headingAnchor, readLesson } from './lesson-text.ts';
import { pageText, translationMark } from './translation.ts';

const exercise = parseExercise(
  'exercise.yaml',
  `id: sample
start: {}
tasks:
  - id: one
    title: { en: One, zh-cn: 一 }
    assertions: [{ id: there, look: container, where: { name: web }, expect: exists, fail: { en: no, zh-cn: 没有 } }]
    solution: { commands: 'true', explanation: { en: x, zh-cn: 某 } }
  - id: two
    title: { en: Two, zh-cn: 二 }
    assertions: [{ id: there, look: container, where: { name: web }, expect: exists, fail: { en: no, zh-cn: 没有 } }]
    solution: { commands: 'true', explanation: { en: x, zh-cn: 某 } }
`,
);

const english = `---
title: A lesson
description: What it is about.
exercise: sample
---

Read [the other](../other/#a-part), and <Term id="image">images</Term>.

## Run \`it\`

\`\`\`sh
docker run -d nginx   # a comment
\`\`\`

<Task id="one" />

<Task id="two" />
`;
const chinese = english.replace('A lesson', '一课').replace('Read [the other]', '请阅读[另一课]').replace('# a comment', '# 注释').replace('Run `it`', '运行');

/** @param more of the lesson, over what is said of it here; a translation is one of the English text unless its text says otherwise */
function problems(change: (texts: { en: string; 'zh-cn': string }) => void, more: Partial<LessonToCheck> = {}): string[] {
  const texts = { en: english, 'zh-cn': chinese };
  change(texts);
  const other = readLesson('## A part\n');
  const [source, translation] = [readLesson(texts.en), readLesson(texts['zh-cn'])];
  translation.frontmatter = { translationOf: translationMark(pageText(source)), ...translation.frontmatter };
  const lesson: LessonToCheck = {
    slug: 'images/sample',
    texts: { en: source, 'zh-cn': translation },
    exercise,
    pages: new Map([['images/other', { en: other, 'zh-cn': other }]]),
    terms: new Set(['image']),
    quizzes: new Set(),
    ...more,
  };
  return checkLesson(lesson).map(({ file, line, text }) => `${file}:${line}: ${text}`);
}

describe('checkLesson', () => {
  it('is content with a good lesson', () => {
    expect(problems(() => {})).toEqual([]);
  });

  const both = (texts: { en: string; 'zh-cn': string }, from: string, to: string): void => {
    texts.en = texts.en.replace(from, to);
    texts['zh-cn'] = texts['zh-cn'].replace(from, to);
  };
  it.each<[string, string, string, string]>([
    ['a task that is not there', 'id="two"', 'id="tow"', 'content/en/images/sample.mdx:17: the exercise has no task “tow”; name one of one, two'],
    ['a task that is not placed', '<Task id="two" />', '', 'the text places no <Task id="two" />'],
    ['tasks in another order', '<Task id="one" />\n\n<Task id="two" />', '<Task id="two" />\n\n<Task id="one" />', 'the tasks stand in the order two, one, in the exercise one, two'],
    ['a link to nowhere', '../other/', '../othr/', 'content/en/images/sample.mdx:7: the link ../othr/#a-part leads to “images/othr”, which is no page'],
    ['an anchor to nowhere', '#a-part', '#part', 'there is no heading “part” on the page'],
    ['a link from the root', '../other/', '/en/images/other/', 'breaks where the site is served under a sub path'],
    ['a misspelt command', 'docker run', 'docker rnu', 'content/en/images/sample.mdx:12: there is no “docker rnu”'],
    ['a diagram that is not there', '<Task id="two" />', '<Task id="two" />\n\n<Diagram name="whale" />', 'content/en/images/sample.mdx:19: there is no diagram “whale”; name one of client-server'],
    ['a term that is not there', 'id="image"', 'id="imago"', 'content/glossary.yaml has no term “imago”'],
    ['a block that opens nothing', '<Term id="image">images</Term>', '<Open>images</Open>', 'content/zh-cn/images/sample.mdx:7: <Open>: it does not say what to open; add one of file='],
    ['a file that is not named in full', '<Term id="image">images</Term>', '<Open file="web/Dockerfile" line={3}>images</Open>', 'content/en/images/sample.mdx:7: <Open>: file="web/Dockerfile" is no full path of a file'],
    ['a misspelt option on a line that goes on', 'docker run -d nginx', 'docker run -d \\\n  --nmae web nginx', 'content/en/images/sample.mdx:13: “docker run” has no option --nmae'],
    ['a long description', 'What it is about.', 'x'.repeat(171), 'content/en/images/sample.mdx:3: the description has 171 characters'],
    ['no description', 'description: What it is about.\n', '', 'the frontmatter has no “description”'],
  ])('finds %s', (_, from, to, problem) => {
    expect(problems((texts) => both(texts, from, to)).join('\n')).toContain(problem);
  });

  it('wants a word on why there is no lab, from the lesson or the course', () => {
    const without = (texts: { en: string; 'zh-cn': string }): void => both(texts, 'exercise: sample\n', '');
    expect(problems(without, { exercise: undefined }).join('\n')).toContain('the frontmatter names no “exercise”, so the page has no lab');
    expect(problems(without, { exercise: undefined, lab: false })).toEqual([]);
    expect(problems((texts) => both(texts, 'exercise: sample', 'lab: false'), { exercise: undefined })).toEqual([]);
  });

  it('finds a translation of another English text, and what to do', () => {
    expect(problems((texts) => (texts['zh-cn'] = texts['zh-cn'].replace('exercise:', "translationOf: '0123456789ab'\nexercise:")))).toEqual([
      'content/zh-cn/images/sample.mdx:1: content/en/images/sample.mdx has changed since this was translated, and the page says so; translate what changed, then run: npm run lesson:translated -- images/sample',
    ]);
    expect(problems(() => {}, { texts: { en: readLesson(english), 'zh-cn': readLesson(chinese) } })).toEqual([expect.stringContaining('the frontmatter has no “translationOf”')]);
  });

  it('finds a translation that does not agree', () => {
    expect(problems((texts) => (texts['zh-cn'] = texts['zh-cn'].replace('-d nginx', 'nginx')))).toEqual([
      'content/zh-cn/images/sample.mdx:11: does not agree with the English lesson: there line 11 has a block sh “docker run -d nginx   # a comment”, here a block sh “docker run nginx   # 注释”; translate what changed',
    ]);
  });

  it('finds a translation that opens something else, whatever the order of the attributes', () => {
    const opens = (attributes: string) => `<Open ${attributes}>images</Open>`;
    const put = (texts: { en: string; 'zh-cn': string }, chinese: string): void => {
      texts.en = texts.en.replace('<Term id="image">images</Term>', opens('file="/a" line="3"'));
      texts['zh-cn'] = texts['zh-cn'].replace('<Term id="image">images</Term>', opens(chinese));
    };
    expect(problems((texts) => put(texts, 'line={3} file="/a"'))).toEqual([]);
    expect(problems((texts) => put(texts, 'file="/b" line="3"'))).toEqual([
      'content/zh-cn/images/sample.mdx:7: does not agree with the English lesson: there line 7 has <Open file="/a" line="3">, here <Open file="/b" line="3">; translate what changed',
    ]);
  });

  it('misses no exercise where the lab is asked for without one', () => {
    const without = (texts: { en: string; 'zh-cn': string }, instead: string): void => both(texts, 'exercise: sample\n', instead);
    expect(problems((texts) => without(texts, 'lab: true\n'))).toEqual([]);
    expect(problems((texts) => without(texts, '')).join('\n')).toContain('the frontmatter names no “exercise”, so the page has no lab');
  });

  it('finds Latin punctuation behind Chinese', () => {
    expect(problems((texts) => (texts['zh-cn'] = texts['zh-cn'].replace('请阅读', '请阅读,再看')))).toEqual(['content/zh-cn/images/sample.mdx:7: “读,” has punctuation of Latin width behind Chinese; use the full-width one']);
  });
});

it('checkPageTranslations finds what is missing, stale or without a mark', () => {
  const found = (texts: LessonToCheck['texts']): string[] => checkPageTranslations({ slug: 'sandbox', texts }).map(({ file, line, text, severity }) => `${severity} ${file}:${line}: ${text}`);
  const en = readLesson(english);
  const marked = (mark: string) => readLesson(chinese.replace('exercise:', `translationOf: '${mark}'\nexercise:`));
  expect(found({ en, 'zh-cn': marked(translationMark(pageText(en))) })).toEqual([]);
  expect(found({ en })).toEqual(['warning content/zh-cn/sandbox.mdx:1: there is no such file; write the page in this language too']);
  expect(found({ en, 'zh-cn': marked('0123456789ab') })).toEqual([expect.stringMatching(/^warning content\/zh-cn\/sandbox.mdx:1: content\/en\/sandbox.mdx has changed .* npm run lesson:translated -- sandbox$/)]);
  expect(found({ en, 'zh-cn': readLesson(chinese) })).toEqual([expect.stringContaining('the frontmatter has no “translationOf”')]);
});

describe('misspeltCommands', () => {
  it.each([
    ['docker container lss', ['there is no “docker container lss”']],
    ['docker ps -a | grep x && sudo docker imgaes', ['there is no “docker imgaes”']],
    ['docker compose -f app.yaml upp -d', ['there is no “docker compose upp”']],
    ['docker -H tcp://a:2375 psx', ['there is no “docker psx”']],
    ['docker rm $(docker sp -aq)', ['there is no “docker sp”']],
    ['docker run --detatch --name web nginx', ['“docker run” has no option --detatch; did you mean “--detach”?']],
    ['docker compose up --biuld -d', ['“docker compose up” has no option --biuld; did you mean “--build”?']],
    ['docker rm web --froce', ['“docker rm” has no option --froce']],
    ['docker run -dy nginx', ['“docker run” has no option -y']],
    ['docker --tsl ps --al', ['“docker” has no option --tsl', '“docker ps” has no option --al']],
    ['docker image inspect --fromat "{{.Id}} --x" nginx', ['“docker image inspect” has no option --fromat']],
  ])('finds what is wrong in %s', (line, wrong) => {
    expect(misspeltCommands(line)).toHaveLength(wrong.length);
    wrong.forEach((text, index) => expect(misspeltCommands(line)[index]).toContain(text));
  });

  it.each(['docker --version', 'docker context use far', 'docker compose -p a up', 'echo docker nonsense', 'systemctl status docker', 'docker exec web sh -c "x"', 'ls /var/lib/docker foo', 'docker', 'docker run -itd --name=web -p 80:80 nginx --daemonless -y', 'docker build -t x . # --nonsense', 'docker compose exec -T web ls --color', 'docker exec -e A=b web ls --all', "docker ps --format '{{.Names}} --x' -aq > out", 'docker run --net host x', 'docker network create --<option> x', 'docker <command> --x'])('is content with %s', (line) => {
    expect(misspeltCommands(line)).toEqual([]);
  });
});

describe('readLesson', () => {
  it('takes a lesson apart', () => {
    const { frontmatter, parts } = readLesson(english);
    expect(frontmatter['exercise']).toBe('sample');
    expect(parts.map(({ kind, line }) => [kind, line])).toEqual([
      ['component', 7], ['link', 7], ['heading', 9], ['code', 11], ['component', 15], ['component', 17],
    ]);
  });

  it('does not take code for a building block', () => {
    expect(readLesson('Write `<Task id="a" />`.\n').parts).toEqual([]);
  });

  it('estimates the time it takes', () => {
    expect(estimateMinutes(readLesson(english), { solutions: ['a', 'b'] })).toBe(3);
    expect(estimateMinutes(readLesson('字'.repeat(3000)), { solutions: [] })).toBe(10);
    expect(estimateMinutes(readLesson('字'.repeat(3000)), { solutions: [], questions: 4 })).toBe(12);
  });

  it('does not count a block beside the task that it solves', () => {
    const lesson = readLesson(Array.from({ length: 4 }, (_, index) => `\`\`\`sh\ndocker start a${index}\n  docker stop a${index}\n\`\`\`\n`).join('\n'));
    expect(estimateMinutes(lesson, { solutions: ['docker ps', 'docker ps -a'] })).toBe(4);
    expect(estimateMinutes(lesson, { solutions: ['docker start a0\ndocker stop a0', 'docker stop a1\ndocker start a1\n'] })).toBe(3);
    // Half a block is still one to run.
    expect(estimateMinutes(lesson, { solutions: ['docker start a0', 'docker stop a1'] })).toBe(4);
  });

  it('takes a challenge for what it is: to look around, and to find a way to each of its goals', () => {
    const text = readLesson('Make it so.\n');
    expect(estimateMinutes(text, { solutions: ['a'], kind: 'challenge' })).toBe(7);
    expect(estimateMinutes(text, { solutions: ['a', 'b', 'c'], kind: 'challenge' })).toBe(11);
    expect(estimateMinutes(text, { solutions: ['a', 'b', 'c'] })).toBe(3);
  });

  it('makes anchors as the site does', () => {
    expect(headingAnchor('Run `it`: a test')).toBe('run-it-a-test');
    expect(headingAnchor('运行一个容器')).toBe('运行一个容器');
  });
});
