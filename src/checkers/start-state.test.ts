import { expect, it } from 'vitest';
import { exerciseSchema } from './schema.ts';
import { hasStartState, startIdentity } from './start-state.ts';

const text = { en: 'x', 'zh-cn': 'x' };
const tasks = [{ id: 'one', title: text, assertions: [{ id: 'a', look: 'container', where: {}, expect: 'exists', fail: text }], solution: { commands: 'x', explanation: text } }];
const exercise = (more: object) => exerciseSchema.parse({ id: 'test', tasks, ...more });

it('is made for commands and for files, on the machine', () => {
  expect(hasStartState(exercise({ start: { commands: ['mkdir a', 'docker create --name web nginx'] } }))).toBe(true);
  expect(hasStartState(exercise({ start: { files: [{ path: '/home/learner/Dockerfile', content: 'FROM scratch' }] } }))).toBe(true);
  expect(hasStartState(exercise({ start: {} }))).toBe(false);
  expect(hasStartState(exercise({ host: 'centos', start: { commands: ['mkdir a'] } }))).toBe(false);
});

it('is another one when the start changes, and only then', () => {
  const one = startIdentity(exercise({ start: { commands: ['docker create --name web nginx'] } }));
  expect(startIdentity(exercise({ start: { commands: ['docker create --name web nginx'] }, reset: { commands: ['true'] } }))).toBe(one);
  expect(startIdentity(exercise({ start: { commands: ['docker create --name wed nginx'] } }))).not.toBe(one);
});
