import { describe, expect, it } from 'vitest';
import type { WorkerLike } from '../../emulator/client/machine-client.ts';
import { DrydockError, serializeError } from '../../shared/errors.ts';
import { labState, withSpare } from './emulator.ts';

describe('labState', () => {
  it('keeps the bytes of a download', () => {
    expect(labState({ phase: 'loading', what: 'state', receivedBytes: 5, totalBytes: 9 })).toEqual({ kind: 'loading', receivedBytes: 5, totalBytes: 9 });
  });

  it('brings the error of a failure back', () => {
    const error = serializeError(new DrydockError('manifest-missing', { url: '/vm/manifest.json', reason: '404' }));
    const state = labState({ phase: 'failed', error, retryable: true });
    expect(state).toMatchObject({ kind: 'failed', retryable: true, error: { code: 'DD1003' } });
  });

  it('names the others as they are', () => {
    expect(labState({ phase: 'running' })).toEqual({ kind: 'running' });
    expect(labState({ phase: 'stopped', how: 'host' })).toEqual({ kind: 'stopped' });
  });
});

describe('withSpare', () => {
  const worker = (): WorkerLike => ({ postMessage() {}, terminate() {}, onmessage: null, onmessageerror: null, onerror: null });

  it('has the first worker made before it is asked for, and each later one then', () => {
    const made: WorkerLike[] = [];
    const next = withSpare(() => made[made.push(worker()) - 1] ?? worker());
    expect(made).toHaveLength(1);
    expect(next()).toBe(made[0]);
    expect(made).toHaveLength(1);
    expect(next()).toBe(made[1]);
  });

  it('hands out no worker that could not be loaded', () => {
    const made: WorkerLike[] = [];
    const next = withSpare(() => made[made.push(worker()) - 1] ?? worker());
    Reflect.apply(made[0]?.onerror ?? (() => {}), made[0], [new Event('error')]);
    expect(next()).toBe(made[1]);
  });
});
