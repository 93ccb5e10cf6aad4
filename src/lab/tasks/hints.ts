/** Opens the hints again that the learner had opened, and tells when he opens another. */

/**
 * @param opened how many hints of each task were opened earlier
 * @param onOpen called with the new number
 */
export function attachHints(lesson: HTMLElement, opened: Readonly<Record<string, number>>, onOpen: (taskId: string, count: number) => void): void {
  for (const card of lesson.querySelectorAll<HTMLElement>('.dd-task')) {
    const id = card.dataset['task'] ?? '';
    // Outer before inner, which is their order.
    const hints = [...card.querySelectorAll<HTMLDetailsElement>('details.dd-help:not(.dd-solution)')];
    let most = Math.min(opened[id] ?? 0, hints.length);
    for (const hint of hints.slice(0, most)) hint.open = true;
    for (const [index, hint] of hints.entries()) {
      hint.addEventListener('toggle', (event) => {
        if (event.target !== hint || !hint.open || index < most) return;
        most = index + 1;
        onOpen(id, most);
      });
    }
  }
}
