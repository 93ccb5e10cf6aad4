import { describe, expect, it } from 'vitest';
import type { Connection } from '../connection.ts';
import { addressB, firstDifference, joinStacks, readAll, writeInPieces, type Stacks } from '../testing/stacks.ts';

const port = 80;
const echo = async (connection: Connection): Promise<void> => {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) await connection.write(bytes);
};

async function exchange(stacks: Stacks, sent: Uint8Array): Promise<Uint8Array> {
  const connection = await stacks.a.open(addressB, port, { timeout: 1e9 });
  const writing = writeInPieces(connection, sent, stacks.random).then(() => connection.end());
  const received = await readAll(connection);
  await writing;
  return received;
}

/** Nothing is left: no connection, no timer. */
async function expectNothingLeft({ clock, a, b }: Stacks): Promise<void> {
  await clock.advance(900_000);
  expect([a.connections, b.connections, clock.timers]).toEqual([0, 0, 0]);
}

describe('a connection', () => {
  it('carries bytes both ways and ends in both directions', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, echo);
    const sent = stacks.random.bytes(300_000);
    const received = await stacks.clock.until(exchange(stacks, sent));
    expect(firstDifference(received, sent)).toBe(-1);
    await expectNothingLeft(stacks);
  });

  it('knows both ends', async () => {
    const stacks = joinStacks();
    let accepted: Connection | undefined;
    stacks.listeners.set(port, async (connection) => void (accepted = connection));
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    await stacks.clock.advance(10);
    expect(connection.remote).toEqual({ address: '10.0.2.15', port });
    expect(accepted?.remote).toEqual(connection.local);
    expect(accepted?.local).toEqual(connection.remote);
  });

  it('goes on in one direction after the other has ended', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, async (connection) => {
      const question = await readAll(connection);
      for (let count = 0; count < 50; count += 1) await connection.write(question);
    });
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    const answer = (async () => {
      await connection.write(Uint8Array.of(1, 2, 3));
      await connection.end();
      return readAll(connection);
    })();
    expect(await stacks.clock.until(answer)).toHaveLength(150);
    await expectNothingLeft(stacks);
  });

  it('survives the wrap of sequence numbers', async () => {
    const stacks = joinStacks({ initial: 0xffff_ff00 });
    stacks.listeners.set(port, echo);
    const sent = stacks.random.bytes(100_000);
    expect(firstDifference(await stacks.clock.until(exchange(stacks, sent)), sent)).toBe(-1);
  });

  it('writes no more than fits until the other side reads', async () => {
    const stacks = joinStacks();
    const gate = Promise.withResolvers<void>();
    let received = 0;
    stacks.listeners.set(port, async (connection) => {
      await gate.promise;
      received = (await readAll(connection)).length;
    });
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    let written = 0;
    const writing = (async () => {
      for (; written < 4_000_000; written += 10_000) await connection.write(new Uint8Array(10_000));
      await connection.end();
    })();
    await stacks.clock.advance(120_000);
    // What both buffers hold, and not a byte more.
    expect(written).toBeGreaterThan(1_000_000);
    expect(written).toBeLessThan(1_100_000);
    gate.resolve();
    await stacks.clock.until(writing);
    await stacks.clock.advance(5000);
    expect(received).toBe(4_000_000);
    await expectNothingLeft(stacks);
  });

  it('finds out that a closed window has opened although the news of it was lost', async () => {
    const stacks = joinStacks();
    const gate = Promise.withResolvers<void>();
    let received = 0;
    stacks.listeners.set(port, async (connection) => {
      await gate.promise;
      received = (await readAll(connection)).length;
    });
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    const writing = connection.write(new Uint8Array(1_500_000)).then(() => connection.end());
    await stacks.clock.advance(20_000);
    stacks.wire.faults = { ...stacks.wire.faults, drop: 1 };
    gate.resolve();
    await stacks.clock.advance(3);
    stacks.wire.faults = { ...stacks.wire.faults, drop: 0 };
    await stacks.clock.until(writing);
    await stacks.clock.advance(5000);
    expect(received).toBe(1_500_000);
  });

  it('spends one acknowledgement on a burst', async () => {
    const stacks = joinStacks({ faults: { drop: 0, duplicate: 0, reorder: 0, delay: 0 } });
    stacks.listeners.set(port, async (connection) => void (await readAll(connection)));
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    const before = stacks.wire.carried;
    await stacks.clock.until(connection.write(new Uint8Array(400_000)).then(() => connection.end()));
    const dataSegments = 400_000 / 1460;
    expect(stacks.wire.carried - before).toBeLessThan(dataSegments * 2);
  });
});

