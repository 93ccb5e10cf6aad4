/** What the link beside a heading is called, for those who hear the page. */

/** As Starlight calls it in English. */
const label = /(<span class="sr-only"[^>]*>)Section titled “(.*?)”(<\/span>)/g;
const chinesePage = /<html[^>]*\slang="zh-CN"/;

/**
 * The page with these names in its own language. Starlight takes the language of a text from its place below src/content/docs, which is
 * not where the lessons are, and has no Chinese for this one.
 */
export function translatedHeadingLinks(html: string): string {
  return chinesePage.test(html) ? html.replace(label, '$1“$2”一节的链接$3') : html;
}
