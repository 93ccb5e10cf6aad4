/** The terminals: shells of their own, honest sizes, no lost byte, and Ctrl-C that is always answered. */
import { createHash } from 'node:crypto';
import { barePrompt } from './support/lab.ts';
import { expect, shareLab, test } from './support/test.ts';

const shared = shareLab({ path: '/en/containers/first-container/' });

test('opens with a prompt, ready to type', async () => {
  const { lab } = shared();
  await lab.ready();
  expect(await lab.output('whoami')).toBe('learner');
});

test('keeps terminals apart: each is a shell of its own', async () => {
  const { page, lab } = shared();
  const first = (await lab.output('echo $$')).trim();
  await lab.run('here=first');
  await page.getByTestId('new-terminal').click();
  await lab.until(/\$$/);
  const second = (await lab.output('echo $$')).trim();
  expect(second).toMatch(/^\d+$/);
  expect(second).not.toBe(first);
  expect((await lab.output('echo "<$here>"')).trim()).toBe('<>');
  await page.getByTestId('terminals').getByRole('tab').first().click();
  expect((await lab.output('echo "<$here>"')).trim()).toBe('<first>');
  await page.getByTestId('close-terminal').nth(1).click();
  await expect(page.getByTestId('terminals').getByRole('tab')).toHaveCount(1);
  // The shell behind it is gone too.
  await expect.poll(() => lab.output(`ps -p ${second} -o comm=`)).toBe('');
});

test('tells the shell its size, also when the pane changes', async () => {
  const { page, lab } = shared();
  const before = sizeOf(await lab.output('stty size'));
  await page.setViewportSize({ width: 1000, height: 640 });
  await expect.poll(async () => sizeOf(await lab.output('stty size')).columns).toBeLessThan(before.columns);
  const smaller = sizeOf(await lab.output('stty size'));
  expect(smaller.rows).toBeLessThan(before.rows);
  await expect(lab.terminal.locator('.xterm-rows > div')).toHaveCount(smaller.rows);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(async () => sizeOf(await lab.output('stty size'))).toEqual(before);
});

test('runs a code block of the lesson in the terminal', async () => {
  const { page, lab } = shared();
  await lab.run('clear');
  await page.getByRole('button', { name: 'Run in the terminal: docker ps -a' }).click();
  await expect(page.getByTestId('announcer')).toContainText('Sent to the terminal');
  await lab.until(/\$ docker ps -a\nCONTAINER ID[\s\S]*\$$/);
});

test('copies and pastes', async () => {
  const { page, lab } = shared();
  await lab.run('clear');
  await lab.run('echo sea worthy');
  await lab.selectWord(1);
  await page.keyboard.press('Control+Shift+C');
  await expect(page.getByTestId('announcer')).toContainText('Copied');
  await lab.type('printf "<%s>" ');
  await page.keyboard.press('Control+V');
  await lab.until(/\$ printf "<%s>" sea$/);
  await page.keyboard.press('Control+U');
  await lab.until(barePrompt);
});

test('finds text in what was printed', async () => {
  const { page, lab } = shared();
  await lab.run('clear');
  await lab.run('seq 1 12 | sed "s/^/berth /"');
  await lab.focusTerminal();
  await page.keyboard.press('Control+Shift+F');
  const bar = page.getByTestId('find-bar');
  await expect(bar).toBeVisible();
  await bar.getByRole('textbox').fill('berth 1');
  await expect(bar).toContainText('of 4');
  await bar.getByRole('textbox').fill('no such thing');
  await expect(bar).toContainText('No match');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  await page.keyboard.type('true');
  await lab.until(/\$ true$/);
  await page.keyboard.press('Enter');
});

test('leaves F1 to the palette, and has the keyboard again after it', async () => {
  const { page, lab } = shared();
  await lab.run('clear');
  await lab.focusTerminal();
  await page.keyboard.press('F1');
  await expect(page.getByTestId('palette')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(lab.terminal.locator('textarea')).toBeFocused();
  // Alone behind the prompt: neither key has reached the shell.
  await page.keyboard.type('true');
  await lab.until(/^learner@drydock:~\$ true$/);
  await page.keyboard.press('Enter');
});

test('gives its output to screen readers once they are said to be there', async () => {
  const { page, lab } = shared();
  const readable = (text: string) => lab.terminal.getByRole('listitem').filter({ hasText: text });
  await lab.run('clear');
  await lab.run('echo dumb');
  // What is drawn is hidden from them: it changes at every key.
  await expect(readable('dumb')).toHaveCount(0);
  const reader = page.getByRole('button', { name: 'Screen-reader mode' });
  await expect(reader).toHaveAttribute('aria-pressed', 'false');
  await reader.click();
  await expect(reader).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('announcer')).toContainText('Screen-reader mode is on');
  await lab.run('echo sea$((40 + 2))worthy');
  await expect(readable('sea42worthy')).toHaveCount(1);
  await expect(lab.terminal.locator('[aria-live="assertive"]')).toContainText('sea42worthy');
  await reader.click();
  await expect(page.getByTestId('announcer')).toContainText('Screen-reader mode is off');
  await expect(readable('sea42worthy')).toHaveCount(0);
});

