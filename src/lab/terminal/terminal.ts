/**
 * One terminal: an xterm and a shell of its own in the guest.
 *
 * Output is granted to the guest only as xterm has drawn it (`done` in xterm's write callback), so that an endless
 * output never outruns the page; input waits for room in the guest (InputQueue).
 */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import type { AgentClient } from '../../guest/client.ts';
import { shellCommand, type Pty } from '../../guest/exec.ts';
import { describeError } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import type { LabContext } from '../context.ts';
import { h } from '../dom.ts';
import { Emitter } from '../emitter.ts';
import { clipboardKeys } from './clipboard.ts';
import { InputQueue } from './input-queue.ts';
import { PromptWatch } from './prompt-watch.ts';
import { currentTheme, onThemeChange, terminalThemes } from './themes.ts';

/** Lines kept above the screen. */
const scrollback = 5000;

type ShellState =
  | { kind: 'waiting' }
  | { kind: 'opening' }
  | { kind: 'open'; pty: Pty; input: InputQueue }
  | { kind: 'ended' };

export class TerminalView {
  readonly number: number;
  readonly element = h('div', { class: 'dd-terminal', 'data-testid': 'terminal' });
  readonly search = new SearchAddon();
  readonly titleChanged = new Emitter<string>();
  readonly #context: LabContext;
  readonly #xterm: Terminal;
  readonly #prompt: PromptWatch;
  readonly #fit = new FitAddon();
  readonly #resize = new ResizeObserver(() => this.fit());
  readonly #ends: (() => void)[] = [];
  #agent: AgentClient | undefined;
  #shell: ShellState = { kind: 'waiting' };
  /** Typed by code blocks before the shell was there. */
  #pending = '';
  /** Whether there was a machine before. */
  #used = false;
  #disposed = false;

  constructor(number: number, context: LabContext, screenReaderMode: boolean) {
    this.number = number;
    this.#context = context;
    this.#xterm = new Terminal({
      allowProposedApi: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--sl-font-mono') || 'monospace',
      fontSize: 14,
      lineHeight: 1.2,
      minimumContrastRatio: 4.5,
      screenReaderMode,
      scrollback,
      theme: terminalThemes[currentTheme()],
    });
    for (const addon of [this.#fit, this.search, new UnicodeGraphemesAddon(), new WebLinksAddon((_, uri) => void window.open(uri, '_blank', 'noopener'))]) {
      this.#xterm.loadAddon(addon);
    }
    this.#xterm.attachCustomKeyEventHandler((event) => clipboardKeys(event, this.#xterm, context));
    this.#xterm.onData((text) => this.#onInput(text));
    this.#xterm.onBinary((text) => this.#sendBinary(text));
    this.#xterm.onResize(({ cols, rows }) => this.#shell.kind === 'open' && this.#shell.pty.resize(cols, rows));
    this.#prompt = new PromptWatch(this.#xterm, () => context.deeds.emit());
    this.#xterm.onTitleChange((title) => this.titleChanged.emit(title));
    this.#ends.push(onThemeChange((theme) => (this.#xterm.options.theme = terminalThemes[theme])));
  }

  /** To be called once, when the element is in the document. */
  open(): void {
    this.#xterm.open(this.element);
    this.#resize.observe(this.element);
    this.fit();
  }

  /** Follows the machine: a new agent means a new shell on a clean screen, none that the old one is lost. */
  setAgent(agent: AgentClient | undefined): void {
    const before = this.#agent;
    this.#agent = agent;
    if (agent === undefined) {
      if (before !== undefined && this.#shell.kind === 'open') this.#note(this.#context.strings.shellLost);
      this.#shell = { kind: 'waiting' };
      return;
    }
    // RIS, queued behind what is still to be drawn of the machine before.
    if (this.#used) this.#xterm.write('\x1bc');
    this.#used = true;
    void this.#openShell(agent);
  }

  focus(): void {
    this.#xterm.focus();
  }

  /** Types a text as if it came from the keyboard, now or as soon as there is a shell. @returns whether it was now */
  type(text: string): boolean {
    if (this.#shell.kind === 'open') {
      this.#push(this.#shell.input, text);
      this.#xterm.scrollToBottom();
      return true;
    }
    this.#pending += text;
    if (this.#shell.kind === 'ended' && this.#agent) void this.#openShell(this.#agent);
    return false;
  }

  setScreenReaderMode(on: boolean): void {
    this.#xterm.options.screenReaderMode = on;
  }

  /** Adapts rows and columns to the pane; nothing while it is hidden. */
  fit(): void {
    if (this.element.clientWidth > 0 && this.element.clientHeight > 0) this.#fit.fit();
  }

  dispose(): void {
    this.#disposed = true;
    this.#resize.disconnect();
    for (const end of this.#ends) end();
    this.#prompt.dispose();
    if (this.#shell.kind === 'open') this.#shell.pty.close();
    this.#xterm.dispose();
    this.element.remove();
  }

  async #openShell(agent: AgentClient): Promise<void> {
    this.#shell = { kind: 'opening' };
    this.fit();
    try {
      const pty = await agent.openPty({ command: shellCommand, columns: this.#xterm.cols, rows: this.#xterm.rows });
      if (this.#disposed || this.#agent !== agent) {
        pty.close();
        return;
      }
      const input = new InputQueue(pty, () => {
        // The shell is going: `exit` tells how.
      });
      this.#shell = { kind: 'open', pty, input };
      pty.onData((bytes, done) => this.#xterm.write(bytes, done));
      pty.resize(this.#xterm.cols, this.#xterm.rows);
      if (this.#pending !== '') this.#push(input, this.#pending);
      this.#pending = '';
      pty.exit.then(
        (code) => this.#onEnded(agent, fillTemplate(this.#context.strings.shellEnded, { code })),
        // Lost with the link: `setAgent` says so, at the latest when the machine is there again.
        () => {},
      );
    } catch (error) {
      this.#onEnded(agent, fillTemplate(this.#context.strings.shellFailed, { reason: describeError(error, this.#context.locale).why }));
    }
  }

  #onEnded(agent: AgentClient, message: string): void {
    if (this.#disposed || this.#agent !== agent) return;
    this.#shell = { kind: 'ended' };
    this.#note(message);
  }

  #onInput(text: string): void {
    if (this.#shell.kind === 'open') this.#push(this.#shell.input, text);
    else if (this.#shell.kind === 'ended' && text === '\r' && this.#agent) void this.#openShell(this.#agent);
    else if (this.#shell.kind === 'opening') this.#pending += text;
  }

  #push(input: InputQueue, text: string): void {
    this.#prompt.typed(text);
    input.push(text);
  }

  /** Each character stands for one byte. */
  #sendBinary(text: string): void {
    if (this.#shell.kind === 'open') this.#shell.input.pushBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }

  /** A line of ours amid the terminal's, set apart and with every attribute of the program before it undone. */
  #note(text: string): void {
    // Looked at when all that came before is drawn. Leaving a full screen that is none would move the cursor to
    // wherever it was last saved, into the midst of what was printed.
    this.#xterm.write('', () => {
      if (this.#disposed) return;
      const leave = this.#xterm.buffer.active.type === 'alternate' ? '\x1b[?1049l' : '';
      this.#xterm.write(`\x1b[0m${leave}\x1b[?25h\r\n\x1b[3;90m${text}\x1b[0m\r\n`);
    });
  }
}
