/** Playwright's `test` with a lab to share: one page and one machine for all tests of a file. */
import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { Faults } from './faults.ts';
import { LabPage } from './lab.ts';
import { siteOrigin } from './origin.ts';

export { expect };

interface Fixtures {
  /** What the test's own page did wrong; checked at its end. */
  faults: Faults;
}

/** The page of a test that has one of its own, on the site, under watch. */
export const test = base.extend<Fixtures>({
  faults: [
    async ({ context }, use) => {
      const faults = new Faults();
      faults.watch(context, siteOrigin());
      await use(faults);
      expect(faults.take(), 'what the page did wrong').toEqual([]);
    },
    { auto: true },
  ],
});

export interface Shared {
  readonly page: Page;
  readonly lab: LabPage;
  readonly faults: Faults;
  readonly context: BrowserContext;
}

export interface SharedOptions extends BrowserContextOptions {
  /** Path of the page, such as `/en/containers/first-container/`. */
  readonly path: string;
  readonly origin?: () => string;
  /** Called before the page is opened, for example to break something. */
  readonly before?: (shared: Shared) => Promise<void>;
}

/**
 * Opens a page before the first test of the file and keeps it for all of them, which run in order; each test fails
 * for whatever the page did wrong meanwhile. Call it once, at the top of the file.
 */
export function shareLab({ path, origin = siteOrigin, before, ...options }: SharedOptions): () => Shared {
  let shared: Shared | undefined;
  test.describe.configure({ mode: 'serial' });
  test.beforeAll(async ({ browser }) => {
    shared = await open(browser, origin(), options);
    await before?.(shared);
    await shared.page.goto(`${origin()}${path}`);
  });
  test.afterEach(() => {
    expect(shared?.faults.take() ?? [], 'what the page did wrong').toEqual([]);
  });
  test.afterAll(async () => {
    await shared?.context.close();
  });
  return () => {
    if (shared === undefined) throw new Error('there is no page outside of the tests');
    return shared;
  };
}

async function open(browser: Browser, origin: string, options: BrowserContextOptions): Promise<Shared> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const faults = new Faults();
  faults.watch(context, origin);
  const page = await context.newPage();
  return { context, page, faults, lab: new LabPage(page) };
}
