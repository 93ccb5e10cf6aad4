/**
 * `node scripts/drydock.mjs screenshot`: takes docs/screenshot.png anew, of the real machine after the first two tasks
 * of the first lesson.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumArguments, ensureChromium } from '../lib/chromium.ts';
import { ensureImage } from '../lib/image.ts';
import { main, root } from '../lib/run.ts';
import { serve } from '../lib/serve.ts';
import { ensureSite } from '../lib/site.ts';

const prompt = 'learner@drydock:~$';
const stepMilliseconds = 180_000;

main(async () => {
  const executablePath = await ensureChromium();
  if (!process.argv.includes('--as-is')) {
    await ensureImage();
    await ensureSite();
  }
  const served = await serve('127.0.0.1', 0);
  const browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
    page.setDefaultTimeout(stepMilliseconds);
    await page.goto(`http://127.0.0.1:${served.port}/en/containers/first-container/`);
    await play(page);
    const path = join(root, 'docs/screenshot.png');
    await page.screenshot({ path });
    console.log(`${path}: ${(await readFile(path)).length} bytes`);
  } finally {
    await browser.close();
    await served.close();
  }
});

async function play(page: Page): Promise<void> {
  await untilScreen(page, (screen) => screen.endsWith(prompt));
  for (const line of ['docker run --name first hello-world', 'docker ps -a --format "{{.Names}}: {{.Status}}"']) {
    await page.locator('.xterm-screen').click();
    await page.keyboard.type(line);
    await untilScreen(page, (screen) => screen.endsWith(line.slice(-4)));
    await page.keyboard.press('Enter');
    await untilScreen(page, (screen) => screen.endsWith(prompt));
  }
  await page.locator('#task-name-it[data-state="done"]').waitFor();
  await page.locator('#task-hello-world').evaluate((card) => card.scrollIntoView({ block: 'center' }));
  // The last toast has gone.
  await page.locator('[data-testid="announcer"]:empty').waitFor({ state: 'attached' });
}

/** Waits for what the terminal shows, blank rows at its end left out. */
async function untilScreen(page: Page, fits: (screen: string) => boolean): Promise<void> {
  const deadline = Date.now() + stepMilliseconds;
  for (;;) {
    const rows = await page.locator('.xterm-rows > div').allTextContents();
    const screen = rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n').trimEnd();
    if (fits(screen)) return;
    if (Date.now() > deadline) throw new Error(`the terminal did not come to what was waited for; it shows:\n${screen}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
