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
    await page.goto(`http://127.0.0.1:${served.port}/en/first-container/`);
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
  const type = async (line: string): Promise<void> => {
    // Twice the prompt: the one typed at, and the one after it.
    const prompts = page.locator('.xterm-rows > div', { hasText: /^learner@drydock:~\$/ });
    const before = await prompts.count();
    await page.locator('.xterm-screen').click();
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
    await prompts.nth(before).waitFor();
  };
  await page.locator('.xterm-rows > div', { hasText: 'learner@drydock:~$' }).first().waitFor();
  await type('docker run --name first hello-world');
  await page.locator('#task-name-it[data-state="done"]').waitFor();
  await type('docker ps -a --format "table {{.Names}}\\t{{.Image}}\\t{{.Status}}"');
  await page.locator('#task-hello-world').evaluate((card) => card.scrollIntoView({ block: 'center' }));
  await page.locator('[data-testid="announcer"]:empty').waitFor({ state: 'attached' });
}