test('answers Ctrl-C under an endless output', async () => {
  const { page, lab } = shared();
  await lab.type('yes');
  await page.keyboard.press('Enter');
  await lab.until(/(^|\n)y\ny\ny$/);
  await page.waitForTimeout(3000);
  await page.keyboard.press('Control+C');
  await lab.until(/\^C\nlearner@drydock:~\$$/, 60_000);
  expect(await lab.output('echo still-here')).toBe('still-here');
});

test('prints 200,000 lines to the last, and the page answers meanwhile', async () => {
  const { page, lab } = shared();
  await page.evaluate(watchGaps);
  await lab.type('seq 1 200000; echo all-there');
  await page.keyboard.press('Enter');
  await lab.until(/\n\d{3,}$/);
  // The page does what it is told while the lines rush by.
  await page.getByTestId('reset').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await lab.until(/\n199999\n200000\nall-there\n.*\$/);
  // Told, not asserted: it depends on who else uses the two cores.
  console.log(`      longest gap of the page's main thread: ${Math.round(await page.evaluate(longestGap))} ms`);
});

test('takes a paste of 100 KB complete', async () => {
  const { page, lab } = shared();
  // Lines, since a terminal in line mode takes no more than 4,095 bytes between two line ends.
  const text = `${Array.from({ length: 1280 }, (_, line) => `${String(line).padStart(6, '0')} ${'pasted by the ton '.repeat(4)}`).join('\n')}\n`;
  expect(text.length).toBeGreaterThan(100_000);
  await lab.run('clear');
  await lab.type('stty -echo; cat > pasted.txt; stty echo');
  await page.keyboard.press('Enter');
  await lab.until(/stty echo$/);
  await putOnClipboard(text);
  await lab.focusTerminal();
  await page.keyboard.press('Control+V');
  await expect.poll(async () => bytesOf(await inOtherTerminal('wc -c < pasted.txt')), { timeout: 120_000 }).toBe(text.length);
  await page.keyboard.press('Control+D');
  await lab.until(/\$$/);
  const digest = createHash('sha256').update(text).digest('hex');
  expect(await lab.output('sha256sum < pasted.txt | cut -c1-64')).toBe(digest);
});

/** Copies as one does in any program: select and Ctrl+C. */
async function putOnClipboard(text: string): Promise<void> {
  const { page } = shared();
  const field = await page.evaluateHandle((content) => {
    const area = document.createElement('textarea');
    area.value = content;
    document.body.append(area);
    area.select();
    return area;
  }, text);
  await page.keyboard.press('Control+C');
  await field.evaluate((area) => area.remove());
}

/** Runs a command in a second terminal and comes back. */
async function inOtherTerminal(line: string): Promise<string> {
  const { page, lab } = shared();
  const tabs = page.getByTestId('terminals').getByRole('tab');
  if ((await tabs.count()) === 1) {
    await page.getByTestId('new-terminal').click();
    await lab.until(/\$$/);
  } else await tabs.nth(1).click();
  const output = await lab.output(line);
  await tabs.first().click();
  await lab.focusTerminal();
  return output;
}

test('offers a new shell when the old one has ended', async () => {
  const { page, lab } = shared();
  await lab.type('exit 3');
  await page.keyboard.press('Enter');
  await lab.until(/exit 3\n(exit|logout)\n+The shell ended with code 3\. Press Enter for a new one\.$/);
  await page.keyboard.press('Enter');
  await lab.until(/learner@drydock:~\$$/);
  expect(await lab.output('echo back')).toBe('back');
});

function sizeOf(text: string): { rows: number; columns: number } {
  const [rows, columns] = text.trim().split(' ').map(Number);
  return { rows: rows ?? 0, columns: columns ?? 0 };
}

function bytesOf(text: string): number {
  return Number(text.trim());
}

declare global {
  interface Window {
    longestGap: number;
  }
}

/** In the page: how long the main thread could not take a turn, at most. */
function watchGaps(): void {
  window.longestGap = 0;
  let last = performance.now();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    const now = performance.now();
    window.longestGap = Math.max(window.longestGap, now - last);
    last = now;
    setTimeout(() => channel.port2.postMessage(undefined), 20);
  };
  channel.port2.postMessage(undefined);
}

function longestGap(): number {
  return window.longestGap;
}
