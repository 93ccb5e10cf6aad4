/**
 * Code blocks that scroll become landmarks (Expressive Code gives them the role `region`, for the keyboard's sake), and
 * landmarks need names to be told apart.
 */

/** Names the blocks of the lesson by their first line, those too that begin to scroll later. */
export function nameCodeRegions(lesson: HTMLElement): void {
  const name = (pre: Element): void => {
    if (pre.getAttribute('role') !== 'region') return;
    const lines = pre.querySelectorAll('.ec-line');
    const index = [...lesson.querySelectorAll('.expressive-code pre')].indexOf(pre) + 1;
    pre.setAttribute('aria-label', `${index}: ${lines[0]?.textContent?.trim() ?? ''}`);
  };
  for (const pre of lesson.querySelectorAll('.expressive-code pre')) name(pre);
  new MutationObserver((records) => {
    for (const { target } of records) if (target instanceof Element && target.matches('pre')) name(target);
  }).observe(lesson, { subtree: true, attributes: true, attributeFilter: ['role'] });
}