describe('refusing and breaking off', () => {
  it('refuses a port where nothing listens', async () => {
    const stacks = joinStacks();
    await expect(stacks.clock.until(stacks.a.open(addressB, 81))).rejects.toMatchObject({ fault: 'refused' });
    await expectNothingLeft(stacks);
  });

  it('gives up where nobody answers, at the time that was asked for', async () => {
    const stacks = joinStacks({ faults: { drop: 1, duplicate: 0, reorder: 0, delay: 1 } });
    await expect(stacks.clock.until(stacks.a.open(addressB, port, { timeout: 3000 }))).rejects.toMatchObject({ fault: 'timeout' });
    expect(stacks.clock.now()).toBe(3000);
    await expectNothingLeft(stacks);
  });

  it('stops opening when the signal fires', async () => {
    const stacks = joinStacks({ faults: { drop: 1, duplicate: 0, reorder: 0, delay: 1 } });
    const abort = new AbortController();
    const reason = new Error('enough');
    const opening = stacks.a.open(addressB, port, { signal: abort.signal });
    stacks.clock.after(50, () => abort.abort(reason));
    await expect(stacks.clock.until(opening)).rejects.toBe(reason);
    await expectNothingLeft(stacks);
  });

  it('says "reset" to the other side of an abort, after what had come before', async () => {
    const stacks = joinStacks();
    let accepted: Connection | undefined;
    const gate = Promise.withResolvers<void>();
    stacks.listeners.set(port, (connection) => {
      accepted = connection;
      return gate.promise;
    });
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    await connection.write(Uint8Array.of(7));
    await stacks.clock.advance(100);
    connection.abort();
    await expect(connection.read()).rejects.toMatchObject({ fault: 'aborted' });
    await expect(connection.write(Uint8Array.of(1))).rejects.toMatchObject({ fault: 'aborted' });
    await stacks.clock.advance(100);
    expect(await accepted?.read()).toEqual(Uint8Array.of(7));
    await expect(accepted?.read()).rejects.toMatchObject({ fault: 'reset' });
    await expect(accepted?.end()).rejects.toMatchObject({ fault: 'reset' });
    gate.resolve();
    await expectNothingLeft(stacks);
  });

  it('breaks off what its handler fails at, and reports it', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, () => Promise.reject(new Error('broken')));
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    await expect(stacks.clock.until(connection.read())).rejects.toMatchObject({ fault: 'reset' });
    expect(stacks.errors).toEqual([new Error('broken')]);
    await expectNothingLeft(stacks);
  });

  it('does not keep what its handler is done with, even if the peer never ends', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, async (connection) => connection.write(Uint8Array.of(1)));
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    expect(await stacks.clock.until(readAll(connection))).toEqual(Uint8Array.of(1));
    await expectNothingLeft(stacks);
    await expect(connection.write(Uint8Array.of(1))).rejects.toMatchObject({ fault: 'reset' });
  });

  it('gives up a peer that has fallen silent', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, async (connection) => void (await readAll(connection)));
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    await stacks.clock.advance(3_600_000);
    stacks.wire.faults = { ...stacks.wire.faults, drop: 1 };
    await connection.write(Uint8Array.of(1));
    await expect(stacks.clock.until(connection.read())).rejects.toMatchObject({ fault: 'timeout' });
  });

  it('finds out that an idle peer knows nothing of the connection any more', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, async (connection) => void (await connection.read()));
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    await stacks.clock.advance(10);
    stacks.wire.faults = { ...stacks.wire.faults, drop: 1 };
    connection.abort();
    await stacks.clock.advance(1000);
    stacks.wire.faults = { ...stacks.wire.faults, drop: 0 };
    expect(stacks.b.connections).toBe(1);
    await expectNothingLeft(stacks);
    expect(stacks.errors).toMatchObject([{ fault: 'reset' }]);
  });

  it('does not give up a peer that only stood still', async () => {
    const stacks = joinStacks();
    stacks.listeners.set(port, echo);
    const connection = await stacks.clock.until(stacks.a.open(addressB, port));
    stacks.wire.faults = { ...stacks.wire.faults, drop: 1 };
    await connection.write(Uint8Array.of(1));
    await stacks.clock.advance(240_000);
    stacks.wire.faults = { ...stacks.wire.faults, drop: 0 };
    expect(await stacks.clock.until(connection.read())).toEqual(Uint8Array.of(1));
  });

  it('refuses what is beyond the number of connections', async () => {
    const stacks = joinStacks({ settings: { connections: 3 } });
    stacks.listeners.set(port, echo);
    await stacks.clock.until(Promise.all([1, 2, 3].map(() => stacks.a.open(addressB, port))));
    await expect(stacks.a.open(addressB, port)).rejects.toMatchObject({ fault: 'refused' });
  });

  it('forgets what has ended early rather than refuse what begins', async () => {
    const stacks = joinStacks({ settings: { connections: 3 } });
    stacks.listeners.set(port, echo);
    for (let count = 0; count < 10; count += 1) expect(await stacks.clock.until(exchange(stacks, Uint8Array.of(count)))).toEqual(Uint8Array.of(count));
  });
});

