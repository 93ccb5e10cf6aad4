/** The process of one job: takes its order from the command line, does it, and tells the process that ordered it how it goes. */
import type { z } from 'zod';
import { BuildError, describeError } from '../builder/errors.ts';
import type { Reporter } from '../builder/progress.ts';
import { buildRegistry } from '../builder/registry/build.ts';
import { buildHost } from '../hosts/build.ts';
import { buildPackages } from '../packages/build.ts';
import { makeStart } from '../starts/make-start.ts';
import { orderSchema, type Message } from './orders.ts';

const reporter: Reporter = {
  progress: ({ stage, step, done, total }) => tell({ kind: 'progress', progress: { stage, step, done, total } }),
  warn: (message) => tell({ kind: 'warning', message }),
};

function tell(message: Message): void {
  process.send?.(message);
}

async function carryOut(order: z.output<typeof orderSchema>): Promise<unknown> {
  switch (order.kind) {
    case 'registry and packages': {
      const options = { ...order, reporter };
      return { registry: await buildRegistry(options), packages: await buildPackages(options) };
    }
    case 'host':
      return buildHost(order.name, order.diskFile, { ...order, reporter });
    case 'start':
      return makeStart(order);
  }
}

function failed(error: unknown): Message {
  if (!(error instanceof BuildError)) return { kind: 'failed', message: describeError(error) };
  return { kind: 'failed', code: error.code, message: error.message, hint: error.hint, cause: error.cause === undefined ? undefined : describeError(error.cause) };
}

// Whoever ordered it is gone, and with it everybody who wants the result.
process.once('disconnect', () => process.exit(1));
try {
  tell({ kind: 'done', result: (await carryOut(orderSchema.parse(JSON.parse(process.argv[2] ?? '')))) ?? null });
} catch (error) {
  tell(failed(error));
}
process.removeAllListeners('disconnect');
process.disconnect();
