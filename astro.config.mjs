/**
 * Builds the static site: lessons (content/) in Starlight, the lab (src/lab) beside them.
 *
 * The site may be served under a sub path and from plain http on a LAN, so nothing here names a host:
 * DRYDOCK_BASE is the sub path and DRYDOCK_SITE the public address (only needed for a site map).
 */
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { inlineScript } from './src/site/lib/inline-script.ts';
import { readCourse } from './src/site/lib/course-files.ts';
import { courseRedirects, courseReport, courseSidebar } from './src/site/lib/course-integration.ts';
import { hotLessons } from './src/site/lib/hot-lessons.ts';
import { lateStyles } from './src/site/lib/late-styles.ts';
import { lessonComponents } from './src/site/lib/lesson-components.ts';

const { DRYDOCK_BASE: base = '/', DRYDOCK_SITE: site } = process.env;

const { course, translations } = readCourse(import.meta.dirname);

export default defineConfig({
  base,
  ...(site ? { site } : {}),
  srcDir: './src/site',
  trailingSlash: 'ignore',
  devToolbar: { enabled: false },
  prefetch: false,
  redirects: courseRedirects(course, base),
  vite: {
    plugins: [lateStyles(), lessonComponents(), inlineScript()],
    // Monaco and the emulator run in module workers, each bundled with its own dynamic imports.
    worker: { format: 'es' },
    build: { chunkSizeWarningLimit: 4000 },
  },
  integrations: [
    courseReport(translations),
    hotLessons(),
    starlight({
      title: 'Drydock',
      favicon: '/favicon.svg',
      defaultLocale: 'en',
      locales: {
        en: { label: 'English', lang: 'en' },
        'zh-cn': { label: '简体中文', lang: 'zh-CN' },
      },
      sidebar: courseSidebar(course),
      pagination: true,
      credits: false,
      // Our own speaks both languages: a static server has one page for every missing address.
      disable404Route: true,
      customCss: ['./src/site/styles/theme.css', './src/site/styles/prose.css'],
      routeMiddleware: './src/site/lib/route-data.ts',
      markdown: { processedDirs: ['./content'] },
      components: {
        PageFrame: './src/site/components/PageFrame.astro',
        TwoColumnContent: './src/site/components/TwoColumnContent.astro',
        SkipLink: './src/site/components/SkipLink.astro',
        SiteTitle: './src/site/components/SiteTitle.astro',
        PageTitle: './src/site/components/PageTitle.astro',
        Hero: './src/site/components/Hero.astro',
        Search: './src/site/components/Search.astro',
      },
    }),
  ],
});
