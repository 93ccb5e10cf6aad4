/** Saved machines: by itself and restored after the tab was closed or left, to a file and from it, and what cannot be restored. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { accessible } from './support/axe.ts';
import { LabPage } from './support/lab.ts';
import { siteOrigin } from './support/origin.ts';
import { expect, test } from './support/test.ts';

const lesson = '/en/containers/first-container/';

/** Chromium without a window hides nothing by itself. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** When each machine was saved that was saved by itself. */
function savedAt(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('drydock-machines');
      request.onsuccess = () => resolve(request.result);
    });
    if (!database.objectStoreNames.contains('sessions')) return [];
    const all = database.transaction('sessions').objectStore('sessions').getAll() as IDBRequest<{ kind: string; savedAt: string }[]>;
    const labels = await new Promise<{ kind: string; savedAt: string }[]>((resolve) => (all.onsuccess = () => resolve(all.result)));
    database.close();
    return labels.filter(({ kind }) => kind === 'auto').map((label) => label.savedAt);
  });
}

async function openList(page: Page): Promise<void> {
  await page.getByTestId('sessions').click();
  await expect(page.getByRole('dialog', { name: 'Saved machines' })).toBeVisible();
}

test('a machine is saved by itself while the tab is hidden, stands still then, and is offered in the other language too', async ({ context, page }) => {
  let lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  await lab.run('touch ~/kept');
  await setHidden(page, true);
  await expect.poll(() => savedAt(page), { timeout: 120_000, intervals: [2000] }).toHaveLength(1);

  await test.step('stands still once nobody has looked for a minute, and goes on', async () => {
    await expect(lab.status).toHaveAttribute('data-state', 'paused', { timeout: 90_000 });
    await lab.focusTerminal();
    await page.keyboard.type('echo seen-again');
    await page.waitForTimeout(3000);
    expect(await lab.screen()).not.toContain('seen-again');
    await setHidden(page, false);
    await expect(lab.status).toHaveAttribute('data-state', 'running');
    await lab.until(/\$ echo seen-again$/);
  });
  await page.close();

  page = await context.newPage();
  lab = new LabPage(page);
  await page.goto(lesson.replace('/en/', '/zh-cn/'));
  await expect(page.getByTestId('session-offer')).toContainText('要从上次的进度继续吗？');
  await page.getByTestId('session-continue').click();
  await lab.ready();
  expect(await lab.output('ls')).toBe('kept');
  await page.getByTestId('sessions').click();
  await expect(page.getByTestId('session-list')).toContainText('自动保存');
});

test('a machine in sight is saved by itself when it is let alone, when a link leads away, and by who is asked and stays', async ({ page }) => {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  const lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  await lab.run('touch ~/kept');
  await expect.poll(() => savedAt(page), { timeout: 120_000, intervals: [2000] }).toHaveLength(1);
  const [first] = await savedAt(page);

  await lab.run('touch ~/more');
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => asked).toEqual(['beforeunload']);
  // Less than the minutes between two saves by itself.
  await expect.poll(async () => (await savedAt(page))[0], { timeout: 60_000 }).not.toBe(first);

  await lab.run('touch ~/third');
  await page.locator('.pagination-links a[rel="next"]').click();
  await expect(page).not.toHaveURL(new RegExp(`${lesson}$`));
  // Neither by the link, nor where nothing was done yet.
  await page.goto(lesson);
  expect(asked).toEqual(['beforeunload']);
  await page.getByTestId('session-continue').click();
  await expect(lab.terminal.locator('textarea')).toBeFocused();
  await lab.ready();
  expect(await lab.output('ls')).toBe('kept  more  third');
});

test('a machine that the browser has no room for says so until there is room', async ({ context, page }) => {
  // Two saves by themselves, each of which comes when it likes.
  test.setTimeout(480_000);
  const lab = new LabPage(page);
  const button = page.getByTestId('sessions');
  await page.goto(lesson);
  await lab.ready();
  const devTools = await context.newCDPSession(page);
  // Some room: Chromium takes none for no limit.
  await devTools.send('Storage.overrideQuotaForOrigin', { origin: siteOrigin(), quotaSize: 2 << 20 });
  // No packing makes it smaller.
  await lab.run('head -c 4M /dev/urandom > ~/kept');
  // A browser that tells how little room there is needs no try (DD5011); Chromium promises gigabytes, and refuses (DD5013).
  const code = /DD501[13]/;
  await expect(button).toHaveAttribute('data-trouble', code, { timeout: 120_000 });
  await expect(button).toHaveAccessibleName('Save or restore the machine: it could not be saved by itself');
  await openList(page);
  const trouble = page.getByTestId('session-trouble');
  await expect(trouble).toContainText('The last time, the machine could not be saved by itself.');
  await expect(trouble).toContainText(code);
  await expect(page.getByTestId('session-list')).toContainText('Nothing is saved yet.');

  await devTools.send('Storage.overrideQuotaForOrigin', { origin: siteOrigin() });
  // In sight, it would be tried again only minutes later.
  await setHidden(page, true);
  await expect.poll(() => savedAt(page), { timeout: 120_000, intervals: [2000] }).toHaveLength(1);
  await setHidden(page, false);
  await expect(trouble).toBeEmpty();
  await page.keyboard.press('Escape');
  await expect(button).not.toHaveAttribute('data-trouble');
  await expect(button).toHaveAccessibleName('Save or restore the machine');
});

