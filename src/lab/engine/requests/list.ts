/** The inspector: each request that a client in the machine sends to the daemon, as it happens, with its answer. */
import type { AgentClient } from '../../../guest/client.ts';
import { fillTemplate } from '../../../shared/locale.ts';
import type { LabContext } from '../../context.ts';
import { h, textButton } from '../../dom.ts';
import { labEvents, tellPage } from '../../events.ts';
import { formatBytes } from '../../machine/progress.ts';
import { codeText } from '../../tasks/code-nodes.ts';
import { errorText } from '../error-text.ts';
import type { EngineView } from '../part.ts';
import { stickToEnd } from '../stick-to-end.ts';
import { meaningOf, requestInShort } from './endpoints.ts';
import { type Body, bodyText, type Exchange, ExchangeLog } from './exchanges.ts';
import { followRelay } from './relay.ts';

/** Older ones go: each keeps its bodies. */
const mostRows = 200;

export class RequestList implements EngineView {
  readonly element: HTMLElement;
  readonly #context: LabContext;
  readonly #rows = h('ol', { class: 'dd-requests', 'data-testid': 'requests' });
  readonly #status = h('p', { class: 'dd-engine-note', role: 'status' });
  readonly #shown = new Map<Exchange, RequestRow>();

  constructor(context: LabContext) {
    const { strings } = context;
    this.#context = context;
    const clear = textButton(strings.clearRequests, () => {
      this.#shown.clear();
      this.#rows.replaceChildren();
    });
    this.element = h('div', {}, h('div', { class: 'dd-requests-head' }, this.#status, clear), this.#rows);
  }

  async follow(agent: AgentClient, signal: AbortSignal): Promise<void> {
    const { strings } = this.#context;
    this.#status.textContent = strings.inspectorStarting;
    const log = new ExchangeLog((exchange) => this.#update(exchange));
    try {
      for await (const frame of followRelay(agent, signal, () => this.#status.replaceChildren(...codeText(strings.inspectorReady)))) log.push(frame);
    } catch (error) {
      if (!signal.aborted) this.#status.replaceChildren(...errorText(error, this.#context));
    }
  }

  #update(exchange: Exchange): void {
    let row = this.#shown.get(exchange);
    if (!row) {
      row = new RequestRow(exchange, this.#context);
      tellPage(labEvents.engine, { kind: 'happening', what: `request ${exchange.program}`, name: requestInShort(exchange) });
      this.#shown.set(exchange, row);
      const { element } = row;
      stickToEnd(this.#rows, () => this.#rows.append(element));
      for (const [old] of this.#shown) {
        if (this.#shown.size <= mostRows) break;
        this.#shown.get(old)?.element.remove();
        this.#shown.delete(old);
      }
    }
    row.render();
  }
}

class RequestRow {
  readonly element: HTMLElement;
  readonly #exchange: Exchange;
  readonly #context: LabContext;
  readonly #status = h('span', { class: 'dd-request-status' });
  readonly #time = h('span', { class: 'dd-request-time' });
  readonly #details: HTMLDetailsElement;
  readonly #body = h('div', { class: 'dd-request-body' });

  constructor(exchange: Exchange, context: LabContext) {
    this.#exchange = exchange;
    this.#context = context;
    const meaning = meaningOf(exchange.method, exchange.path)?.[context.locale];
    const summary = h('summary', {},
      h('span', { class: 'dd-request-line', translate: 'no' }, h('strong', { 'data-method': exchange.method }, exchange.method), ' ', h('code', {}, readable(exchange.path))),
      this.#status, this.#time,
      h('span', { class: 'dd-request-meaning' }, meaning ?? '', ' ', h('span', { class: 'dd-request-program', translate: 'no' }, exchange.program)));
    this.#details = h('details', {}, summary, this.#body);
    this.#details.addEventListener('toggle', () => this.#renderBody());
    this.element = h('li', {}, this.#details);
  }

  render(): void {
    const { status, milliseconds, cut, upgraded } = this.#exchange;
    const { strings } = this.#context;
    this.#status.textContent = status === undefined ? '…' : String(status);
    this.#status.dataset['tone'] = status === undefined ? 'busy' : status >= 400 ? 'error' : 'fine';
    if (milliseconds !== undefined) this.#time.textContent = `${milliseconds} ms`;
    else this.#time.textContent = cut ? strings.requestCut : upgraded ? strings.requestStream : '';
    if (this.#details.open) this.#renderBody();
  }

  #renderBody(): void {
    if (!this.#details.open) return;
    const { requestType, requestBody, answerType, answerBody, upgraded } = this.#exchange;
    const { strings } = this.#context;
    const answer = upgraded && answerBody.bytes > 0 ? [h('h4', {}, strings.requestAnswer), h('p', {}, fillTemplate(strings.requestRaw, { size: formatBytes(answerBody.bytes) }))] : this.#part(strings.requestAnswer, answerType, answerBody);
    const parts = [...this.#part(strings.requestSent, requestType || 'application/json', requestBody), ...answer];
    this.#body.replaceChildren(...(parts.length > 0 ? parts : [h('p', {}, strings.requestEmpty)]));
  }

  #part(title: string, type: string, body: Body): HTMLElement[] {
    if (body.bytes === 0) return [];
    const text = bodyText(type, body);
    const content = text === undefined ? h('p', {}, fillTemplate(this.#context.strings.requestBinary, { size: formatBytes(body.bytes), type: type || '?' })) : h('pre', { translate: 'no', tabindex: 0, role: 'region', 'aria-label': title }, text);
    return [h('h4', {}, title), content];
  }
}

/** A path with its query made readable, where that is possible. */
function readable(path: string): string {
  try {
    return decodeURIComponent(path).replace(/[0-9a-f]{64}/g, (id) => `${id.slice(0, 12)}…`);
  } catch {
    return path;
  }
}
