import { describe, expect, it } from 'vitest';
import { DrydockError, serializeError } from '../../shared/errors.ts';
import { labState } from './emulator.ts';

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
