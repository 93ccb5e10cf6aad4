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

/** Files named by their hash never change; everything else is asked for again. */
function cacheControl(pathname: string): string {
  const immutable = /\/_astro\/|\/vm\/.+\/[0-9a-f]{32}\.|\/(registry|packages)\/blobs\/[0-9a-f]{64}$/.test(pathname);
  return immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/** Serves `dist` on the first free port from `port` on (0: any). */
export async function serve(host: string, port: number, attempts = 20): Promise<Served> {
  const missing = await readFile(join(root, 'dist/404.html'));
  const handler = sirv(join(root, 'dist'), {
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
      handler(request, response, () => {
        // As GitHub Pages and others do it.
        response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
        response.end(missing);
      });
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
