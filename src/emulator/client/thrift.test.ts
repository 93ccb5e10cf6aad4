import { describe, expect, it } from 'vitest';
import { watchThrift, type Thrift, type ThriftSource } from './thrift.ts';

class FakeBattery extends EventTarget {
  charging = false;
  level = 1;

  become(charging: boolean, level: number): void {
    this.charging = charging;
    this.level = level;
    this.dispatchEvent(new Event('levelchange'));
  }
}

async function watch(source: ThriftSource): Promise<{ told: Thrift[]; stop: AbortController }> {
  const told: Thrift[] = [];
  const stop = new AbortController();
  watchThrift(source, (thrift) => told.push(thrift), stop.signal);
  await Promise.resolve();
  return { told, stop };
}

describe('watchThrift', () => {
  it('spares nothing where the browser tells nothing', async () => {
    expect((await watch({})).told).toEqual([{ data: false, power: false }]);
  });

  it('knows both ways to ask for less data', async () => {
    expect((await watch({ connection: { saveData: true } })).told).toEqual([{ data: true, power: false }]);
    expect((await watch({ matchMedia: (query) => ({ matches: query === '(prefers-reduced-data: reduce)' }) })).told).toEqual([{ data: true, power: false }]);
  });

  it('spares a battery that runs low, and follows it', async () => {
    const battery = new FakeBattery();
    const { told, stop } = await watch({ getBattery: async () => battery });
    battery.become(false, 0.2);
    battery.become(true, 0.2);
    expect(told.map(({ power }) => power)).toEqual([false, false, true, false]);
    stop.abort();
    battery.become(false, 0.1);
    expect(told).toHaveLength(4);
  });

  it('takes a refusal for not knowing', async () => {
    expect((await watch({ getBattery: () => Promise.reject(new Error('not allowed')) })).told).toEqual([{ data: false, power: false }]);
  });
});
