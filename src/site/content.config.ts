/** The lessons: MDX in /content, one folder per locale, with Starlight's frontmatter plus the lesson's exercise. */
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { lessonFields } from './lib/lesson-frontmatter.ts';

export const collections = {
  // What Starlight does not translate itself: the words of the search.
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
  docs: defineCollection({
    loader: glob({ base: './content', pattern: '{en,zh-cn}/**/[^_]*.{md,mdx}' }),
    schema: docsSchema({
      extend: z.object(lessonFields),
    }),
  }),
};
