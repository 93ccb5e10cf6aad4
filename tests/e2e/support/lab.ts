/** The lab as a learner sees and uses it: a screen to read, keys to press, cards that change. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The machine is downloaded and restored in 2 to 10 s; on a loaded machine in more. */
const startMilliseconds = 120_000;
/** The first `docker run` after a restore takes up to 40 s on two idle cores. */
const commandMilliseconds = 180_000;
/** From the deed to its mark on the card. */
const noticeMilliseconds = 60_000;

/** A prompt with nothing behind it: the learner's, or one in a container. */
export const barePrompt = /(^|\n)(learner@[a-z]+:\S*\$|root@\S+:\S*#|\/\S* #)$/;

export interface RunOptions {
  readonly timeout?: number;
  /** What to wait for on the screen in place of the next prompt. */
  readonly until?: RegExp;
}

export type TaskState = 'open' | 'done' | 'wrong' | 'error';

export class LabPage {
  readonly page: Page;
  readonly status: Locator;
  /** The terminal that is shown. */
  readonly terminal: Locator;

  constructor(page: Page) {
    this.page = page;
    this.status = page.getByTestId('machine-status');
    this.terminal = page.locator('[data-testid="terminal"]:not([hidden])');
  }

  /** Waits until the machine runs and the terminal shows a prompt. */
  async ready(): Promise<void> {
    await expect(this.status).toHaveAttribute('data-state', 'running', { timeout: startMilliseconds });
    await this.until(barePrompt, 60_000);
  }

  /** Begins with a fresh machine, also where one is offered that was saved by itself meanwhile. To be called after a reload. */
  async startAfresh(): Promise<void> {
    // The question comes with the lab or not at all.
    await expect(this.status).toBeVisible();
    const fresh = this.page.getByTestId('session-fresh');
    if (await fresh.isVisible()) await fresh.click();
  }

  /** What the terminal shows, without blank lines at the end. */
  async screen(): Promise<string> {
    const rows = await this.terminal.locator('.xterm-rows > div').allTextContents();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n').trimEnd();
  }

  /** Waits until the screen fits. */
  async until(wanted: RegExp, timeout = commandMilliseconds): Promise<string> {
    let shown = '';
    await expect
      .poll(async () => (shown = await this.screen()), { timeout, intervals: [100, 250, 250, 500], message: `the terminal shows ${String(wanted)}` })
      .toMatch(wanted);
    return shown;
  }

  async focusTerminal(): Promise<void> {
    await this.terminal.locator('.xterm-screen').click();
  }

  /** Selects the first word of a row of the screen by a double click. */
  async selectWord(row: number): Promise<void> {
    const box = await this.terminal.locator('.xterm-rows > div').nth(row).boundingBox();
    if (box === null) throw new Error(`the terminal has no row ${row}`);
    // Rows lie below what takes the mouse in xterm, so that the place counts, not the element.
    await this.page.mouse.dblclick(box.x + 12, box.y + box.height / 2);
  }

  /** Types a line at the prompt and waits for its echo. */
  async type(line: string): Promise<void> {
    await this.focusTerminal();
    await this.page.keyboard.type(line);
    // A long line is broken where the screen ends: what is not white space must be there, in this order.
    const echoed = withoutSpace(line).slice(-comparedCharacters);
    await expect.poll(async () => withoutSpace(await this.screen()), { timeout: 30_000, message: `the echo of “${line}”` }).toMatch(new RegExp(`${literal(echoed)}$`));
  }

  /** Types a line, presses Enter and waits for the next prompt. Returns the screen. */
  async run(line: string, { timeout = commandMilliseconds, until = barePrompt }: RunOptions = {}): Promise<string> {
    await this.type(line);
    await this.page.keyboard.press('Enter');
    return this.until(until, timeout);
  }

  /** Runs a line on a clean screen. Returns what it printed, as far as it fits on the screen. */
  async output(line: string, options: Pick<RunOptions, 'timeout'> = {}): Promise<string> {
    await this.focusTerminal();
    await this.page.keyboard.press('Control+L');
    await this.until(/^[^\n]*$/);
    const rows = (await this.run(line, options)).split('\n');
    let echo = '';
    const first = rows.findIndex((row) => withoutSpace((echo += row)).endsWith(withoutSpace(line)));
    return rows.slice(first + 1, -1).join('\n');
  }

  task(id: string): Locator {
    return this.page.locator(`#task-${id}`);
  }

  async taskIs(id: string, state: TaskState, timeout = noticeMilliseconds): Promise<void> {
    await expect(this.task(id), `task ${id}`).toHaveAttribute('data-state', state, { timeout });
  }
}

/** How much of the end of a typed line is compared with its echo. */
const comparedCharacters = 16;

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '');
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
