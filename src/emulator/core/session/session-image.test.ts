import { describe, expect, it } from 'vitest';
import { pageBytes } from '../memory/page-map.ts';
import { randomBytes } from '../testing/random.ts';
import { packSession, unpackSession, type SessionImage } from './session-image.ts';

const image: SessionImage = {
  imageId: 'e26f15bbe47c30f4b781a600e131682a',
  state: Uint8Array.of(1, 2, 3, 4, 5).buffer,
  memory: { pages: Uint32Array.of(7, 131_071), bytes: new Uint8Array(2 * pageBytes).fill(9, pageBytes) },
};

describe('a packed session', () => {
  it('comes back as it was', async () => {
    const back = await unpackSession(await packSession(image));
    expect(back.imageId).toBe(image.imageId);
    expect([...new Uint8Array(back.state)]).toEqual([1, 2, 3, 4, 5]);
    expect([...back.memory.pages]).toEqual([7, 131_071]);
    expect(back.memory.bytes).toEqual(image.memory.bytes);
  });

  it('may be of a machine that differs in nothing but its state', async () => {
    const back = await unpackSession(await packSession({ ...image, memory: { pages: new Uint32Array(), bytes: new Uint8Array() } }));
    expect(back.memory.pages).toHaveLength(0);
  });

  it('is refused when it is cut, damaged or something else', async () => {
    const packed = await packSession({ ...image, memory: { pages: Uint32Array.of(1), bytes: randomBytes(pageBytes, 1) } });
    const damaged = new Uint8Array(await packed.arrayBuffer());
    damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff;
    for (const file of [packed.slice(0, packed.size - 20), new Blob([damaged]), new Blob(['not a session']), new Blob([])]) {
      await expect(unpackSession(file)).rejects.toMatchObject({ kind: 'session-invalid' });
    }
  });
});
