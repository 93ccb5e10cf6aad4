/**
 * What no page may do while a test looks at it: log an error, throw, fail to load something, or ask another server.
 */
import type { BrowserContext } from '@playwright/test';

export class Faults {
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];

  /** Watches every page and worker of the context. */
  watch(context: BrowserContext, origin: string): void {
    context.on('console', (message) => {
      if (message.type() === 'error') this.#found.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#found.push(`thrown: ${error.error().stack ?? error.error().message}`));
    context.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol.startsWith('http') && asked !== origin) this.#found.push(`left the origin: ${request.url()}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.#found.push(`HTTP ${response.status()}: ${response.url()}`);
    });
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'failed';
      // Abandoned by the page itself: it was left, or the machine was reset.
      if (why !== 'net::ERR_ABORTED') this.#found.push(`${why}: ${request.url()}`);
    });
  }

  /** For a test that breaks something on purpose: faults that fit are not held against the page. */
  expect(fault: RegExp): void {
    this.#expected.push(fault);
  }

  /** What was found since the last call and was not expected. */
  take(): string[] {
    return this.#found.splice(0).filter((fault) => !this.#expected.some((expected) => expected.test(fault)));
  }
}
