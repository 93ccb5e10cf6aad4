/**
 * Notices that a command has ended: after Enter, a prompt stands at the end of the screen. It is looked at on the screen, so
 * that it asks nothing of the shell and works for one in a container, too.
 */
import type { Terminal } from '@xterm/xterm';

/** How long a prompt must stand there: a program may print what looks like one in passing. */
const settleMilliseconds = 150;

/** What the line before the cursor ends with at a prompt of a user or of root, such as `/ # `. */
const promptEnd = /[$#] $/;

export type WatchedScreen = Pick<Terminal, 'onWriteParsed'> & { readonly buffer: Pick<Terminal['buffer'], 'active'> };

export class PromptWatch {
  readonly #screen: WatchedScreen;
  readonly #onPrompt: () => void;
  #entered = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onPrompt called when a prompt has followed on what was entered */
  constructor(screen: WatchedScreen, onPrompt: () => void) {
    this.#screen = screen;
    this.#onPrompt = onPrompt;
    screen.onWriteParsed(() => this.#lookSoon());
  }

  /** To be told of everything that is typed. */
  typed(text: string): void {
    if (text.includes('\r')) this.#entered = true;
  }

  dispose(): void {
    this.#entered = false;
    clearTimeout(this.#timer);
  }

  #lookSoon(): void {
    clearTimeout(this.#timer);
    if (!this.#entered) return;
    this.#timer = setTimeout(() => {
      if (!this.#atPrompt()) return;
      this.#entered = false;
      this.#onPrompt();
    }, settleMilliseconds);
  }

  #atPrompt(): boolean {
    const { active } = this.#screen.buffer;
    const { type, baseY, cursorY, cursorX } = active;
    // A full screen, such as an editor's, has no prompt.
    if (type === 'alternate') return false;
    return promptEnd.test(active.getLine(baseY + cursorY)?.translateToString(false, 0, cursorX) ?? '');
  }
}
