import { expect, it } from 'vitest';
import { readRegistryRequest } from './registry-request.ts';

const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  ['/v2/', { kind: 'greeting', name: '', reference: '' }],
  ['/token?scope=repository%3Alibrary%2Fnginx%3Apull&service=registry.docker.io', { kind: 'token', name: 'library/nginx', reference: '' }],
  ['/token?account=me', { kind: 'token', name: '', reference: '' }],
  ['/v2/library/nginx/manifests/1.26?ns=docker.io', { kind: 'manifest', name: 'library/nginx', reference: '1.26' }],
  [`/v2/library/nginx/manifests/${digest}`, { kind: 'manifest', name: 'library/nginx', reference: digest }],
  [`/v2/a/b/c/blobs/${digest}`, { kind: 'blob', name: 'a/b/c', reference: digest }],
  [`/blobs/${digest}`, { kind: 'blob', name: '', reference: digest }],
  ['/v2/tools/blobs/uploads/', { kind: 'upload', name: 'tools', reference: '' }],
  ['/v2/library/nginx/tags/list?n=5', { kind: 'tags', name: 'library/nginx', reference: '' }],
  ['/v2/_catalog', { kind: 'catalog', name: '', reference: '' }],
  ['/v1/search?q=web+server', { kind: 'search', name: 'web server', reference: '' }],
  ['/v2/library/nginx/referrers/x', { kind: 'other', name: '', reference: '' }],
  ['//elsewhere/', { kind: 'other', name: '', reference: '' }],
])('reads what %s asks for', (target, expected) => {
  expect(readRegistryRequest(target)).toEqual(expected);
});
