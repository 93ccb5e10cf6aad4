/**
 * Opens what a lesson names, in the part of the lab that can show it. Until the machine has it, the learner is told so and
 * the last wish waits; not for ever, since an editor that comes up minutes later is only in the way.
 */
import { fillTemplate } from '../../shared/locale.ts';
import type { EngineViewName } from '../engine/views.ts';
import type { LabSession, LabState } from '../machine/session.ts';
import type { Strings } from '../page-data.ts';
import { nameOf, type OpenTarget } from './target.ts';

/** As long as a download may take on a slow line, while whoever pressed the button is still there. */
export const openWaitMilliseconds = 5 * 60_000;

/** The parts of the lab, each brought into sight by itself. None rejects: what goes wrong is said by the part. */
export interface OpenParts {
  file(path: string, line: number | undefined): Promise<void>;
  terminal(another: boolean): void;
  preview(address: string): Promise<void>;
  engine(view: EngineViewName): Promise<void>;
}

export interface OpenerOptions {
  parts: OpenParts;
  session: Pick<LabSession, 'state' | 'onState'>;
  strings: Strings;
  say(text: string): void;
  /** Sees to it that the machine is on its way. @returns false if the learner was asked something else first */
  wake(): boolean;
  /** Notes where the learner is. @returns tells, later, whether they went elsewhere: then a function that lets them be there again */
  notePlace(): () => (() => void) | undefined;
}

export class Opener {
  readonly #options: OpenerOptions;
  #waiting: AbortController | undefined;

  constructor(options: OpenerOptions) {
    this.#options = options;
  }

  async open(target: OpenTarget): Promise<void> {
    const { session, strings, say, wake, notePlace } = this.#options;
    this.#waiting?.abort();
    if (isReady(session.state, target)) return this.#show(target);
    const waiting = new AbortController();
    this.#waiting = waiting;
    const name = nameOf(target, strings).text;
    const leftFor = notePlace();
    if (wake()) say(fillTemplate(strings.openWaits, { name }));
    const outcome = await whenReady(session, target, waiting.signal);
    if (outcome === 'replaced') return;
    if (outcome === 'in vain') return say(fillTemplate(strings.openInVain, { name }));
    // Who types elsewhere by now keeps the keyboard.
    const goBack = leftFor();
    await this.#show(target);
    if (goBack === undefined) return;
    goBack();
    say(fillTemplate(strings.opened, { name }));
  }

  async #show(target: OpenTarget): Promise<void> {
    const { parts } = this.#options;
    switch (target.kind) {
      case 'file':
        return parts.file(target.path, target.line);
      case 'terminal':
        return parts.terminal(target.another);
      case 'preview':
        return parts.preview(target.address);
      case 'engine':
        return parts.engine(target.view);
    }
  }
}

/** Files and services may be part of the lesson's start, which is still being made when the machine runs. */
function isReady(state: LabState, { kind }: OpenTarget): boolean {
  return state.kind === 'running' && (state.preparing === undefined || kind === 'terminal' || kind === 'engine');
}

async function whenReady(session: OpenerOptions['session'], target: OpenTarget, signal: AbortSignal): Promise<'ready' | 'in vain' | 'replaced'> {
  const { promise, resolve } = Promise.withResolvers<'ready' | 'in vain' | 'replaced'>();
  // The first state is the one that is: a failure in it is being tried again.
  let isNews = false;
  const stop = session.onState((state) => {
    if (isReady(state, target)) resolve('ready');
    else if (isNews && state.kind === 'failed') resolve('in vain');
    isNews = true;
  });
  const timer = setTimeout(() => resolve('in vain'), openWaitMilliseconds);
  signal.addEventListener('abort', () => resolve('replaced'));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}
