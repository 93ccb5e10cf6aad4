/// <reference types="astro/client" />
// Starlight exports this file of its declarations under no name; it puts `starlightRoute` and `t` on Astro.locals.
import '../../node_modules/@astrojs/starlight/dist/global.d.ts';
import '../lab/preview/inline-script.d.ts';
