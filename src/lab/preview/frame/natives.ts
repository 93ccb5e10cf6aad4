/**
 * What the browser brought along, kept before a page or this frame itself puts something in its place.
 *
 * It is no protection: a page may find the originals again. What keeps it in are the sandbox and the policy of the frame.
 */
export const natives = {
  fetch: globalThis.fetch.bind(globalThis),
  getAttribute: Element.prototype.getAttribute,
  setAttribute: Element.prototype.setAttribute,
  removeAttribute: Element.prototype.removeAttribute,
  createElement: Document.prototype.createElement,
  write: Document.prototype.write,
  submit: HTMLFormElement.prototype.submit,
  setTimeout: globalThis.setTimeout.bind(globalThis),
} as const;

/** Puts a value in the place of a property, as the browser's own ones are: it can be replaced again. */
export function put(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { configurable: true, writable: true, enumerable: true, value });
}

/** Puts accessors in the place of a property. */
export function putAccessor<T>(target: object, name: PropertyKey, get: () => T, set?: (value: T) => void): void {
  Object.defineProperty(target, name, { configurable: true, enumerable: true, get, ...(set === undefined ? {} : { set }) });
}

/** The attribute as the browser sees it, whatever a page is told. */
export function attributeOf(element: Element, name: string): string | null {
  return natives.getAttribute.call(element, name);
}

export function setAttributeOf(element: Element, name: string, value: string): void {
  natives.setAttribute.call(element, name, value);
}

export function removeAttributeOf(element: Element, name: string): void {
  natives.removeAttribute.call(element, name);
}
