import { expect, it } from 'vitest';
import { belowGoals, formatScores, readScores } from './lighthouse-report.ts';

function report(changes: Record<string, number | null> = {}): string {
  const category = (name: string): object => ({ score: name in changes ? changes[name] : 1, auditRefs: [{ id: `${name}-audit`, weight: 3 }, { id: 'no-weight', weight: 0 }] });
  const names = ['performance', 'accessibility', 'best-practices', 'seo'];
  return JSON.stringify({
    categories: Object.fromEntries(names.map((name) => [name, category(name)])),
    audits: {
      ...Object.fromEntries(names.map((name) => [`${name}-audit`, { title: `Audit of ${name}`, score: name in changes ? changes[name] : 1, displayValue: '2 found' }])),
      'no-weight': { title: 'Only told', score: 0 },
    },
  });
}

it('is content with a page that reaches the goals', () => {
  const scores = readScores(report({ performance: 0.95 }));
  expect(formatScores(scores)).toBe('performance 95, accessibility 100, best-practices 100, seo 100');
  expect(belowGoals(scores)).toEqual([]);
});

it('names each category below its goal, with what cost the points', () => {
  expect(belowGoals(readScores(report({ performance: 0.94, seo: 0.99 })))).toEqual([
    'performance is 94, and should be 95: Audit of performance (2 found)',
    'seo is 99, and should be 100: Audit of seo (2 found)',
  ]);
});

it('takes what could not be looked at for a failure, and refuses what is no report', () => {
  const [line] = belowGoals(readScores(report({ accessibility: null })));
  expect(line).toMatch(/^accessibility is not known/);
  expect(() => readScores('{"runtimeError": "x"}')).toThrow();
});
