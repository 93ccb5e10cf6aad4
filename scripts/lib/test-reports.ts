/**
 * What the test runners say of themselves in their JSON reports, as counts and as a list of what failed.
 *
 * The list is printed once more after the last test: a runner tells of a failure where it happens, which in a run of an
 * hour is far above the last line, and cut off where only the end of a log is kept.
 */
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

export interface Failure {
  /** File, then the names of the groups and of the test. */
  readonly test: string;
  /** The first lines of why, without colours. Empty where the runner gave no reason. */
  readonly reason: string;
}

export interface TestReport {
  readonly passed: number;
  /** A skipped test is a defect here, and one of them. */
  readonly failures: readonly Failure[];
}

/** What the reporter "json" of vitest writes, as far as it is read here. */
export const vitestReport = z.object({
  numPassedTests: z.number(),
  testResults: z.array(z.object({
    name: z.string().describe('Path of the file'),
    status: z.string(),
    message: z.string().default(''),
    assertionResults: z.array(z.object({
      fullName: z.string(),
      ancestorTitles: z.array(z.string()).describe('Groups, the outermost first'),
      status: z.string(),
      duration: z.number().nullish().describe('Milliseconds'),
      failureMessages: z.array(z.string()).nullish(),
    })),
  })),
});

/** Reads the report of vitest's reporter "json". Throws where it is none. */
export function readVitestReport(report: unknown): TestReport {
  const { numPassedTests, testResults } = vitestReport.parse(report);
  const failures = testResults.flatMap((file) => {
    const tests = file.assertionResults
      .filter((test) => test.status !== 'passed')
      .map((test) => failure(`${file.name} › ${test.fullName}`, test.failureMessages?.[0] ?? test.status));
    // A file that cannot even be loaded has no failed test, only a failed suite.
    return tests.length === 0 && file.status === 'failed' ? [failure(file.name, file.message)] : tests;
  });
  return { passed: numPassedTests, failures };
}

const playwrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(z.object({
    status: z.string(),
    results: z.array(z.object({ status: z.string(), error: z.object({ message: z.string().optional() }).optional() })),
  })),
});

interface PlaywrightSuite {
  title: string;
  specs: z.infer<typeof playwrightSpec>[];
  suites?: PlaywrightSuite[] | undefined;
}

const playwrightSuite: z.ZodType<PlaywrightSuite> = z.lazy(() => z.object({
  title: z.string(),
  specs: z.array(playwrightSpec),
  suites: z.array(playwrightSuite).optional(),
}));

const playwrightReport = z.object({ suites: z.array(playwrightSuite), errors: z.array(z.object({ message: z.string().optional() })).default([]) });

/** Reads the report of Playwright's reporter "json". Throws where it is none. */
export function readPlaywrightReport(report: unknown): TestReport {
  const { suites, errors } = playwrightReport.parse(report);
  const failures = errors.map((error) => failure('(outside of a test)', error.message ?? ''));
  let passed = 0;
  const walk = (suite: PlaywrightSuite, groups: readonly string[]): void => {
    for (const spec of suite.specs) {
      for (const test of spec.tests) {
        if (test.status === 'expected') passed++;
        else failures.push(failure([spec.file, ...groups, spec.title].join(' › '), test.results.at(-1)?.error?.message ?? test.status));
      }
    }
    for (const inner of suite.suites ?? []) walk(inner, [...groups, inner.title]);
  };
  for (const suite of suites) walk(suite, []);
  return { passed, failures };
}

const reasonLines = 6;

function failure(test: string, message: string): Failure {
  return { test, reason: stripVTControlCharacters(message).split('\n').filter((line) => line.trim() !== '').slice(0, reasonLines).join('\n') };
}
