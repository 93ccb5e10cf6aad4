/** Counts what a server sends, headers included. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class ByteCounter {
  readonly #open = new Set<Socket>();
  #closed = 0;

  /** Counts the server's connections from now on. */
  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        this.#closed += socket.bytesWritten;
      });
    });
  }

  /** Bytes since the counter was made. */
  get total(): number {
    return [...this.#open].reduce((sum, socket) => sum + socket.bytesWritten, this.#closed);
  }
}
