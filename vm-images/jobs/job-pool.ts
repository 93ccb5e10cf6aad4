/**
 * Jobs side by side, each in a process of its own: a machine keeps its thread busy, and so does a compressor. A few at a time;
 * the others wait for their turn.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { z } from 'zod';
import { BuildError } from '../builder/errors.ts';
import type { Reporter } from '../builder/progress.ts';
import { messageSchema, type Order } from './orders.ts';

export interface JobPoolOptions {
  /** How many run at once. */
  readonly atOnce: number;
  readonly reporter: Reporter;
}

export interface JobOptions {
  /** Under which its progress is shown, empty for that of the command itself; absent where whoever ordered it tells of it. */
  readonly lane?: string;
  /** Before those that wait already: for a job that takes longer than they do. */
  readonly first?: boolean;
}

/**
 * V8's optimising compiler does not pay for the minute of a start. For an installation it does, even where another machine runs
 * on the other core: with the first compiler alone the host centos takes 8.5 minutes in place of 7.4.
 */
const engineArguments: Record<Order['kind'], readonly string[]> = { 'registry and packages': [], machine: [], host: [], start: ['--liftoff-only'] };

export class JobPool {
  readonly #options: JobPoolOptions;
  readonly #waiting: (() => void)[] = [];
  readonly #ending = new AbortController();
  #running = 0;

  constructor(options: JobPoolOptions) {
    this.#options = options;
  }

  /**
   * Resolves with what the job gives, once its turn has come and it is done.
   *
   * @throws BuildError what the job failed with; Error where its process ended otherwise, or the pool was closed
   */
  async run<Result>(order: Order, result: z.ZodType<Result>, { lane, first = false }: JobOptions = {}): Promise<Result> {
    while (this.#running >= this.#options.atOnce) {
      await new Promise<void>((proceed) => void (first ? this.#waiting.unshift(proceed) : this.#waiting.push(proceed)));
    }
    this.#ending.signal.throwIfAborted();
    this.#running++;
    try {
      return result.parse(await inProcess(order, this.#ending.signal, { ...this.#options, lane }));
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the processes that are at work. */
  close(): void {
    this.#ending.abort(new Error('another part of the build has failed'));
    for (const proceed of this.#waiting.splice(0)) proceed();
  }
}

function inProcess(order: Order, signal: AbortSignal, { reporter, lane }: { reporter: Reporter; lane: string | undefined }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'job.ts'), [JSON.stringify(order)], {
      execArgv: [...process.execArgv, ...engineArguments[order.kind]],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal,
    });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('message', (received) => {
      const message = messageSchema.parse(received);
      switch (message.kind) {
        case 'progress':
          if (lane !== undefined) reporter.progress({ lane, ...message.progress });
          break;
        case 'warning':
          reporter.warn(lane === undefined ? message.message : `${lane}: ${message.message}`);
          break;
        case 'done':
          resolve(message.result);
          break;
        case 'failed':
          reject(failure(message));
          break;
      }
    });
    child.once('error', reject);
    // After its last message; nothing more is decided where there was one.
    child.once('close', (code, killedBy) => reject(new Error(`its process ended with ${killedBy ?? `code ${code}`}: ${said.trim()}`)));
  });
}

function failure({ code, message, hint, cause }: { code?: BuildError['code'] | undefined; message: string; hint?: string | undefined; cause?: string | undefined }): Error {
  const why = cause === undefined ? undefined : new Error(cause);
  return code === undefined ? new Error(message, { cause: why }) : new BuildError(code, message, hint ?? '', why);
}