describe('a bad wire', () => {
  const rates = [0.01, 0.05, 0.1];
  const cases = rates.flatMap((rate) => [1, 2, 3, 4].map((seed) => ({ rate, seed })));

  it.each(cases)('loses and doubles nothing, $rate of the frames dropped, doubled, reordered (seed $seed)', async ({ rate, seed }) => {
    const stacks = joinStacks({ seed, mtu: seed % 2 === 0 ? 1500 : 576, faults: { drop: rate, duplicate: rate, reorder: rate, delay: seed } });
    stacks.listeners.set(port, echo);
    const sent = stacks.random.bytes(200_000 + stacks.random.below(300_000));
    const received = await stacks.clock.until(exchange(stacks, sent));
    expect(received.length).toBe(sent.length);
    expect(firstDifference(received, sent)).toBe(-1);
    await expectNothingLeft(stacks);
  });

  it.each([9, 42, 66])('lets small buffers fill and empty in both directions under loss (seed %i)', async (seed) => {
    const stacks = joinStacks({ seed, mtu: seed === 42 ? 9000 : 1500, settings: { bufferBytes: 7700, windowScale: 2 }, faults: { drop: 0.1, duplicate: 0.1, reorder: 0.1, delay: 2 } });
    stacks.listeners.set(port, echo);
    const pause = (): Promise<void> => new Promise((resolve) => void stacks.clock.after(stacks.random.below(200), resolve));
    const sent = stacks.random.bytes(100_000);
    const connection = await stacks.clock.until(stacks.a.open(addressB, port, { timeout: 1e9 }));
    const writing = writeInPieces(connection, sent, stacks.random, 5000).then(() => connection.end());
    const received = await stacks.clock.until(readAll(connection, pause));
    await stacks.clock.until(writing);
    expect(firstDifference(received, sent)).toBe(-1);
    await expectNothingLeft(stacks);
  });
});

describe('a thousand connections', () => {
  it('leave nothing behind, whoever ends first', async () => {
    const stacks = joinStacks({ faults: { drop: 0.02, duplicate: 0.02, reorder: 0.05, delay: 1 } });
    stacks.listeners.set(80, echo);
    stacks.listeners.set(81, async (connection) => connection.write(Uint8Array.of(1)));
    stacks.listeners.set(82, async (connection) => connection.abort());
    const one = async (index: number): Promise<void> => {
      const to = 80 + (index % 3);
      try {
        const connection = await stacks.a.open(addressB, to, { timeout: 1e9 });
        if (index % 7 === 0) {
          connection.abort();
          return;
        }
        await connection.write(stacks.random.bytes(1 + stacks.random.below(3000)));
        await Promise.all([connection.end(), readAll(connection)]);
      } catch (error) {
        if (to !== 82 && index % 3 === 0) throw error;
      }
    };
    for (let begun = 0; begun < 1000; begun += 50) {
      await stacks.clock.until(Promise.all(Array.from({ length: 50 }, (_, index) => one(begun + index))));
    }
    await expectNothingLeft(stacks);
  });
});
