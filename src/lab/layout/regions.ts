/**
 * F6 and Shift+F6 go from region to region: text, bar, editor or preview, terminal. It is also the way out of the terminal,
 * which takes every other key, Tab included.
 */

export interface Region {
  /** Whether it can take the focus now. */
  available(): boolean;
  /** Whether the focus is inside. */
  contains(node: Node | null): boolean;
  focus(): void;
}

/** The index of the next region that is available, in the given direction and round the end; -1 if there is none. */
export function nextRegion(available: readonly boolean[], current: number, direction: 1 | -1): number {
  const count = available.length;
  const start = current === -1 ? (direction === 1 ? -1 : count) : current;
  for (let distance = 1; distance <= count; distance++) {
    const index = (((start + direction * distance) % count) + count) % count;
    if (available[index]) return index;
  }
  return -1;
}

export interface RegionKeys {
  /** Goes on from the region that has the focus, as the key does. */
  move(direction: 1 | -1): void;
}

/** Listens for the keys, before the terminal or the editor see them. */
export function attachRegions(regions: readonly Region[]): RegionKeys {
  const move = (direction: 1 | -1): void => {
    const current = regions.findIndex((region) => region.contains(document.activeElement));
    const index = nextRegion(regions.map((region) => region.available()), current, direction);
    regions[index]?.focus();
  };
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      move(event.shiftKey ? -1 : 1);
    },
    { capture: true },
  );
  return { move };
}
