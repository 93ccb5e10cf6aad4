import type { AstroIntegration } from 'astro';
import { describe, expect, it } from 'vitest';
import { courseReport } from './course-integration.ts';
import type { TranslationReport } from './translation.ts';

const none: TranslationReport = { missing: [], stale: [], unmarked: [] };

type BuildDone = NonNullable<AstroIntegration['hooks']['astro:build:done']>;

/** What the build says in the end. */
async function said(report: TranslationReport): Promise<{ warn: string[]; info: string[] }> {
  const lines: { warn: string[]; info: string[] } = { warn: [], info: [] };
  const logger = { warn: (line: string) => lines.warn.push(line), info: (line: string) => lines.info.push(line) };
  // Of what Astro hands over, the report looks at the logger only.
  await courseReport(report).hooks['astro:build:done']?.({ logger } as unknown as Parameters<BuildDone>[0]);
  return lines;
}

describe('the report of a build', () => {
  it('says that all is well', async () => {
    expect(await said(none)).toEqual({ warn: [], info: ['every page exists in every language, and every translation is current'] });
  });

  it('names a lesson that is missing, what the page does, and what to do', async () => {
    expect(await said({ ...none, missing: [{ locale: 'zh-cn', slug: 'images/pull' }] })).toEqual({
      warn: ['content/zh-cn/images/pull.mdx is missing: the page shows the English text, and says so. Translate content/en/images/pull.mdx.'],
      info: ['translations: 1 missing'],
    });
  });

  it('names a page that is no lesson as well', async () => {
    expect(await said({ ...none, missing: [{ locale: 'zh-cn', slug: 'sandbox' }], stale: [{ locale: 'zh-cn', slug: 'index' }] })).toEqual({
      warn: [
        'content/zh-cn/sandbox.mdx is missing: the page shows the English text, and says so. Translate content/en/sandbox.mdx.',
        expect.stringMatching(/^content\/zh-cn\/index\.mdx: content\/en\/index\.mdx has changed since .*npm run lesson:translated -- index$/),
      ],
      info: ['translations: 1 missing, 1 stale'],
    });
  });

  it('names a lesson that is stale, and one of which nobody knows', async () => {
    const { warn, info } = await said({ ...none, stale: [{ locale: 'zh-cn', slug: 'images/pull' }, { locale: 'zh-cn', slug: 'images/push' }], unmarked: [{ locale: 'zh-cn', slug: 'images/tag' }] });
    expect(warn).toEqual([
      expect.stringMatching(/^content\/zh-cn\/images\/pull\.mdx: content\/en\/images\/pull\.mdx has changed since .*npm run lesson:translated -- images\/pull$/),
      expect.stringMatching(/^content\/zh-cn\/images\/push\.mdx: /),
      expect.stringMatching(/^content\/zh-cn\/images\/tag\.mdx: the frontmatter has no “translationOf”.*npm run lesson:translated -- images\/tag$/),
    ]);
    expect(info).toEqual(['translations: 2 stale, 1 without a mark']);
  });
});
