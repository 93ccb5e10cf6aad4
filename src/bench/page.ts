/** The benchmark page's script: runs the benchmark in this browser and fills its column of the table. */
import { MachineClient } from '../emulator/client/machine-client.ts';
import { describeError } from '../shared/errors.ts';
import { fillTemplate, type Locale } from '../shared/locale.ts';
import { measure, type BenchStep } from './measure.ts';
import type { BenchResult } from './result.ts';
import { benchRows } from './rows.ts';
import { benchStrings, type BenchStrings } from './strings.ts';

class DrydockBenchmark extends HTMLElement {
  #running: AbortController | undefined;

  connectedCallback(): void {
    this.#part('start').addEventListener('click', () => void this.#run());
    this.#part('stop').addEventListener('click', () => this.#running?.abort());
    this.#part('controls').hidden = false;
  }

  get #locale(): Locale {
    return this.dataset['locale'] === 'zh-cn' ? 'zh-cn' : 'en';
  }

  get #strings(): BenchStrings {
    return benchStrings[this.#locale];
  }

  async #run(): Promise<void> {
    const strings = this.#strings;
    const running = new AbortController();
    this.#running = running;
    this.#show(undefined);
    this.#busy(true);
    try {
      const result = await measure({
        client: new MachineClient(),
        manifestUrl: this.dataset['manifest'] ?? '',
        signal: running.signal,
        onStep: (step: BenchStep) => this.#say(fillTemplate(strings.measuring, { what: strings[step].replaceAll('`', '') })),
      });
      this.#show(result);
      this.#say(strings.done);
    } catch (error) {
      const { code, title, why, action } = describeError(error, this.#locale);
      this.#say(running.signal.aborted ? strings.stopped : `${title} (${code}). ${why} ${action}`);
    } finally {
      this.#busy(false);
    }
  }

  #busy(busy: boolean): void {
    this.dataset['state'] = busy ? 'busy' : 'idle';
    this.#part('start').hidden = busy;
    this.#part('stop').hidden = !busy;
  }

  #say(text: string): void {
    this.#part('status').textContent = text;
  }

  /** @param result `undefined` takes the figures of the run before away */
  #show(result: BenchResult | undefined): void {
    for (const { id, value } of benchRows(result, this.#strings, this.#locale)) this.#part(`value-${id}`).textContent = value;
    this.#part('raw').hidden = result === undefined;
    this.#part('json').textContent = result === undefined ? '' : JSON.stringify(result, undefined, 2);
  }

  #part(name: string): HTMLElement {
    const part = this.querySelector<HTMLElement>(`[data-bench="${name}"]`);
    if (part === null) throw new TypeError(`The benchmark's page has no ${name}`);
    return part;
  }
}

customElements.define('drydock-benchmark', DrydockBenchmark);
