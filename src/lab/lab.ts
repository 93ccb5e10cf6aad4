/** The lab: puts bar, terminals, editor and tasks together and joins them to the machine. */
import '@xterm/xterm/css/xterm.css';
import './styles/engine.css';
import './styles/images.css';
import './styles/terminal.css';
import './styles/preview.css';
import { describeError, errorInOneLine } from '../shared/errors.ts';
import { labEvents, tellPage } from './events.ts';
import { Announcer } from './announcer.ts';
import type { LabContext } from './context.ts';
import { h } from './dom.ts';
import type { EditorPane } from './editor/pane.ts';
import { Emitter } from './emitter.ts';
import { EnginePart } from './engine/part.ts';
import { tellEngine } from './engine/tell.ts';
import { showHelp } from './help.ts';
import { attachRegions, type Region, type RegionKeys } from './layout/regions.ts';
import { editorRange } from './layout/split-model.ts';
import { attachSplitter } from './layout/splitter.ts';
import type { ViewTabs } from './layout/view-tabs.ts';
import { onLessonNodes } from './lesson-nodes.ts';
import { machineBar } from './machine/bar.ts';
import { bootPanel } from './machine/boot-panel.ts';
import type { Begun } from './machine/begin.ts';
import { autosave } from './machine/saved/autosave.ts';
import { showSessions } from './machine/saved/dialog.ts';
import { askBeforeLeaving, saveBeforeLinks } from './machine/saved/leave.ts';
import { noteWork } from './machine/saved/note-work.ts';
import { sessionOffer } from './machine/saved/offer.ts';
import { markTrouble } from './machine/saved/trouble.ts';
import { pauseWhileHidden } from './machine/visibility.ts';
import { Opener } from './open/opener.ts';
import type { OpenTarget } from './open/target.ts';
import type { PageData } from './page-data.ts';
import { PreviewPart } from './preview/part.ts';
import { watchedVisibility } from './preview/watched-visibility.ts';
import { trackTasks } from './tasks/tracking.ts';
import { TerminalPane } from './terminal/pane.ts';

export interface LabOptions extends Begun {
  data: PageData;
  /** The pane with the lesson's text. */
  lesson: HTMLElement;
  views: ViewTabs;
}

export interface Lab {
  /** Runs a code block in the active terminal, as soon as there is a machine. */
  run(code: string): void;
  /** Brings into sight what the text names, as soon as there is a machine. */
  open(target: OpenTarget): void;
}

