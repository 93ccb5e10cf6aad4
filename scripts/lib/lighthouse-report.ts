/** Reads what Lighthouse found, and compares it with what the project wants (docs/performance.md). */
import { z } from 'zod';

/** By Lighthouse's name of the category; of 100. */
const goals = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 } as const;

type Category = keyof typeof goals;

const names: readonly Category[] = ['performance', 'accessibility', 'best-practices', 'seo'];

const categorySchema = z.object({
  /** None where Lighthouse could not look. */
  score: z.number().min(0).max(1).nullable(),
  auditRefs: z.array(z.object({ id: z.string(), weight: z.number() })),
});

const reportSchema = z.object({
  categories: z.object({ performance: categorySchema, accessibility: categorySchema, 'best-practices': categorySchema, seo: categorySchema }),
  audits: z.record(z.string(), z.object({ title: z.string(), score: z.number().nullable(), displayValue: z.string().optional() })),
});

export interface Score {
  readonly category: Category;
  /** Of 100; undefined where Lighthouse could not look. */
  readonly value: number | undefined;
  /** What cost points. */
  readonly lost: readonly string[];
}

/** @param text the report in JSON. Throws where it is none. */
export function readScores(text: string): Score[] {
  const { categories, audits } = reportSchema.parse(JSON.parse(text));
  return names.map((category) => {
    const { score, auditRefs } = categories[category];
    const lost = auditRefs.flatMap(({ id, weight }) => {
      const audit = audits[id];
      if (audit === undefined || weight === 0 || audit.score === null || audit.score === 1) return [];
      return [audit.displayValue === undefined ? audit.title : `${audit.title} (${audit.displayValue})`];
    });
    return { category, value: score === null ? undefined : Math.round(score * 100), lost };
  });
}

/** One line, such as “performance 97, accessibility 100”. */
export function formatScores(scores: readonly Score[]): string {
  return scores.map(({ category, value }) => `${category} ${value ?? '?'}`).join(', ');
}

/** One line for each category that is below its goal. */
export function belowGoals(scores: readonly Score[]): string[] {
  return scores.flatMap(({ category, value, lost }) => {
    if (value !== undefined && value >= goals[category]) return [];
    return [`${category} is ${value ?? 'not known'}, and should be ${goals[category]}: ${lost.join('; ') || 'the report says why'}`];
  });
}
