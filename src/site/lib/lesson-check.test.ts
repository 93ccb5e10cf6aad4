import { describe, expect, it } from 'vitest';
import { parseExercise } from '../../checkers/load-exercise.ts';
import { misspeltCommands } from './docker-commands.ts';
import { checkLesson, type LessonToCheck } from './lesson-check.ts';
import { estimateMinutes, headingAnchor, readLesson } from './lesson-text.ts';

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

function problems(change: (texts: { en: string; 'zh-cn': string }) => void): string[] {
  const texts = { en: english, 'zh-cn': chinese };
  change(texts);
  const other = readLesson('## A part\n');
  const lesson: LessonToCheck = {
    slug: 'images/sample',
    texts: { en: readLesson(texts.en), 'zh-cn': readLesson(texts['zh-cn']) },
    exercise,
    pages: new Map([['images/other', { en: other, 'zh-cn': other }]]),
    terms: new Set(['image']),
    quizzes: new Set(),
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
    ['a term that is not there', 'id="image"', 'id="imago"', 'content/glossary.yaml has no term “imago”'],
    ['a misspelt option on a line that goes on', 'docker run -d nginx', 'docker run -d \\\n  --nmae web nginx', 'content/en/images/sample.mdx:13: “docker run” has no option --nmae'],
    ['a long description', 'What it is about.', 'x'.repeat(171), 'content/en/images/sample.mdx:3: the description has 171 characters'],
    ['no description', 'description: What it is about.\n', '', 'the frontmatter has no “description”'],
  ])('finds %s', (_, from, to, problem) => {
    expect(problems((texts) => both(texts, from, to)).join('\n')).toContain(problem);
  });

  it('finds a translation that is stale', () => {
    expect(problems((texts) => (texts['zh-cn'] = texts['zh-cn'].replace('-d nginx', 'nginx')))).toEqual([
      'content/zh-cn/images/sample.mdx:11: does not agree with the English lesson: there line 11 has a block sh “docker run -d nginx   # a comment”, here a block sh “docker run nginx   # 注释”; translate what changed',
    ]);
  });

  it('finds Latin punctuation behind Chinese', () => {
    expect(problems((texts) => (texts['zh-cn'] = texts['zh-cn'].replace('请阅读', '请阅读,再看')))).toEqual(['content/zh-cn/images/sample.mdx:7: “读,” has punctuation of Latin width behind Chinese; use the full-width one']);
  });
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
    expect(estimateMinutes(readLesson(english), 2)).toBe(3);
    expect(estimateMinutes(readLesson('字'.repeat(3000)), 0)).toBe(10);
  });

  it('makes anchors as the site does', () => {
    expect(headingAnchor('Run `it`: a test')).toBe('run-it-a-test');
    expect(headingAnchor('运行一个容器')).toBe('运行一个容器');
  });
});
