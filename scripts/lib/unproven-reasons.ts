/** Which reasons of an exercise nobody has proved: a learner may be told them, and no wrong state shows that it happens, and rightly. */
import type { Exercise } from '../../src/checkers/schema.ts';

export interface Reasons {
  /** Of assertions that fail as “done wrongly”, and of mistakes. */
  total: number;
  /** `<task>/<assertion>`, in the order of the file. */
  unproven: string[];
}

export function reasonsOf({ tasks, wrong }: Pick<Exercise, 'tasks' | 'wrong'>): Reasons {
  const reasons = tasks.flatMap(({ id: task, assertions }) =>
    assertions.flatMap(({ id, open, mistakes = [] }) => [...(open ? [] : [id]), ...mistakes.map((mistake) => mistake.id)]).map((assertion) => ({ task, assertion })));
  const unproven = reasons.filter((reason) => !wrong.some(({ task, assertion }) => task === reason.task && assertion === reason.assertion));
  return { total: reasons.length, unproven: unproven.map(({ task, assertion }) => `${task}/${assertion}`) };
}
