/** The static server of `npm start` and of the tests: any web server would do, this one needs no set-up. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { root, SetupError } from './run.ts';

export interface Served {
  readonly server: Server;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Of a built site. */
  readonly folder?: string;
  /** Path that the site was built for; nothing is found outside of it. */
  readonly base?: string;
}

/** Ports that are tried before it gives up. */
const attempts = 20;

/** Files named by their hash never change; everything else is asked for again. */
function cacheControl(pathname: string): string {
  const immutable = /\/_astro\/|\/vm\/.+\/[0-9a-f]{32}\.|\/(registry|packages)\/blobs\/[0-9a-f]{64}$/.test(pathname);
  return immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Serves a site, `dist` unless another one is named, on the first free port from `port` on (0: any). */
export async function serve(host: string, port: number, { folder = join(root, 'dist'), base = '/' }: ServeOptions = {}): Promise<Served> {
  const missing = await readFile(join(folder, '404.html'));
  const handler = sirv(folder, {
    etag: true,
    // The copies that precompress.ts made.
    gzip: true,
    dotfiles: false,
    setHeaders: (response, pathname) => {
      response.setHeader('Cache-Control', cacheControl(pathname));
      response.setHeader('X-Content-Type-Options', 'nosniff');
    },
  });
  for (let attempt = 0; attempt < attempts; attempt++) {
    const server = createServer((request, response) => {
      const notFound = (): void => {
        // As GitHub Pages and others do it.
        response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
        response.end(missing);
      };
      const { url = '/' } = request;
      if (!url.startsWith(base)) return notFound();
      request.url = `/${url.slice(base.length)}`;
      handler(request, response, notFound);
    });
    const bound = await listen(server, host, port === 0 ? 0 : port + attempt);
    if (bound === undefined) continue;
    return {
      server,
      port: bound,
      close: () =>
        new Promise((done) => {
          server.close(() => done());
          server.closeAllConnections();
        }),
    };
  }
  throw new SetupError(`no free port between ${port} and ${port + attempts - 1}. Set PORT to another one.`);
}

function listen(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((settle, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? settle(undefined) : reject(error)));
    server.listen(port, host, () => {
      const address = server.address();
      settle(typeof address === 'object' && address !== null ? address.port : undefined);
    });
  });
}
