import { describe, expect, it } from 'vitest';
import { eventHappening, registryHappening } from './tell.ts';

const event = (action: string, attributes: Record<string, string>) => ({ Type: 'container', Action: action, Actor: { ID: 'a'.repeat(64), Attributes: attributes }, timeNano: 1 });

describe('eventHappening', () => {
  it('is type and action, without the command that some actions carry', () => {
    expect(eventHappening(event('start', { name: 'web' }), false)).toEqual({ what: 'container start', name: 'web' });
    expect(eventHappening(event('exec_create: sh -c ls', { name: 'web' }), false).what).toBe('container exec_create');
  });

  it('tells the start of one that had ended from a first one, and nothing else', () => {
    expect(eventHappening(event('start', { name: 'web' }), true).what).toBe('container start again');
    expect(eventHappening(event('die', { name: 'web' }), true).what).toBe('container die');
  });

  it('names by id what has no name', () => {
    expect(eventHappening(event('destroy', {}), false).name).toBe('aaaaaaaaaaaa');
  });
});

describe('registryHappening', () => {
  it('is about an image, or nothing', () => {
    expect(registryHappening({ path: '/v2/library/nginx/manifests/latest' })).toEqual({ what: 'registry', name: 'library/nginx' });
    expect(registryHappening({ path: '/v2/shop/web/blobs/sha256:1' })?.name).toBe('shop/web');
    expect(registryHappening({ path: '/v2/' })).toBeUndefined();
  });
});
