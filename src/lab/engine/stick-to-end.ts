/** Lists that grow at their end: whoever reads further up is left there. */

/** Changes a list; what scrolls around it goes on to the end if it stood there before. */
export function stickToEnd(list: HTMLElement, change: () => void): void {
  const scroller = list.closest<HTMLElement>('.dd-engine-panel');
  const atEnd = !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
  change();
  if (scroller && atEnd) scroller.scrollTop = scroller.scrollHeight;
}
