/** `<drydock-lab>` in a page of another origin: two lines of HTML, tasks that are done in the frame, events outside of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator } from '@playwright/test';
import { siteOrigin } from './support/origin.ts';
import { expect, test } from './support/test.ts';

declare global {
  interface Window {
    heard: { name: string; detail: unknown }[];
  }
}

let server: Server;
let origin: string;

/** What an author writes, plus ears for the events. */
const page = (attributes: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Somebody else's page</title>
<script>
  window.heard = [];
  for (const name of ['ready', 'machine', 'progress', 'task-done']) document.addEventListener('drydock-' + name, ({ detail }) => heard.push({ name, detail }));
</script>
<script src="${siteOrigin()}/drydock-lab.js" async></script>
<drydock-lab ${attributes}></drydock-lab>`;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '/', 'http://any');
    response.writeHead(pathname === '/' ? 200 : 204, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(pathname === '/' ? page(searchParams.get('attributes') ?? '') : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => {
  server.close();
  server.closeAllConnections();
});
test.beforeEach(({ faults }) => {
  // The page itself is of another origin than the site: that is the point.
  faults.expect(new RegExp(`^left the origin: ${origin}/`));
});

function address(attributes: string): string {
  return `${origin}/?attributes=${encodeURIComponent(attributes)}`;
}

test('shows a lesson of another origin, and tells the page what is done', async ({ page: outside }) => {
  await outside.goto(address('lesson="containers/first-container" theme="dark" height="700"'));
  const element = outside.locator('drydock-lab');
  const frame: FrameLocator = element.frameLocator('iframe');
  expect((await element.boundingBox())?.height).toBe(700);
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Your first container');
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(frame.locator('#task-hello-world')).toHaveAttribute('data-state', 'open');
  await expect(frame.getByTestId('machine-status')).toHaveAttribute('data-state', 'running', { timeout: 120_000 });

  await test.step('the colours change without a new machine', async () => {
    await element.evaluate((lab) => lab.setAttribute('theme', 'light'));
    await expect(frame.locator('html')).toHaveAttribute('data-theme', 'light');
    await expect(frame.getByTestId('machine-status')).toHaveAttribute('data-state', 'running');
  });

  await test.step('a forged message is not believed', async () => {
    await outside.evaluate(() => window.postMessage({ channel: 'drydock-lab/1', type: 'task', id: 'forged', title: '' }, '*'));
  });

  await frame.locator('[data-testid="terminal"]:not([hidden]) .xterm-screen').click();
  await expect(frame.locator('.xterm-rows')).toContainText('$');
  await outside.keyboard.type('docker run hello-world');
  await outside.keyboard.press('Enter');
  await expect(frame.locator('#task-hello-world')).toHaveAttribute('data-state', 'done', { timeout: 180_000 });

  const heard = await outside.evaluate(() => window.heard);
  expect(heard[0]).toEqual({ name: 'ready', detail: {} });
  expect(heard.filter(({ name }) => name === 'machine').map(({ detail }) => (detail as { state: string }).state)).toContain('running');
  expect(heard.filter(({ name }) => name === 'task-done').map(({ detail }) => (detail as { id: string }).id)).toEqual(['hello-world']);
  const progress = heard.findLast(({ name }) => name === 'progress')?.detail as { done: number; total: number; tasks: unknown[] };
  expect(progress.done).toBe(1);
  expect(progress.total).toBe(progress.tasks.length);
});

test('waits for its button where asked to, in the language of the page', async ({ page: outside }) => {
  // That it starts is what is looked at, not what it then takes its time for.
  await outside.route('**/vm/manifest.json', () => {});
  await outside.goto(address('lesson="containers/first-container" locale="zh-cn" start="click"'));
  const frame = outside.locator('drydock-lab').frameLocator('iframe');
  await expect(frame.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(frame.getByTestId('start')).toHaveText('启动虚拟机');
  await expect(frame.getByTestId('machine-status')).toHaveAttribute('data-state', 'idle');
  // Links leave the frame.
  await expect(frame.locator('base')).toHaveAttribute('target', '_blank');

  await frame.getByTestId('start').click();
  await expect(frame.getByTestId('machine-status')).toHaveAttribute('data-state', 'loading');
  await expect(frame.getByTestId('start')).toHaveCount(0);
});

test('tells its author about a lesson that is no address', async ({ page: outside, faults }) => {
  faults.expect(/drydock-lab: the attribute lesson/);
  const error = outside.waitForEvent('console', (message) => message.type() === 'error');
  await outside.goto(address('lesson="javascript:alert(1)"'));
  expect((await error).text()).toContain('lesson="module/name"');
});
