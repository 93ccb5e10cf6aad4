/**
 * Lessons give their width to the lab: no table of contents beside the text.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { hasLab } from './has-lab.ts';

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  if (hasLab(route.entry)) route.toc = undefined;
});
