/** One style sheet, one link. */

const sheetLink = /<link rel="stylesheet" href="([^"]*)"[^>]*>/g;

/**
 * Takes out all links to a style sheet but the first. Expressive Code puts its own into a page once for the code blocks of the
 * text, and once more for those of a component. With one sheet there twice, Chromium takes each further style, as terminals bring
 * them, for a change of all fonts, and lays out the whole page anew: 40 to 100 ms, six times before there is a prompt.
 */
export function withoutRepeatedStyles(html: string): string {
  const seen = new Set<string>();
  return html.replace(sheetLink, (link: string, address: string) => {
    if (seen.has(address)) return '';
    seen.add(address);
    return link;
  });
}
