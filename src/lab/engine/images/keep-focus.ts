/** Lists that change under the reader's hands: whoever has the focus in one keeps it. */

/** Puts the nodes into a list, if they are not there in this order. @param otherwise takes the focus if what had it is gone */
export function setChildren(list: HTMLElement, nodes: readonly HTMLElement[], otherwise: () => HTMLElement | undefined): void {
  if (nodes.length === list.children.length && nodes.every((node, index) => list.children[index] === node)) return;
  const focused = document.activeElement;
  const held = focused instanceof HTMLElement && list.contains(focused) ? focused : undefined;
  list.replaceChildren(...nodes);
  if (held !== undefined) (held.isConnected ? held : otherwise())?.focus({ preventScroll: true });
}
