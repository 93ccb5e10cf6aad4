/** What is done to each page after Astro has rendered it. */
import { defineMiddleware } from 'astro:middleware';
import { translatedHeadingLinks } from './lib/heading-links.ts';
import { withoutRepeatedStyles } from './lib/repeated-styles.ts';

export const onRequest = defineMiddleware(async (_, next) => {
  const response = await next();
  if (response.headers.get('content-type')?.startsWith('text/html') !== true) return response;
  return new Response(translatedHeadingLinks(withoutRepeatedStyles(await response.text())), response);
});
