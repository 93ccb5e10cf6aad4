/**
 * Code blocks that scroll can be reached by the keyboard and are landmarks, which need names to be told apart.
 *
 * Expressive Code does the first part as well, but looks only when the size of a block changes, not when that of the
 * code inside does (another font, another zoom), and only once the browser is idle.
 */

/** Follows the blocks of the lesson, those in closed hints too, until they are gone. */
export function followCodeRegions(lesson: HTMLElement, gone: AbortSignal): void {
  const blocks = [...lesson.querySelectorAll<HTMLElement>('.expressive-code pre')];
  const indexOf = new Map<Element, number>(blocks.map((block, index) => [block, index + 1]));
  const observer = new ResizeObserver((entries) => {
    const resized = new Set(entries.map(({ target }) => target.closest<HTMLElement>('pre')).filter((block) => block !== null));
    // All are read before the first is changed: each change would have the next one lay out the page anew.
    const scrolling = [...resized].map((block) => [block, block.scrollWidth > block.clientWidth] as const);
    for (const [block, scrolls] of scrolling) mark(block, scrolls, indexOf.get(block) ?? 0);
  });
  for (const block of blocks) {
    observer.observe(block);
    for (const code of block.children) observer.observe(code);
  }
  gone.addEventListener('abort', () => observer.disconnect());
}

function mark(block: HTMLElement, scrolls: boolean, index: number): void {
  if (scrolls) {
    block.tabIndex = 0;
    block.setAttribute('role', 'region');
    block.setAttribute('aria-label', `${index}: ${block.querySelector('.ec-line')?.textContent?.trim() ?? ''}`);
  } else {
    for (const attribute of ['tabindex', 'role', 'aria-label']) block.removeAttribute(attribute);
  }
}
