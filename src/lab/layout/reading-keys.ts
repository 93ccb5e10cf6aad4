/** Scrolling keys move the text also while nothing has the focus, although the text scrolls inside its own pane. */
export function attachReadingKeys(pane: HTMLElement): void {
  document.addEventListener('keydown', (event) => {
    if (document.activeElement !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = pane.clientHeight * 0.9;
    const distances: Record<string, number> = {
      ' ': event.shiftKey ? -page : page,
      PageDown: page,
      PageUp: -page,
      ArrowDown: 48,
      ArrowUp: -48,
      Home: -pane.scrollHeight,
      End: pane.scrollHeight,
    };
    const distance = distances[event.key];
    if (distance === undefined) return;
    event.preventDefault();
    pane.scrollBy({ top: distance });
  });
}
