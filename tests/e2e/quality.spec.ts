/**
 * What Lighthouse asks of a page beside axe (a11y.spec.ts) and speed: its audits for SEO and best practices, by hand, since
 * it is no dependency of ours; and the budget for the script of a lesson.
 */
import { gzipSync } from 'node:zlib';
import { expect, test } from './support/test.ts';

/** Bytes, gzip: script that a lesson loads before its engine starts. */
const scriptBudget = 150_000;

const pages = ['/', '/containers/first-container/', '/sandbox/', '/benchmark/', '/registry/', '/progress/', '/glossary/', '/authoring/', '/reference/'];

/** Words that say nothing about where a link leads; from Lighthouse's list, in our two languages. */
const emptyLinkTexts = ['click here', 'click this', 'go', 'here', 'information', 'learn more', 'more', 'more info', 'more information', 'right here', 'read more', 'see more', 'start', 'this', '更多', '点击这里', '点击此处', '详情', '这里'];

for (const locale of ['en', 'zh-cn'] as const) {
  for (const path of pages) {
    test(`/${locale}${path} is as search engines and browsers want it`, async ({ page }) => {
      await page.route('**/vm/manifest.json', () => {});
      const response = await page.goto(`/${locale}${path}`);
      expect(response?.headers()['x-robots-tag']).toBeUndefined();
      const found = await page.evaluate(() => {
        const meta = (name: string): string | null => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null;
        return {
          doctype: document.doctype?.name,
          mode: document.compatMode,
          charset: document.characterSet,
          language: document.documentElement.lang,
          title: document.title,
          description: meta('description'),
          robots: meta('robots'),
          viewport: meta('viewport'),
          canonical: [...document.querySelectorAll<HTMLLinkElement>('link[rel=canonical]')].map((link) => link.getAttribute('href')),
          alternates: [...document.querySelectorAll<HTMLLinkElement>('link[rel=alternate][hreflang]')].map((link) => [link.hreflang, link.getAttribute('href')]),
          headings: [...document.querySelectorAll('h1')].map((heading) => heading.textContent?.trim()),
          anchors: [...document.querySelectorAll('a')].map((anchor) => [anchor.getAttribute('href'), anchor.textContent?.trim() || anchor.getAttribute('aria-label') || anchor.title]),
          sheets: [...document.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')].map(({ href }) => href),
          images: [...document.images].map((image) => ({ alt: image.getAttribute('alt'), ratio: image.naturalWidth / image.naturalHeight / (image.width / image.height) })),
        };
      });
      expect(found).toMatchObject({ doctype: 'html', mode: 'CSS1Compat', charset: 'UTF-8', language: locale === 'en' ? 'en' : 'zh-CN', robots: null });
      expect(found.viewport).toContain('width=device-width');
      expect(found.viewport).not.toMatch(/user-scalable=(?:no|0)|maximum-scale=[1-4]\b/);
      expect(found.title.trim()).not.toBe('');
      expect(found.description?.trim() ?? '').not.toBe('');
      expect(found.headings).toHaveLength(1);
      // Only a site that knows its address can name the others; then they must be whole addresses.
      expect(found.canonical.length).toBeLessThanOrEqual(1);
      for (const href of [...found.canonical, ...found.alternates.map(([, target]) => target)]) expect(href).toMatch(/^https?:\/\//);
      for (const [href, text] of found.anchors) {
        expect(href, `the address of “${text ?? ''}”`).toMatch(/^(?:\/|#|\.|https?:|mailto:)/);
        expect(text, `the text of the link to ${href ?? ''}`).toBeTruthy();
        expect(emptyLinkTexts).not.toContain(text?.toLowerCase());
        // Starlight's own word for the links beside headings, in pages that it takes for English.
        if (locale !== 'en') expect(text).not.toContain('Section titled');
      }
      // One that is there twice makes every further style a layout of the whole page (src/site/lib/repeated-styles.ts).
      expect(found.sheets).toEqual([...new Set(found.sheets)]);
      for (const { alt, ratio } of found.images) {
        expect(alt).not.toBeNull();
        expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
      }
    });
  }
}

test('every page of the course has a description of its own', async ({ page }) => {
  await page.goto('/en/');
  const lessons = await page.evaluate(() => [...new Set([...document.querySelectorAll<HTMLAnchorElement>('main a[href^="/en/"]')].map((anchor) => anchor.pathname))]);
  expect(lessons.length).toBeGreaterThan(3);
  const described = new Map<string, string>();
  for (const lesson of lessons) {
    const text = await (await page.request.get(lesson)).text();
    const description = /<meta name="description" content="([^"]+)"/.exec(text)?.[1];
    expect(description, lesson).toBeTruthy();
    expect(described.get(description ?? ''), `${lesson} and another`).toBeUndefined();
    described.set(description ?? '', lesson);
  }
});

test('lets robots in', async ({ page }) => {
  const response = await page.request.get('/robots.txt');
  expect(response.status()).toBe(200);
  expect(await response.text()).toMatch(/^User-agent: \*\nAllow: \/\n$/);
});

test('a lesson loads little script before its engine starts', async ({ page }) => {
  // Noted in the page at the moment it tells its worker to start the machine.
  await page.addInitScript(() => {
    const RealWorker = globalThis.Worker;
    globalThis.Worker = class extends RealWorker {
      readonly #url: string;
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.#url = new URL(url, document.baseURI).href;
      }
      override postMessage(message: unknown, options?: StructuredSerializeOptions | Transferable[]): void {
        if ((message as { type?: string }).type === 'start') {
          const asked = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].map(({ src }) => src);
          const ahead = [...document.querySelectorAll<HTMLLinkElement>('link[rel=modulepreload], link[rel=preload][as=script]')].map(({ href }) => href);
          const loaded = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /\.m?js(?:\?|$)/.test(name) && name !== this.#url);
          document.documentElement.dataset['scripts'] ??= JSON.stringify([...new Set([...asked, ...ahead, ...loaded])]);
        }
        super.postMessage(message, options as StructuredSerializeOptions);
      }
    };
  });
  await page.goto('/en/containers/first-container/');
  await page.waitForFunction(() => document.documentElement.dataset['scripts'] !== undefined);
  const [files, inline] = await page.evaluate((): [string[], string[]] => [
    JSON.parse(document.documentElement.dataset['scripts'] ?? '[]') as string[],
    [...document.scripts].filter(({ src }) => src === '').map(({ text }) => text),
  ]);
  const sizes = await Promise.all(files.map(async (url): Promise<[string, number]> => [url, gzipSync(await (await page.request.get(url)).body()).length]));
  const whole = sizes.reduce((sum, [, bytes]) => sum + bytes, 0) + gzipSync(inline.join('\n')).length;
  expect(sizes.length).toBeGreaterThan(10);
  expect(whole, sizes.map(([url, bytes]) => `${bytes} ${url}`).join('\n')).toBeLessThanOrEqual(scriptBudget);
});
