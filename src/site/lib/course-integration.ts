/** Tells Starlight and Astro of the course: sidebar, old addresses, and a report of what is not translated, or stale. */
import type { StarlightUserConfig } from '@astrojs/starlight/types';
import type { AstroIntegration, AstroUserConfig } from 'astro';
import { type Course, courseFile } from '../../checkers/course.ts';
import { locales } from '../../shared/locale.ts';
import { lessonSlug, oldSlugs, shownModules } from './course.ts';
import { translationAdvice, type TranslationReport } from './translation.ts';

/** One group per module, in both languages, then the pages that are no lessons. */
export function courseSidebar(course: Course): NonNullable<StarlightUserConfig['sidebar']> {
  const modules = shownModules(course).map((module) => ({
    label: module.title.en,
    translations: { 'zh-CN': module.title['zh-cn'] },
    items: module.lessons.map((lesson) => ({
      slug: lessonSlug(module, lesson),
      ...(lesson.kind === 'challenge' && { badge: { text: { en: 'Challenge', 'zh-CN': '挑战' }, variant: 'caution' as const } }),
    })),
  }));
  return [...modules, { label: 'More', translations: { 'zh-CN': '更多' }, items: ['sandbox', 'registry', 'progress', 'glossary', 'authoring', 'reference'] }];
}

/** A page at each old address that leads to the new one. @param base sub path of the site */
export function courseRedirects(course: Course, base: string): NonNullable<AstroUserConfig['redirects']> {
  const start = base.replace(/\/?$/, '/');
  return Object.fromEntries(oldSlugs(course).flatMap(([old, slug]) => locales.map((locale) => [`/${locale}/${old}`, `${start}${locale}/${slug}/`])));
}

/** Starts again when the course changes, and says at a build what is shown in English for want of a translation, and which translations are stale. */
export function courseReport({ missing, stale, unmarked }: TranslationReport): AstroIntegration {
  return {
    name: 'drydock-course',
    hooks: {
      'astro:config:setup': ({ addWatchFile, config }) => addWatchFile(new URL(courseFile, config.root)),
      'astro:build:done': ({ logger }) => {
        for (const { locale, slug } of missing) logger.warn(`content/${locale}/${slug}.mdx is missing: the page shows the English text, and says so. Translate content/en/${slug}.mdx.`);
        for (const { locale, slug } of stale) logger.warn(`content/${locale}/${slug}.mdx: ${translationAdvice('stale', slug)}`);
        for (const { locale, slug } of unmarked) logger.warn(`content/${locale}/${slug}.mdx: ${translationAdvice('unmarked', slug)}`);
        const counts = [[missing, 'missing'], [stale, 'stale'], [unmarked, 'without a mark']] as const;
        const told = counts.filter(([pages]) => pages.length > 0).map(([pages, what]) => `${pages.length} ${what}`);
        logger.info(told.length === 0 ? 'every page exists in every language, and every translation is current' : `translations: ${told.join(', ')}`);
      },
    },
  };
}
