/** Two TCP stacks of our own at the ends of a wire. */
import { ManualClock } from '../../shared/testing/manual-clock.ts';
import { parseIpv4 } from '../address.ts';
import type { Connection, ConnectionHandler } from '../connection.ts';
import { tcpSettings, type TcpSettings } from '../tcp/settings.ts';
import { TcpStack } from '../tcp/stack.ts';
import { randomFrom, type Random } from './random.ts';
import { perfect, Wire, type Faults } from './wire.ts';

export const addressA = parseIpv4('10.0.2.2');
export const addressB = parseIpv4('10.0.2.15');

export interface Stacks {
  clock: ManualClock;
  random: Random;
  wire: Wire;
  a: TcpStack;
  b: TcpStack;
  /** What listens on B. */
  listeners: Map<number, ConnectionHandler>;
  errors: unknown[];
}

export function joinStacks(options: { seed?: number; faults?: Faults; mtu?: number; settings?: Partial<TcpSettings>; initial?: number } = {}): Stacks {
  const clock = new ManualClock();
  const random = randomFrom(options.seed ?? 1);
  const wire = new Wire(clock, random, options.faults ?? perfect);
  const settings = { ...tcpSettings(clock, options.mtu ?? 1500), ...options.settings };
  const listeners = new Map<number, ConnectionHandler>();
  const errors: unknown[] = [];
  const number = (): number => options.initial ?? random.below(0xffffffff);
  const a: TcpStack = new TcpStack({
    settings,
    address: addressA,
    random: number,
    output: (_, segment) => wire.carry(() => b.input(addressA, segment)),
    handlerFor: () => undefined,
  });
  const b: TcpStack = new TcpStack({
    settings,
    address: addressB,
    random: number,
    output: (_, segment) => wire.carry(() => a.input(addressB, segment)),
    handlerFor: (port) => listeners.get(port),
    onHandlerError: (error) => errors.push(error),
  });
  return { clock, random, wire, a, b, listeners, errors };
}

/** Everything until the peer's end. */
export async function readAll(connection: Connection, pause?: () => Promise<void>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    pieces.push(bytes);
    await pause?.();
  }
  return joined(pieces);
}

/** Writes the bytes in pieces of random sizes. */
export async function writeInPieces(connection: Connection, bytes: Uint8Array, random: Random, largest = 20_000): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const size = random.chance(0.3) ? 1 + random.below(40) : 1 + random.below(largest);
    await connection.write(bytes.subarray(at, at + size));
    at += size;
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}

/** Where they differ first, or -1. The test runner's own comparison takes seconds for a megabyte. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) if (a[index] !== b[index]) return index;
  return -1;
}
