/** The lab: puts bar, terminals, editor and tasks together and joins them to the machine. */
import '@xterm/xterm/css/xterm.css';
import './styles/engine.css';
import './styles/terminal.css';
import { describeError } from '../shared/errors.ts';
import { Announcer } from './announcer.ts';
import type { LabContext } from './context.ts';
import { h } from './dom.ts';
import type { EditorPane } from './editor/pane.ts';
import { EnginePart } from './engine/part.ts';
import { showHelp } from './help.ts';
import { attachRegions, type Region } from './layout/regions.ts';
import { editorRange } from './layout/split-model.ts';
import { attachSplitter } from './layout/splitter.ts';
import type { ViewTabs } from './layout/view-tabs.ts';
import { machineBar } from './machine/bar.ts';
import { bootPanel } from './machine/boot-panel.ts';
import { createMachine } from './machine/emulator.ts';
import { LabSession } from './machine/session.ts';
import { pauseWhileHidden } from './machine/visibility.ts';
import type { PageData } from './page-data.ts';
import { trackTasks } from './tasks/tracking.ts';
import { TerminalPane } from './terminal/pane.ts';

export interface LabOptions {
  data: PageData;
  /** The pane with the lesson's text. */
  lesson: HTMLElement;
  views: ViewTabs;
}

export interface Lab {
  /** Starts the machine, unless it is on its way. */
  start(): void;
  /** Runs a code block in the active terminal, as soon as there is a machine. */
  run(code: string): void;
}

/** Builds the lab into its element. Nothing is downloaded for the machine before `start` or `run`. */
export function createLab(host: HTMLElement, { data, lesson, views }: LabOptions): Lab {
  const { locale, strings } = data;
  const session = new LabSession(createMachine(data.manifestUrl));
  const announcer = new Announcer();
  const context: LabContext = { locale, strings, announcer, session };

  const terminals = new TerminalPane(context);
  const splitter = h('div', { class: 'dd-splitter', role: 'separator', 'aria-orientation': 'horizontal', 'aria-label': strings.editorSplitterLabel, tabindex: 0, hidden: true });
  const editorSlot = h('div', { class: 'dd-editor-slot', hidden: true });
  const engineSlot = h('div', { class: 'dd-editor-slot', hidden: true });
  const panes = h('div', { class: 'dd-panes' }, editorSlot, engineSlot, splitter, h('div', { class: 'dd-terminal-slot' }, terminals.element, bootPanel(context)));
  const tasks = data.exercise && trackTasks(context, data.exercise, lesson, views);
  const bar = machineBar(context, { tasks, onEditor: () => void toggleEditor(), onEngine: () => toggleEngine(), onHelp: () => showHelp(strings) });
  host.replaceChildren(bar.element, panes, announcer.element);

  let editor: Promise<EditorPane> | undefined;
  let shownEditor: EditorPane | undefined;
  const engine = new EnginePart(context, () => toggleEngine());
  engineSlot.append(engine.element);
  /** Above the terminals is room for one of them. */
  const showAbove = (shown: 'editor' | 'engine' | undefined): void => {
    if (!engineSlot.hidden && shown !== 'engine') engine.hide();
    editorSlot.hidden = shown !== 'editor';
    engineSlot.hidden = shown !== 'engine';
    splitter.hidden = shown === undefined;
    panes.classList.toggle('dd-with-editor', shown !== undefined);
    bar.editorButton.setAttribute('aria-pressed', String(shown === 'editor'));
    bar.editorButton.setAttribute('aria-label', shown === 'editor' ? strings.closeEditor : strings.openEditor);
    bar.engineButton.setAttribute('aria-pressed', String(shown === 'engine'));
    bar.engineButton.setAttribute('aria-label', shown === 'engine' ? strings.closeEngine : strings.openEngine);
  };
  const toggleEngine = (): void => {
    if (!engineSlot.hidden) {
      showAbove(undefined);
      terminals.focus();
      return;
    }
    showAbove('engine');
    engine.show();
    engine.focus();
  };
  const toggleEditor = async (): Promise<void> => {
    if (!editorSlot.hidden) {
      showAbove(undefined);
      terminals.focus();
      return;
    }
    showAbove('editor');
    editor ??= createEditor(context, editorSlot, () => void toggleEditor());
    try {
      shownEditor = await editor;
      shownEditor.focus();
    } catch (error) {
      editor = undefined;
      showAbove(undefined);
      announcer.say(`${strings.editorFailed} ${describeError(error, locale).why}`);
    }
  };

  attachSplitter({ handle: splitter, space: panes, property: '--dd-editor-share', name: 'editor', range: editorRange });
  attachRegions(regions({ lesson, bar: bar.element, editorSlot, editor: () => shownEditor, engineSlot, engine, terminals, host }));
  terminals.open();
  session.onAgent((agent) => terminals.setAgent(agent));
  pauseWhileHidden(document, session);

  return {
    start() {
      if (session.state.kind === 'idle') session.start();
    },
    run(code) {
      session.start();
      announcer.say(terminals.run(code) ? strings.runSent : strings.runQueued);
    },
  };
}

async function createEditor(context: LabContext, slot: HTMLElement, close: () => void): Promise<EditorPane> {
  slot.replaceChildren(h('p', { class: 'dd-notice', role: 'status' }, context.strings.editorLoading));
  const [{ loadMonaco }, { EditorPane: Pane }] = await Promise.all([import('./editor/monaco.ts'), import('./editor/pane.ts')]);
  const pane = new Pane(context, await loadMonaco(context.locale), close);
  slot.replaceChildren(pane.element);
  context.session.onAgent((agent) => pane.setAgent(agent, context.session.home));
  return pane;
}

interface RegionParts {
  lesson: HTMLElement;
  bar: HTMLElement;
  editorSlot: HTMLElement;
  editor: () => EditorPane | undefined;
  engineSlot: HTMLElement;
  engine: EnginePart;
  terminals: TerminalPane;
  host: HTMLElement;
}

function regions({ lesson, bar, editorSlot, editor, engineSlot, engine, terminals, host }: RegionParts): Region[] {
  const visible = (element: HTMLElement): boolean => element.checkVisibility({ visibilityProperty: true });
  return [
    {
      available: () => visible(lesson),
      contains: (node) => lesson.contains(node),
      focus: () => {
        const heading = lesson.querySelector<HTMLElement>('h1');
        if (heading) heading.tabIndex = -1;
        heading?.focus({ preventScroll: true });
      },
    },
    { available: () => visible(bar), contains: (node) => bar.contains(node), focus: () => bar.querySelector<HTMLElement>('button:enabled')?.focus() },
    { available: () => visible(editorSlot) && editor() !== undefined, contains: (node) => editorSlot.contains(node), focus: () => editor()?.focus() },
    { available: () => visible(engineSlot), contains: (node) => engineSlot.contains(node), focus: () => engine.focus() },
    { available: () => visible(host), contains: (node) => terminals.contains(node), focus: () => terminals.focus() },
  ];
}
