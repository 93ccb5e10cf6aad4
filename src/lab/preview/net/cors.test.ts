import { describe, expect, it } from 'vitest';
import { answerFault, type CorsRequest, exposedHeaders, needsPreflight, preflightFault } from './cors.ts';

const origin = 'http://localhost:8080';
const request = (more: Partial<CorsRequest> = {}): CorsRequest => ({ method: 'GET', headers: [], credentials: 'same-origin', ...more });
const allow = ['Access-Control-Allow-Origin', origin] as const;

describe('needsPreflight', () => {
  it('is asked for what a form could not send', () => {
    expect(needsPreflight(request({ method: 'POST', headers: [['Content-Type', 'text/plain; charset=utf-8']] }))).toBe(false);
    expect(needsPreflight(request({ method: 'POST', headers: [['Content-Type', 'application/json']] }))).toBe(true);
    expect(needsPreflight(request({ method: 'DELETE' }))).toBe(true);
    expect(needsPreflight(request({ headers: [['X-Token', '1']] }))).toBe(true);
  });
});

describe('answerFault', () => {
  it('wants the origin, or anybody without cookies', () => {
    expect(answerFault({ headers: [] }, origin, request())).toContain('no Access-Control-Allow-Origin');
    expect(answerFault({ headers: [['access-control-allow-origin', '*']] }, origin, request())).toBeUndefined();
    expect(answerFault({ headers: [['access-control-allow-origin', '*']] }, origin, request({ credentials: 'include' }))).toContain('“*”');
    expect(answerFault({ headers: [allow] }, origin, request({ credentials: 'include' }))).toContain('Credentials');
    expect(answerFault({ headers: [allow, ['Access-Control-Allow-Credentials', 'true']] }, origin, request({ credentials: 'include' }))).toBeUndefined();
    expect(answerFault({ headers: [['Access-Control-Allow-Origin', 'http://localhost']] }, origin, request())).toContain('not http://localhost:8080');
  });
});

describe('preflightFault', () => {
  const put = request({ method: 'PUT', headers: [['X-A', '1'], ['Authorization', 'x']] });
  it('wants method and headers named', () => {
    const answer = (headers: [string, string][], status = 204) => preflightFault({ status, headers: [[...allow], ...headers] }, origin, put);
    expect(answer([], 405)).toContain('405');
    expect(answer([])).toContain('PUT');
    expect(answer([['Access-Control-Allow-Methods', 'GET, PUT']])).toContain('authorization');
    expect(answer([['Access-Control-Allow-Methods', '*'], ['Access-Control-Allow-Headers', '*']])).toContain('authorization');
    expect(answer([['Access-Control-Allow-Methods', '*'], ['Access-Control-Allow-Headers', '*, Authorization']])).toBeUndefined();
  });
});

it('shows the headers that were named', () => {
  const headers: [string, string][] = [['Content-Type', 'x'], ['X-Secret', '1'], ['X-Total', '2'], ['Access-Control-Expose-Headers', 'X-Total']];
  expect(exposedHeaders(headers, 'omit').map(([name]) => name)).toEqual(['Content-Type', 'X-Total']);
});
