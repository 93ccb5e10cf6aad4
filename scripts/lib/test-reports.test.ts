import { expect, test } from 'vitest';
import { readPlaywrightReport, readVitestReport } from './test-reports.ts';

test('a report of vitest names the failed test, its file and the reason without colours', () => {
  const report = {
    numPassedTests: 1,
    testResults: [{
      name: '/checkout/a.test.ts', status: 'failed', message: '',
      assertionResults: [
        { fullName: 'group one', ancestorTitles: ['group'], status: 'passed', failureMessages: [] },
        { fullName: 'group two', ancestorTitles: ['group'], status: 'failed', failureMessages: ['\u001b[31mError: no\u001b[39m\n\n    at here'] },
        { fullName: 'group three', ancestorTitles: ['group'], status: 'pending', failureMessages: [] },
      ],
    }],
  };
  expect(readVitestReport(report)).toEqual({
    passed: 1,
    failures: [
      { test: '/checkout/a.test.ts › group two', reason: 'Error: no\n    at here' },
      { test: '/checkout/a.test.ts › group three', reason: 'pending' },
    ],
  });
});

test('a file that vitest could not load is a failure', () => {
  const report = { numPassedTests: 0, testResults: [{ name: 'b.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }] };
  expect(readVitestReport(report)).toEqual({ passed: 0, failures: [{ test: 'b.test.ts', reason: 'SyntaxError' }] });
});

test('a report of Playwright is read through its groups, skipped and flaky tests are failures', () => {
  const spec = (title: string, status: string, message?: string) => ({
    title, file: 'c.spec.ts', tests: [{ status, results: [{ status: 'any', error: message === undefined ? undefined : { message } }] }],
  });
  const report = {
    suites: [{
      title: 'c.spec.ts',
      specs: [spec('works', 'expected'), spec('breaks', 'unexpected', 'Error: nothing there')],
      suites: [{ title: 'group', specs: [spec('waits', 'skipped'), spec('wavers', 'flaky')] }],
    }],
    errors: [{ message: 'no server' }],
  };
  expect(readPlaywrightReport(report)).toEqual({
    passed: 1,
    failures: [
      { test: '(outside of a test)', reason: 'no server' },
      { test: 'c.spec.ts › breaks', reason: 'Error: nothing there' },
      { test: 'c.spec.ts › group › waits', reason: 'skipped' },
      { test: 'c.spec.ts › group › wavers', reason: 'flaky' },
    ],
  });
});

test('what is no report is refused', () => {
  expect(() => readVitestReport({})).toThrow();
  expect(() => readPlaywrightReport([])).toThrow();
});
