/** Building elements without a framework: short, typed, and text never becomes markup. */

type Child = Node | string | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Creates an element. `true` sets an empty attribute; `false` and `undefined` leave it out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return element;
}

/** Outlines in a box of 16 by 16, drawn with the text's colour. */
const icons = {
  play: 'M5 3.2v9.6L12.5 8z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v2.8h2.8',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  help: 'M6 6.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.8v.1',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.300 10.300 13.500 13.500',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  ear: 'M2.500 6.300h2.300L8 3.500v9L4.800 9.700H2.500zM10.500 6a3 3 0 0 1 0 4M12.400 4.300a5.500 5.500 0 0 1 0 7.400',
  edit: 'M9.500 3.500l3 3L6 13H3v-3zM8 5l3 3',
  engine: 'M2 8h2.500l1.500-4 3 8 1.500-4H14',
  file: 'M4 2.500h5L12.500 6v7.500H4zM9 2.500V6h3.500',
  folder: 'M2.500 4h4l1.500 1.500h5.500V13h-11z',
  newFile: 'M8.500 13.500H4v-11h5L12.500 6v2M9 2.500V6h3.500M12 10v4M10 12h4',
  newFolder: 'M8.500 13h-6V4h4l1.500 1.500h5.500V8M12 10v4M10 12h4',
  rename: 'M3 12.500h10M4 9.500l6-6 2 2-6 6H4z',
  trash: 'M3 4.500h10M6.500 4.500v-2h3v2M4.500 4.500l.5 9h6l.5-9',
  save: 'M3 3h8l2 2v8H3zM5.500 3v3.500h4V3M5.500 13V9.500h5V13',
  check: 'M3.500 8.500l3 3 6-7',
  chevron: 'M6 4l4 4-4 4',
  globe: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2 1.800 2.500 3.800 2.500 6S10 12.200 8 14C6 12.200 5.500 10.200 5.500 8S6 3.800 8 2z',
  back: 'M13 8H3M7 4L3 8l4 4',
  forward: 'M3 8h10M9 4l4 4-4 4',
  terminal: 'M3 4.500 6.500 8 3 11.500M8.500 12H13',
  window: 'M9.500 2.500h4v4M13.500 2.500L8 8M11.500 9v4.500h-9v-9H7',
} as const;

export type IconName = keyof typeof icons;

/** An icon; decoration only, so the element around it needs a name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 16 16', width: '16', height: '16', fill: name === 'play' ? 'currentColor' : 'none',
    stroke: 'currentColor', 'stroke-width': '1.5', 'stroke-linecap': 'round', 'stroke-linejoin': 'round',
    'aria-hidden': 'true', class: 'dd-icon',
  })) svg.setAttribute(key, value);
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}

/** A square button that shows an icon and is named by its label, also as a tooltip. */
export function iconButton(name: IconName, label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'dd-icon-button', 'aria-label': label, title: label, ...attributes }, icon(name));
  button.addEventListener('click', () => isAllowed(button) && onClick());
  return button;
}

/** A button with a text. */
export function textButton(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'dd-button', ...attributes }, label);
  button.addEventListener('click', () => isAllowed(button) && onClick());
  return button;
}

/** Lets a button be used or not. Disabled it would lose the focus, and with it the place of who works with the keyboard. */
export function allow(button: HTMLButtonElement, allowed: boolean): void {
  if (allowed) button.removeAttribute('aria-disabled');
  else button.setAttribute('aria-disabled', 'true');
}

/** Whether {@link allow} lets the button be used. `iconButton` and `textButton` ask by themselves. */
export function isAllowed(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-disabled') !== 'true';
}
