import { describe, expect, it } from 'vitest';
import { en } from '../../site/i18n/en.ts';
import { nameOf, type OpenTarget, readTarget } from './target.ts';

describe('readTarget', () => {
  it.each<[Record<string, unknown>, OpenTarget]>([
    [{ file: '/home/learner/web/Dockerfile' }, { kind: 'file', path: '/home/learner/web/Dockerfile' }],
    [{ file: '/etc/hosts', line: '12' }, { kind: 'file', path: '/etc/hosts', line: 12 }],
    [{ file: '/etc/hosts', line: 12 }, { kind: 'file', path: '/etc/hosts', line: 12 }],
    [{ terminal: true }, { kind: 'terminal', another: false }],
    [{ terminal: '' }, { kind: 'terminal', another: false }],
    [{ terminal: 'new' }, { kind: 'terminal', another: true }],
    [{ preview: '8080' }, { kind: 'preview', address: '8080' }],
    [{ preview: '8080/a/b?c=1' }, { kind: 'preview', address: '8080/a/b?c=1' }],
    [{ engine: 'requests' }, { kind: 'engine', view: 'requests' }],
  ])('reads %j', (attributes, target) => {
    expect(readTarget(attributes)).toEqual({ ok: true, target });
  });

  it.each<[Record<string, unknown>, string]>([
    [{}, 'it does not say what to open; add one of file='],
    [{ fiel: '/a' }, 'there is no attribute “fiel”; there are file, terminal, preview, engine, line'],
    [{ file: '/a', engine: 'events' }, 'names file and engine; write one <Open> for each'],
    [{ file: '~/web/Dockerfile' }, 'file="~/web/Dockerfile" is no full path of a file; write it from the root'],
    [{ file: '/home/learner/web/' }, 'is no full path of a file'],
    [{ file: '/home/../etc/hosts' }, 'is no full path of a file'],
    [{ file: '/home//hosts' }, 'is no full path of a file'],
    [{ file: true }, 'file="" is no full path of a file'],
    [{ file: '/a', line: '0' }, 'line="0" is no number of a line; write it such as line="3"'],
    [{ terminal: '', line: '3' }, '“line” belongs to a file; leave it out'],
    [{ terminal: 'other' }, 'terminal="other" says nothing; write “terminal” alone'],
    [{ preview: 'localhost:8080' }, 'preview="localhost:8080" is no port with or without a path'],
    [{ preview: '0' }, 'is no port'],
    [{ preview: '65536' }, 'is no port'],
    [{ preview: '8080 /x' }, 'is no port'],
    [{ engine: 'pictures' }, 'the engine’s panel has no tab “pictures”; name one of containers, images, events, requests, registry'],
  ])('says what is wrong with %j', (attributes, problem) => {
    const read = readTarget(attributes);
    expect(read.ok ? '' : read.problem).toContain(problem);
  });
});

describe('nameOf', () => {
  it('names a file of the learner as the lessons do', () => {
    expect(nameOf({ kind: 'file', path: '/home/learner/web/Dockerfile' }, en)).toEqual({ text: '~/web/Dockerfile', code: true });
    expect(nameOf({ kind: 'file', path: '/etc/hosts' }, en).text).toBe('/etc/hosts');
  });

  it('names what stands in the lab by its label there', () => {
    expect(nameOf({ kind: 'engine', view: 'requests' }, en)).toEqual({ text: en.engineRequests, code: false });
    expect(nameOf({ kind: 'terminal', another: true }, en).text).toBe(en.newTerminal);
  });
});
