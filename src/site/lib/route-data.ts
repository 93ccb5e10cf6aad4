/**
 * Lessons give their width to the lab: no table of contents beside the text.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  if (route.entry.data.exercise !== undefined) route.toc = undefined;
});
