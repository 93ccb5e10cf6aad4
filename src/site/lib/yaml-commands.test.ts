import { expect, it } from 'vitest';
import { misspeltInYaml } from './yaml-commands.ts';

const exercise = `start:
  commands: [docker pul nginx]
tasks:
  - hints:
      - en: Try \`docker run --detatch\`.
      - zh-cn: "\`docker run -d\`"
    solution:
      commands: |
        docker run -d nginx
        docker stopp web
wrong:
  - { run: docker run --nmae web nginx }
`;

const quiz = `quizzes:
  - questions:
      - text: { en: What does \`docker sp\` print? }
        options:
          - { id: a, text: { en: "\`docker pss\`" }, why: { en: There is no such command. } }
          - { id: b, right: true, text: { en: "\`docker imagse\`" }, why: { en: "\`docker rnu\`" } }
        mistakes: [{ answers: ["\`docker x\`"], why: { en: x } }]
`;

it('finds commands in hints, solutions, starts and wrong states, with their lines', () => {
  expect(misspeltInYaml(exercise).map(({ line, text }) => `${line} ${text.replace(/[;.] .*/, '')}`)).toEqual([
    '2 there is no “docker pul”',
    '5 “docker run” has no option --detatch',
    '10 there is no “docker stopp”',
    '12 “docker run” has no option --nmae',
  ]);
});

it('finds them in questions, right answers and reasons, and lets wrong answers be wrong', () => {
  expect(misspeltInYaml(quiz).map(({ line, text }) => `${line} ${text.replace(/[;.] .*/, '')}`)).toEqual(['3 there is no “docker sp”', '6 there is no “docker imagse”', '6 there is no “docker rnu”']);
});
