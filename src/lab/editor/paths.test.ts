import { describe, expect, it } from 'vitest';
import type { DirEntry } from '../../guest/files.ts';
import { baseName, decodeText, isTransient, isWithin, joinPath, languageFor, movedPath, nameProblem, parentOf, sortEntries } from './paths.ts';

const entry = (name: string, type: DirEntry['type'] = 'file'): DirEntry => ({ name, type, mode: 0o644, size: 0, modified: new Date(0) });

describe('names', () => {
  it('are refused with the reason', () => {
    expect(nameProblem('', [])).toBe('nameEmpty');
    expect(nameProblem('a/b', [])).toBe('nameSlash');
    expect(nameProblem('..', [])).toBe('nameDots');
    expect(nameProblem('船'.repeat(86), [])).toBe('nameLong');
    expect(nameProblem('app', ['app'])).toBe('nameTaken');
    expect(nameProblem('App', ['app'])).toBeUndefined();
  });

  it('of files that only live a moment are known', () => {
    expect(isTransient('.Dockerfile.drydock-a1B2c3')).toBe(true);
    expect(['Dockerfile', '.bashrc', '.drydock-notes', 'my.drydock-a1B2c3'].some(isTransient)).toBe(false);
  });
});

describe('paths', () => {
  it('are taken apart and joined', () => {
    expect(joinPath('/home/learner', 'a')).toBe('/home/learner/a');
    expect(joinPath('/', 'a')).toBe('/a');
    expect(baseName('/home/learner/a.txt')).toBe('a.txt');
    expect(parentOf('/home/learner')).toBe('/home');
    expect(parentOf('/home')).toBe('/');
  });

  it('move with their folder, and only with theirs', () => {
    expect(movedPath('/h/web/a', '/h/web', '/h/site')).toBe('/h/site/a');
    expect(movedPath('/h/web', '/h/web', '/h/site')).toBe('/h/site');
    expect(movedPath('/h/website/a', '/h/web', '/h/site')).toBe('/h/website/a');
    expect(isWithin('/h/website', '/h/web')).toBe(false);
    expect(isWithin('/h/web/x', '/h/web')).toBe(true);
  });
});

describe('sortEntries', () => {
  it('has folders first and numbers by value', () => {
    const sorted = sortEntries([entry('file10'), entry('.bashrc'), entry('zoo', 'directory'), entry('file9'), entry('App')]);
    expect(sorted.map(({ name }) => name)).toEqual(['zoo', 'App', '.bashrc', 'file9', 'file10']);
  });
});

describe('languageFor', () => {
  it('goes by the name', () => {
    expect(languageFor('/h/Dockerfile')).toBe('dockerfile');
    expect(languageFor('/h/Dockerfile.dev')).toBe('dockerfile');
    expect(languageFor('/h/compose.yaml')).toBe('yaml');
    expect(languageFor('/etc/docker/daemon.json')).toBe('json');
    expect(languageFor('/h/.bashrc')).toBe('shell');
    expect(languageFor('/h/notes')).toBe('plaintext');
  });

  it('goes by the first line where the name tells nothing', () => {
    expect(languageFor('/h/run', '#!/usr/bin/env python3')).toBe('python');
    expect(languageFor('/h/run', '#!/bin/sh -e')).toBe('shell');
    expect(languageFor('/h/run', 'sh')).toBe('plaintext');
  });
});

describe('decodeText', () => {
  it('reads UTF-8 and keeps a byte order mark', () => {
    expect(decodeText(new TextEncoder().encode('船坞\n'))).toBe('船坞\n');
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  });

  it('knows what is no text', () => {
    expect(decodeText(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0))).toBeUndefined();
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x41))).toBeUndefined();
  });
});