/** Builds the lab into its element, around a machine that is on its way already or waits for an answer. */
export function createLab(host: HTMLElement, { data, lesson, views, session, keeper, saved }: LabOptions): Lab {
  const { locale, strings } = data;
  const announcer = new Announcer();
  const context: LabContext = { locale, strings, announcer, session, deeds: new Emitter() };

  const terminals = new TerminalPane(context);
  const splitter = h('div', { class: 'dd-splitter', role: 'separator', 'aria-orientation': 'horizontal', 'aria-label': strings.editorSplitterLabel, tabindex: 0, hidden: true });
  const editorSlot = h('div', { class: 'dd-editor-slot', hidden: true });
  const previewSlot = h('div', { class: 'dd-editor-slot', hidden: true });
  const engineSlot = h('div', { class: 'dd-editor-slot', hidden: true });
  const terminalSlot = h('div', { class: 'dd-terminal-slot' }, terminals.element, bootPanel(context, () => terminals.focus()));
  const panes = h('div', { class: 'dd-panes' }, editorSlot, previewSlot, engineSlot, splitter, terminalSlot);
  const tasks = data.exercise && trackTasks(context, data.exercise, lesson, views);
  const bar = machineBar(context, {
    tasks,
    onEditor: () => void toggleEditor(),
    onPreview: () => void togglePreview(),
    onEngine: () => void toggleEngine(),
    onSessions: () => showSessions(context, keeper, (page) => `${data.lessonUrl}${page}/`),
    onHelp: () => showHelp(strings, locale),
  });
  host.replaceChildren(bar.element, panes, announcer.element);

  let editor: Promise<EditorPane> | undefined;
  let shownEditor: EditorPane | undefined;
  const engine = new EnginePart(context, () => void toggleEngine());
  engineSlot.append(engine.element);
  const above = {
    editor: { slot: editorSlot, button: bar.editorButton, open: strings.openEditor, close: strings.closeEditor },
    preview: { slot: previewSlot, button: bar.previewButton, open: strings.openPreview, close: strings.closePreview },
    engine: { slot: engineSlot, button: bar.engineButton, open: strings.openEngine, close: strings.closeEngine },
  };
  /** Above the terminals is room for one of them. */
  const showAbove = (shown: keyof typeof above | undefined): void => {
    if (!engineSlot.hidden && shown !== 'engine') engine.hide();
    for (const [name, { slot, button, open, close }] of Object.entries(above)) {
      slot.hidden = name !== shown;
      button.setAttribute('aria-pressed', String(name === shown));
      const label = name === shown ? close : open;
      button.setAttribute('aria-label', label);
      button.title = label;
    }
    splitter.hidden = shown === undefined;
    panes.classList.toggle('dd-with-editor', shown !== undefined);
  };
  /** Shows a part. What cannot be shown is told. */
  const bring = async (name: keyof typeof above, show: () => void | Promise<void>, failed = ''): Promise<void> => {
    showAbove(name);
    try {
      await show();
    } catch (error) {
      showAbove(undefined);
      announcer.say(`${failed} ${describeError(error, locale).why}`.trim());
    }
  };
  /** Shows a part, or leaves it if it is shown. */
  const toggle = async (name: keyof typeof above, show: () => void | Promise<void>, failed = ''): Promise<void> => {
    if (above[name].slot.hidden) return bring(name, show, failed);
    showAbove(undefined);
    terminals.focus();
  };
  const showEditor = async (): Promise<void> => {
    try {
      editor ??= createEditor(context, editorSlot, () => void toggleEditor());
      shownEditor = await editor;
      shownEditor.focus();
    } catch (error) {
      editor = undefined;
      throw error;
    }
  };
  const toggleEditor = (): Promise<void> => toggle('editor', showEditor, strings.editorFailed);
  const toggleEngine = (): Promise<void> =>
    toggle('engine', () => {
      engine.show();
      engine.focus();
    });
  const preview = new PreviewPart(context, { slot: previewSlot, button: bar.previewButton, page: data.previewUrl, onLeave: (back) => keys.move(back ? -1 : 1) });
  const togglePreview = (): Promise<void> => toggle('preview', () => preview.show());

  attachSplitter({ handle: splitter, space: panes, property: '--dd-editor-share', name: 'editor', range: editorRange });
  const keys: RegionKeys = attachRegions(regions({ lesson, bar: bar.element, editorSlot, editor: () => shownEditor, previewSlot, preview, engineSlot, engine, terminals, terminalSlot, host }));
  terminals.open();
  session.onState(({ kind }) => tellPage(labEvents.machine, { state: kind, prepared: session.prepared }));
  session.onAgent((agent) => terminals.setAgent(agent));
  onLessonNodes((gone) => tellEngine(session, lesson, gone));
  const visibility = watchedVisibility(preview.windows);
  pauseWhileHidden(visibility, session);
  autosave(visibility, keeper);
  noteWork(terminals.element, context, keeper);
  markTrouble(bar.sessionsButton, context, keeper);
  askBeforeLeaving(window, keeper);
  saveBeforeLinks(window, keeper, () => announcer.say(strings.sessionSavingFirst), (address) => location.assign(address));

  const offer = saved && sessionOffer(context, keeper, saved, () => terminals.focus());
  if (offer !== undefined) {
    terminalSlot.append(offer);
    announcer.say(strings.sessionOfferTitle);
  }

  /** Sees to it that the machine is on its way. @returns false if the learner has to choose first which one */
  const wake = (): boolean => {
    if (offer?.isConnected === true) {
      offer.querySelector('button')?.focus();
      announcer.say(strings.sessionChoose);
      return false;
    }
    if (session.start()) return true;
    // Here only a reset helps, which nobody gets without having asked for it.
    terminalSlot.querySelector<HTMLElement>('.dd-error-card button')?.focus();
    if (session.state.kind === 'failed') announcer.say(errorInOneLine(session.state.error, locale));
    return false;
  };
  const opener = new Opener({
    parts: {
      file: (path, line) =>
        bring('editor', async () => {
          await showEditor();
          await shownEditor?.open(path, line);
        }, strings.editorFailed),
      terminal: (another) => (another ? terminals.add() : terminals.focus()),
      preview: (address) => bring('preview', () => preview.show(address)),
      engine: (view) =>
        bring('engine', () => {
          engine.show(view);
          engine.focus();
        }),
    },
    session, strings, wake, notePlace,
    say: (text) => announcer.say(text),
  });

  return {
    run(code) {
      keeper.noteWork();
      const queued = !terminals.run(code);
      if (wake()) announcer.say(queued ? strings.runQueued : strings.runSent);
    },
    open: (target) => void opener.open(target),
  };
}

/** For {@link Opener}: the place is what has the focus. */
function notePlace(): () => (() => void) | undefined {
  const before = document.activeElement;
  return () => {
    const now = document.activeElement;
    // What was hidden or replaced meanwhile leaves the focus to the page.
    return now === before || now === document.body || !(now instanceof HTMLElement) ? undefined : () => now.focus({ preventScroll: true });
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
  previewSlot: HTMLElement;
  preview: PreviewPart;
  engineSlot: HTMLElement;
  engine: EnginePart;
  terminals: TerminalPane;
  /** Around the terminals, with what covers them. */
  terminalSlot: HTMLElement;
  host: HTMLElement;
}

function regions({ lesson, bar, editorSlot, editor, previewSlot, preview, engineSlot, engine, terminals, terminalSlot, host }: RegionParts): Region[] {
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
    { available: () => visible(previewSlot), contains: (node) => previewSlot.contains(node), focus: () => preview.focus() },
    { available: () => visible(engineSlot), contains: (node) => engineSlot.contains(node), focus: () => engine.focus() },
    {
      available: () => visible(host),
      contains: (node) => terminalSlot.contains(node),
      // Nobody gets to a button that covers the terminals by Tab, which the terminal takes. The question lies on top.
      focus: () => (Array.from(terminalSlot.querySelectorAll('.dd-boot:not([hidden])')).at(-1)?.querySelector('button') ?? terminals).focus(),
    },
  ];
}
