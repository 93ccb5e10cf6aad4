/** Covers the terminals until the machine runs: what is going on, with real numbers, or what went wrong. */
import { describeError } from '../../shared/errors.ts';
import type { LabContext } from '../context.ts';
import { h, icon, textButton } from '../dom.ts';
import { codeText } from '../tasks/code-nodes.ts';
import { machineView } from './progress.ts';
import { restartOrReset } from './restart-or-reset.ts';
import type { LabState } from './session.ts';

/**
 * Builds the panel; it follows the session by itself and hides when the machine runs.
 * @param leave takes the focus from a button that is there no more, where no other one has come
 */
export function bootPanel(context: LabContext, leave: () => void): HTMLElement {
  const { strings, session } = context;
  const element = h('div', { class: 'dd-boot', 'data-testid': 'boot' });
  const line = h('p', { class: 'dd-boot-line' });
  const meter = h('progress', { class: 'dd-meter', max: 1, 'aria-label': strings.machineLoading });
  const note = h('p', { class: 'dd-boot-note' });
  const progress = h('div', { class: 'dd-boot-card' }, h('p', { class: 'dd-boot-intro' }, strings.bootIntro), meter, line, note);
  let shown: LabState['kind'] | 'progress' | undefined;

  const show = (state: LabState): void => {
    const view = machineView(state, strings);
    element.hidden = state.kind === 'running' || state.kind === 'paused';
    if (element.hidden) {
      shown = undefined;
      return;
    }
    if (view.tone === 'busy') {
      line.textContent = view.text;
      note.textContent = state.kind === 'restarting' ? strings.restartNote : strings.bootFirst;
      if (view.fraction === undefined) meter.removeAttribute('value');
      else meter.value = view.fraction;
      if (shown !== 'progress') element.replaceChildren(progress);
      shown = 'progress';
      return;
    }
    shown = state.kind;
    if (state.kind === 'failed') element.replaceChildren(errorCard(state, context));
    else if (state.kind === 'idle' || state.kind === 'stopped') {
      const start = textButton(strings.machineStart, () => session.start(), { class: 'dd-button dd-primary', 'data-testid': 'start' });
      start.prepend(icon('play'));
      element.replaceChildren(h('div', { class: 'dd-boot-card' }, h('p', { class: 'dd-boot-intro', role: 'status' }, state.kind === 'stopped' ? strings.machineStoppedNote : view.text), start));
    }
  };
  session.onState((state) => {
    const hadFocus = element.contains(document.activeElement);
    show(state);
    if (!hadFocus || (!element.hidden && element.contains(document.activeElement))) return;
    const another = element.hidden ? null : element.querySelector('button');
    if (another === null) leave();
    else another.focus();
  });
  return element;
}

function errorCard(state: LabState & { kind: 'failed' }, context: LabContext): HTMLElement {
  const { locale, strings, session } = context;
  const { code, title, why, action } = describeError(state.error, locale);
  return h('div', { class: 'dd-boot-card dd-error-card', role: 'alert', 'data-testid': 'machine-error' },
    h('h2', {}, title),
    h('dl', {},
      h('dt', {}, strings.errorWhy), h('dd', {}, ...codeText(why)),
      h('dt', {}, strings.errorWhatToDo), h('dd', {}, ...codeText(action))),
    h('p', { class: 'dd-error-foot' },
      textButton(state.retryable ? strings.retry : strings.reset, () => void (state.retryable ? session.start() : restartOrReset(context)), { class: 'dd-button dd-primary', 'data-testid': 'retry' }),
      h('span', { class: 'dd-error-code', translate: 'no' }, code)));
}