test('a machine saved by hand outlives its tab, goes to a file and back, and takes the place of a running one', async ({ context, page }, info) => {
  let lab = new LabPage(page);
  await page.goto(lesson);
  await lab.ready();
  await lab.run('docker create --name keeper --label kept=yes busybox sleep 9000 && echo written > ~/notes');
  await openList(page);
  await page.getByTestId('session-name').fill('Before lunch');
  await page.getByTestId('session-save').click();
  await expect(page.getByTestId('session-status')).toContainText('Saved: Before lunch');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save to a file: Before lunch' }).click();
  const kept = info.outputPath('kept.drydock');
  await (await download).saveAs(kept);
  await page.close();

  page = await context.newPage();
  lab = new LabPage(page);
  await page.goto(lesson);
  await expect(page.getByTestId('session-offer')).toContainText('Before lunch');
  await page.getByTestId('session-continue').click();
  await lab.ready();
  // Long enough for the window of the link to close, were its bytes not acknowledged.
  expect(await lab.output('cat ~/notes; docker ps -a --filter label=kept=yes --format "{{.Names}} {{.Status}}"')).toBe('written\nkeeper Created');

  await lab.run('rm ~/notes; docker rm keeper');
  await openList(page);
  const entry = page.getByTestId('session-list').getByRole('listitem').filter({ hasText: 'Before lunch' });
  await entry.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog', { name: 'Delete Before lunch?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByTestId('session-list')).toContainText('Nothing is saved yet.');
  await page.getByTestId('session-file').setInputFiles(kept);
  await expect(page.getByTestId('session-status')).toContainText('Added: Before lunch');
  await entry.getByRole('button', { name: /^Restore/ }).click();
  await page.getByRole('dialog', { name: 'Restore Before lunch?' }).getByRole('button', { name: 'Restore' }).click();
  await expect(lab.status).not.toHaveAttribute('data-state', 'running');
  await lab.ready();
  expect(await lab.output('cat ~/notes; docker ps -a --filter label=kept=yes --format "{{.Names}} {{.Status}}"')).toBe('written\nkeeper Created');
});

test('a machine saved with another image says so, and the lesson starts afresh', async ({ page }, info) => {
  await page.goto('/en/sandbox/');
  const lab = new LabPage(page);
  await lab.ready();
  await openList(page);
  await page.getByTestId('session-name').fill('Of another image');
  const download = page.waitForEvent('download');
  await page.getByTestId('session-to-file').click();
  const kept = info.outputPath('kept.drydock');
  await (await download).saveAs(kept);
  // The label alone is changed to that of an image that never was; its length stays.
  const bytes = await readFile(kept);
  const at = bytes.indexOf('"imageId":"') + '"imageId":"'.length;
  bytes.write('0'.repeat(8), at, 'latin1');
  await writeFile(kept, bytes);
  await page.getByTestId('session-file').setInputFiles(kept);
  const entry = page.getByTestId('session-list').getByRole('listitem').filter({ hasText: 'Of another image' });
  await expect(entry).toContainText('another machine image');
  await expect(entry.getByRole('button', { name: /^Restore/ })).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect(page.getByTestId('session-offer')).toHaveCount(0);
});

test('the list and the question are accessible in both languages and themes, and the list tells of what cannot be restored', async ({ page }) => {
  // No machine is needed, and its downloads would only take time.
  await page.route('**/vm/manifest.json', () => {});
  await page.goto(lesson);
  const imageId = await page.evaluate(() => (JSON.parse(document.querySelector('#drydock-lab-data')?.textContent ?? '{}') as { imageId: string }).imageId);
  const label = (name: string, changes: object): Buffer => {
    const text = Buffer.from(JSON.stringify({ id: '0'.repeat(32), name, kind: 'manual', page: 'containers/first-container', title: 'Your first container', savedAt: '2026-11-25T03:14:15.000Z', imageId, bytes: 1, ...changes }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([Buffer.from('drydock-session 1\n'), length, text, Buffer.from('x')]);
  };
  await openList(page);
  await expect(page.getByTestId('session-save')).toBeDisabled();
  for (const [name, changes] of [['Fits', {}], ['Of another lesson', { page: 'sandbox', title: 'Sandbox' }], ['Of another image', { imageId: 'older' }]] as const) {
    await page.getByTestId('session-file').setInputFiles({ name: `${name}.drydock`, mimeType: 'application/octet-stream', buffer: label(name, changes) });
    await expect(page.getByTestId('session-status')).toContainText(name);
  }
  const entry = (name: string) => page.getByTestId('session-list').getByRole('listitem').filter({ hasText: name });
  await expect(entry('Of another lesson').getByRole('link')).toHaveAttribute('href', '/en/sandbox/');
  await expect(entry('Of another image')).toContainText('another machine image');
  await expect(page.getByRole('button', { name: /^Restore/ })).toHaveCount(1);
  await page.evaluate(() => Object.defineProperty(navigator.storage, 'estimate', { value: async () => ({ quota: 1000, usage: 1000 }), configurable: true }));
  await page.getByTestId('session-file').setInputFiles({ name: 'Too much.drydock', mimeType: 'application/octet-stream', buffer: label('Too much', {}) });
  await expect(page.getByTestId('session-error')).toContainText('DD5011');
  await expect(page.getByTestId('session-error')).toContainText('delete saved machines that you no longer need');
  await expect(entry('Too much')).toHaveCount(0);

  for (const locale of ['en', 'zh-cn']) {
    for (const theme of ['light', 'dark']) {
      await page.evaluate((chosen) => localStorage.setItem('starlight-theme', chosen), theme);
      await page.goto(lesson.replace('en', locale));
      await expect(page.getByTestId('session-offer')).toBeVisible();
      await accessible(page);
      await page.getByTestId('sessions').click();
      await expect(entry('Fits')).toBeVisible();
      await accessible(page);
    }
  }
});
