/** What the preview shows where there is no page: a choice of services, an error, a file. */
import { describeError } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import { h, textButton } from '../dom.ts';
import { formatBytes } from '../machine/progress.ts';
import type { Locale, Strings } from '../page-data.ts';
import { codeText } from '../tasks/code-nodes.ts';
import type { PublishedPort } from './ports.ts';

/** Before the first page: the services there are, or how there would be one. */
export function idleCard(ports: readonly PublishedPort[], strings: Strings, open: (port: number) => void): HTMLElement {
  if (ports.length === 0) {
    return card({ 'data-testid': 'preview-idle' }, h('h2', {}, strings.previewIdleTitle), h('p', {}, ...codeText(strings.previewIdle)));
  }
  return card({ 'data-testid': 'preview-idle' },
    h('h2', {}, strings.previewChoose),
    h('ul', { class: 'dd-preview-services' },
      ...ports.map(({ port, container }) =>
        h('li', {}, textButton(fillTemplate(strings.previewPortOf, { container, port }), () => open(port), { 'aria-label': fillTemplate(strings.openPreviewOf, { container, port }) })))));
}

/** What went wrong, why, and what to do. */
export function errorCard(error: unknown, locale: Locale, strings: Strings, retry: () => void): HTMLElement {
  const { code, title, why, action } = describeError(error, locale);
  const content = h('div', { class: 'dd-boot-card dd-error-card', role: 'alert', 'data-testid': 'preview-error' },
    h('h2', {}, title),
    h('dl', {},
      h('dt', {}, strings.errorWhy), h('dd', {}, ...codeText(why)),
      h('dt', {}, strings.errorWhatToDo), h('dd', {}, ...codeText(action))),
    h('p', { class: 'dd-error-foot' },
      textButton(strings.retry, retry, { class: 'dd-button dd-primary' }),
      h('span', { class: 'dd-error-code', translate: 'no' }, code)));
  return h('div', { class: 'dd-preview-card' }, content);
}

/** A file that the service sent. Saved as bytes without a meaning, so that no browser opens it as a page of this site. */
export function fileCard(name: string, bytes: ArrayBuffer, strings: Strings): HTMLElement {
  const save = (): void => {
    const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    h('a', { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return card({ 'data-testid': 'preview-file' },
    h('p', {}, fillTemplate(strings.previewFile, { name, size: formatBytes(bytes.byteLength) })),
    textButton(strings.previewSaveFile, save, { class: 'dd-button dd-primary' }));
}

function card(attributes: Record<string, string>, ...children: HTMLElement[]): HTMLElement {
  return h('div', { class: 'dd-preview-card' }, h('div', { class: 'dd-boot-card', ...attributes }, ...children));
}
