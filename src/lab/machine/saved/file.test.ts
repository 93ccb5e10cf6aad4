import { describe, expect, it } from 'vitest';
import { newSessionId, readSessionFile, type SavedSession, sessionFileName, writeSessionFile } from './file.ts';

const image = new Blob(['the machine']);
const session: SavedSession = {
  id: newSessionId(),
  name: '第一次 “save”',
  kind: 'manual',
  page: 'containers/first-container',
  title: 'Your first container',
  savedAt: '2026-11-25T03:14:15.000Z',
  imageId: 'e26f15bb',
  bytes: image.size,
  exercise: { id: 'first-container', progress: { version: 1, done: { 'hello-world': '2026-11-25T03:00:00.000Z' }, hints: {} } },
};

describe('a session file', () => {
  it('comes back as it was written', async () => {
    const back = await readSessionFile(writeSessionFile(session, image));
    expect(back.session).toEqual(session);
    expect(await back.image.text()).toBe('the machine');
  });

  it('is refused when it is something else, cut, or labelled wrongly', async () => {
    const whole = writeSessionFile(session, image);
    const foreign = writeSessionFile({ ...session, id: '../x' }, image);
    for (const file of [new Blob(), new Blob(['{"format":"drydock-progress"}']), whole.slice(0, whole.size - 1), whole.slice(0, 30), foreign]) {
      await expect(readSessionFile(file)).rejects.toMatchObject({ kind: 'session-invalid' });
    }
  });

  it('is named after its lesson and time', () => {
    expect(sessionFileName(session)).toBe('drydock-first-container-2026-11-25-03-14.drydock');
    expect(sessionFileName({ ...session, page: '../..' })).toBe('drydock-machine-2026-11-25-03-14.drydock');
  });
});
