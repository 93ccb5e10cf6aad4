/** What is done to each page after Astro has rendered it. */
import { defineMiddleware } from 'astro:middleware';
import { localeSchema } from '../shared/locale.ts';
import { translatedHeadingLinks } from './lib/heading-links.ts';
import { withoutRepeatedStyles } from './lib/repeated-styles.ts';

export const onRequest = defineMiddleware(async ({ params }, next) => {
  const response = await next();
  if (response.headers.get('content-type')?.startsWith('text/html') !== true) return response;
  // The pages that offer both languages, or are for a missing address, are in neither.
  const { data: locale = 'en' } = localeSchema.safeParse(params['locale']);
  return new Response(translatedHeadingLinks(withoutRepeatedStyles(await response.text()), locale), response);
});
