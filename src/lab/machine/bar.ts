/** The bar above the lab: how the machine is, how far the learner is, and what can be done to the machine. */
import type { LabContext } from '../context.ts';
import { allow, h, icon, iconButton } from '../dom.ts';
import { machineView } from './progress.ts';
import { restartOrReset } from './restart-or-reset.ts';
import type { LabState } from './session.ts';

export interface BarActions {
  /** Summary of the tasks, built elsewhere; undefined where there are none. */
  tasks: HTMLElement | undefined;
  onEditor(): void;
  onPreview(): void;
  onEngine(): void;
  onSessions(): void;
  onHelp(): void;
}

/** Builds the bar; it follows the session by itself. */
export function machineBar(
  context: LabContext,
  actions: BarActions,
): { element: HTMLElement; editorButton: HTMLButtonElement; previewButton: HTMLButtonElement; engineButton: HTMLButtonElement; sessionsButton: HTMLButtonElement } {
  const { strings, session } = context;
  const text = h('span', { class: 'dd-status-text' });
  const status = h('p', { class: 'dd-status', role: 'status', 'aria-label': strings.machine, 'data-testid': 'machine-status' }, h('span', { class: 'dd-lamp', 'aria-hidden': 'true' }), text);
  const pause = iconButton('pause', strings.pause, () => (session.state.kind === 'paused' ? session.resume() : session.pause()), { 'data-testid': 'pause' });
  const reset = iconButton('reset', strings.reset, () => void restartOrReset(context), { 'data-testid': 'reset' });
  const editorButton = h('button', { type: 'button', class: 'dd-button dd-quiet', 'aria-pressed': 'false', 'aria-label': strings.openEditor, title: strings.openEditor, 'data-testid': 'editor-toggle' }, icon('edit'), h('span', {}, strings.editor));
  editorButton.addEventListener('click', () => actions.onEditor());
  const previewButton = h('button', { type: 'button', class: 'dd-button dd-quiet', 'aria-pressed': 'false', 'aria-label': strings.openPreview, title: strings.openPreview, 'data-testid': 'preview-toggle' }, icon('globe'), h('span', {}, strings.preview));
  previewButton.addEventListener('click', () => actions.onPreview());
  const engineButton = h('button', { type: 'button', class: 'dd-button dd-quiet', 'aria-pressed': 'false', 'aria-label': strings.openEngine, title: strings.openEngine, 'data-testid': 'engine-toggle' }, icon('engine'), h('span', {}, strings.engine));
  engineButton.addEventListener('click', () => actions.onEngine());
  const sessionsButton = iconButton('save', strings.sessions, () => actions.onSessions(), { 'data-testid': 'sessions' });

  session.onState((state) => {
    const view = machineView(state, strings);
    status.dataset['state'] = state.kind;
    status.dataset['tone'] = view.tone;
    // Screen readers are spared every step of the download.
    status.setAttribute('aria-live', state.kind === 'loading' ? 'off' : 'polite');
    const short = state.kind === 'loading' ? loadingShort(view.fraction, strings.machineLoadingShort) : view.text;
    if (text.textContent !== short) text.textContent = short;
    const paused = state.kind === 'paused';
    allow(pause, paused || state.kind === 'running');
    if (pause.dataset['paused'] !== String(paused)) {
      pause.dataset['paused'] = String(paused);
      pause.replaceChildren(icon(paused ? 'play' : 'pause'));
      pause.title = paused ? strings.resume : strings.pause;
      pause.setAttribute('aria-label', pause.title);
    }
    allow(reset, canReset(state));
  });

  const element = h('div', { class: 'dd-bar', role: 'toolbar', 'aria-label': strings.machine },
    status, actions.tasks, h('span', { class: 'dd-spring' }), editorButton, previewButton, engineButton, h('span', { class: 'dd-rule', 'aria-hidden': 'true' }),
    sessionsButton, pause, reset, iconButton('help', strings.help, () => actions.onHelp(), { 'aria-keyshortcuts': '?' }));
  return { element, editorButton, previewButton, engineButton, sessionsButton };
}

function canReset(state: LabState): boolean {
  return state.kind === 'running' || state.kind === 'failed' || state.kind === 'paused' || state.kind === 'starting' || state.kind === 'restarting' || state.kind === 'stopped';
}

/** What has room beside the marks of seven tasks. */
function loadingShort(fraction: number | undefined, loading: string): string {
  return fraction === undefined ? loading : `${loading} ${Math.floor(fraction * 100)} %`;
}
