import { describe, expect, it } from 'vitest';
import { channel, readFromFrame, readToFrame } from './messages.ts';

describe('messages of an embedded lab', () => {
  it('are read, without what is not part of them', () => {
    expect(readFromFrame({ channel, type: 'ready' })).toEqual({ channel, type: 'ready' });
    expect(readFromFrame({ channel, type: 'task', id: 'a', title: 'A', more: 1 })).toEqual({ channel, type: 'task', id: 'a', title: 'A' });
    const tasks = [{ id: 'a', title: 'A', done: true }];
    expect(readFromFrame({ channel, type: 'progress', tasks })).toEqual({ channel, type: 'progress', tasks });
    expect(readToFrame({ channel, type: 'theme', theme: 'dark' })).toEqual({ channel, type: 'theme', theme: 'dark' });
  });

  it('are ignored when they are anything else', () => {
    for (const data of [undefined, null, 'ready', {}, { channel: 'drydock-lab/2', type: 'ready' }, { channel, type: 'other' }, { channel, type: 'task', id: 1, title: '' }, { channel, type: 'progress', tasks: [{ id: 'a' }] }]) {
      expect(readFromFrame(data)).toBeUndefined();
    }
    for (const data of [null, { channel, type: 'theme', theme: 'pink' }, { channel, type: 'ready' }]) expect(readToFrame(data)).toBeUndefined();
  });
});
