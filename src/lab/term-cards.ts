/** Opens the explanation of a glossary word beside it: on hover and on focus, until both are gone or Escape is pressed. */

import { onLessonNodes } from './lesson-nodes.ts';

/** So long the pointer may be between the word and its card. */
const leaveMilliseconds = 200;
const gap = 6;

onLessonNodes((gone) => {
  for (const word of document.querySelectorAll<HTMLAnchorElement>('a.dd-term')) attach(word, gone);
});

function attach(word: HTMLAnchorElement, gone: AbortSignal): void {
  const card = document.getElementById(word.getAttribute('aria-describedby') ?? '');
  if (!card || typeof card.showPopover !== 'function') return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    clearTimeout(timer);
    if (card.matches(':popover-open')) return;
    card.showPopover();
    place(word, card);
  };
  const close = (): void => {
    clearTimeout(timer);
    if (card.matches(':popover-open')) card.hidePopover();
  };
  const leave = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.activeElement !== word) close();
    }, leaveMilliseconds);
  };
  for (const part of [word, card]) {
    part.addEventListener('pointerenter', open);
    part.addEventListener('pointerleave', leave);
  }
  word.addEventListener('focus', open);
  word.addEventListener('blur', close);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  }, { signal: gone });
  // The word moves under the card, also when the focus itself brings it into sight.
  document.addEventListener('scroll', () => card.matches(':popover-open') && place(word, card), { capture: true, passive: true, signal: gone });
}

/** Below the word, or above where there is no room, within the window. */
function place(word: HTMLElement, card: HTMLElement): void {
  const at = word.getClientRects()[0] ?? word.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.max(gap, Math.min(at.left, window.innerWidth - width - gap));
  const below = at.bottom + gap;
  card.style.left = `${left}px`;
  card.style.top = `${below + height > window.innerHeight ? Math.max(gap, at.top - gap - height) : below}px`;
}
