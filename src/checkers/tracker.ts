/**
 * Keeps the state of an exercise's tasks up to date, driven by the engine's events.
 *
 * Events come for free; looking costs the emulated processor. So one look follows a burst of events, asks only what the
 * open tasks need, and a slow look now and then catches what no event tells.
 */
import type { EngineClient } from '../guest/engine/client.ts';
import type { EngineEvent } from '../guest/engine/schemas.ts';
import type { DrydockError } from '../shared/errors.ts';
import type { Localized } from '../shared/locale.ts';
import { evaluateTask, type TaskResult } from './evaluate.ts';
import { History, type SeenRequest } from './history.ts';
import { namesImage } from './image-name.ts';
import { LogFollower } from './log-follower.ts';
import { downEngine, type EngineReader, type GuestReader, Look } from './look.ts';
import { isTelling, isToldEarly, OwnExecs } from './relevance.ts';
import type { Exercise, Task } from './schema.ts';

export type TaskState =
  /** Not looked at yet. */
  | { kind: 'unknown' }
  /** Other tasks come first. */
  | { kind: 'waiting'; needs: readonly string[] }
  /** Once done it stays so. */
  | { kind: 'done' }
  /** Not done yet; the reason says what is missing. */
  | { kind: 'open'; assertion: string; reason: Localized }
  /** Something was done, but wrongly; the reason says what. */
  | { kind: 'wrong'; assertion: string; reason: Localized }
  /** It could not be looked at. */
  | { kind: 'error'; error: DrydockError };

/** By task id, in the order of the exercise. */
export type TaskStates = ReadonlyMap<string, TaskState>;

/** What the tracker needs of the engine client. */
export type TrackedEngine = EngineReader & Pick<EngineClient, 'events' | 'followLogs'>;

export interface TaskTrackerOptions {
  exercise: Exercise;
  engine: TrackedEngine;
  guest: GuestReader;
  /** Ids of tasks done earlier. */
  done: Iterable<string>;
  /** Called with all states whenever one changed. */
  onChange: (states: TaskStates) => void;
  timings?: Partial<TrackerTimings>;
}

/** In milliseconds. */
export interface TrackerTimings {
  /** Quiet after an event before a look. */
  debounce: number;
  /** Longest delay of a look while events keep coming. */
  patience: number;
  /** How long something must be wrong before it is called so: steps of one command pass through odd states. */
  settle: number;
  /** Between looks without an event, while a task waits for a file or for what a command says, or could not be looked at. */
  silent: number;
  /** Between looks without an event otherwise. */
  safety: number;
}

const defaultTimings: TrackerTimings = { debounce: 150, patience: 600, settle: 1500, silent: 4000, safety: 20_000 };

type Timer = ReturnType<typeof setTimeout>;

interface Suspicion {
  assertion: string;
  state: TaskState;
  timer: Timer;
}

export class TaskTracker {
  readonly #options: TaskTrackerOptions;
  readonly #timings: TrackerTimings;
  readonly #history = new History();
  readonly #ownExecs: OwnExecs;
  readonly #logs: LogFollower;
  readonly #done: Set<string>;
  #states = new Map<string, TaskState>();
  readonly #suspicions = new Map<string, Suspicion>();
  #run: AbortController | undefined;
  /** Whether the engine has been heard of yet, be it that it is down. */
  #following = false;
  /** Why the engine cannot be asked. */
  #lost: DrydockError | undefined;
  #looking = false;
  #again = false;
  #timer: Timer | undefined;
  /** For a second look after an event that is told early. */
  #secondLook: Timer | undefined;
  #waitingSince: number | undefined;
  /** Tasks at the last look whose state no event tells of. */
  #silent: ReadonlySet<string> = new Set();
  /** When all open tasks were last looked at; milliseconds since 1970. */
  #fullLook = 0;

  constructor(options: TaskTrackerOptions) {
    this.#options = options;
    this.#timings = { ...defaultTimings, ...options.timings };
    this.#ownExecs = new OwnExecs(options.exercise);
    this.#logs = new LogFollower(options.engine, () => this.#schedule());
    this.#done = new Set(options.done);
    this.#states = this.#initialStates();
  }

  get states(): TaskStates {
    return this.#states;
  }

  /** Begins to follow the engine. Without effect while it runs. */
  start(): void {
    if (this.#run !== undefined) return;
    this.#run = new AbortController();
    void this.#follow(this.#run.signal);
  }

  /** Ends all requests and timers; the states stay as they are. */
  stop(): void {
    this.#run?.abort();
    this.#run = undefined;
    this.#following = false;
    this.#lost = undefined;
    this.#logs.stop();
    this.#clearTimer();
    clearTimeout(this.#secondLook);
    this.#silent = new Set();
    for (const { timer } of this.#suspicions.values()) clearTimeout(timer);
    this.#suspicions.clear();
  }

  /** Forgets this session, for a machine that is back at its start. What was done stays done, unless `done` says otherwise. */
  reset(done: Iterable<string> = [...this.#done]): void {
    const running = this.#run !== undefined;
    this.stop();
    this.#history.clear();
    const kept = new Set(done);
    this.#done.clear();
    for (const id of kept) this.#done.add(id);
    this.#states = this.#initialStates();
    this.#options.onChange(this.#states);
    if (running) this.start();
  }

  /** Looks soon: something may have changed that the engine does not tell, such as a file. Cheap to call often. */
  poke(): void {
    this.#schedule();
  }

  /** Looks soon at what no event tells of, and only at that: a command has ended, or a file was saved. Cheap to call often. */
  lookAtSilent(): void {
    const run = this.#run;
    // A look at everything that is due or under way sees it too.
    if (run === undefined || !this.#following || this.#waitingSince !== undefined) return;
    if (this.#looking) this.#again = true;
    else if (this.#silent.size > 0) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#look(run.signal, this.#silent), this.#timings.debounce);
    }
  }

  /** A registry of the page's network was asked for something; while the start is still being prepared, that counts as well. */
  heard(request: SeenRequest): void {
    this.#history.addRequest(request);
    const matters = this.#openTasks().some((task) => task.assertions.some((assertion) => [assertion, ...assertion.mistakes].some(({ look }) => look === 'registry-request')));
    if (matters) this.#schedule();
  }

  #initialStates(): Map<string, TaskState> {
    const state = (task: Task): TaskState => (this.#done.has(task.id) ? { kind: 'done' } : { kind: 'unknown' });
    return new Map(this.#options.exercise.tasks.map((task) => [task.id, state(task)]));
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const item of this.#options.engine.events(signal)) {
      if (signal.aborted) return;
      if (item.kind === 'connected') {
        this.#following = true;
        this.#lost = undefined;
        this.#schedule(0);
      } else if (item.kind === 'lost') {
        // It may be the engine's own settings that are to be mended, or there may be none yet: what needs no engine is looked at.
        if (this.#lost !== undefined) continue;
        this.#following = true;
        this.#lost = item.error;
        this.#schedule(0);
      } else if (!this.#ownExecs.has(item.event)) {
        this.#history.add(item.event);
        this.#lookBeforeItGoes(item.event, signal);
        if (isTelling(item.event)) this.#schedule();
        if (isToldEarly(item.event)) this.#scheduleSecondLook();
      }
    }
  }

  /** A container that removes itself can only be looked at while it lives. */
  #lookBeforeItGoes(event: EngineEvent, signal: AbortSignal): void {
    if (event.Type !== 'container' || event.Action !== 'start') return;
    const { name, image = '' } = event.Actor.Attributes;
    const matters = this.#openTasks().some((task) =>
      task.assertions.flatMap((assertion) => [assertion, ...assertion.mistakes]).some(
        (assertion) =>
          assertion.look === 'container' &&
          assertion.where.removed &&
          (assertion.where.name === undefined || assertion.where.name === name) &&
          (assertion.where.image === undefined || namesImage(image, assertion.where.image, undefined)),
      ),
    );
    if (!matters) return;
    this.#options.engine.inspectContainer(event.Actor.ID, { signal }).then(
      (inspect) => {
        if (inspect !== null) this.#history.keep(inspect);
      },
      () => {
        // The engine failing shows in the look that follows; a container already gone is told by its events.
      },
    );
  }

  #openTasks(): Task[] {
    return this.#options.exercise.tasks.filter((task) => !this.#done.has(task.id));
  }

  #schedule(delay = this.#timings.debounce): void {
    const run = this.#run;
    if (run === undefined || !this.#following) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    const now = Date.now();
    this.#waitingSince ??= now;
    const latest = this.#waitingSince + this.#timings.patience - now;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(run.signal), Math.max(0, Math.min(delay, latest)));
  }

  #scheduleSecondLook(): void {
    clearTimeout(this.#secondLook);
    this.#secondLook = setTimeout(() => this.#schedule(), this.#timings.settle);
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waitingSince = undefined;
  }

  /** @param only the tasks to look at; all that are open unless given */
  async #look(signal: AbortSignal, only?: ReadonlySet<string>): Promise<void> {
    this.#clearTimer();
    this.#looking = true;
    this.#again = false;
    const engine = this.#lost === undefined ? this.#options.engine : downEngine(this.#lost);
    const look = new Look(engine, this.#options.guest, this.#history, signal);
    const follow = new Set<string>();
    const silent = new Set<string>();
    if (only === undefined) this.#fullLook = Date.now();
    for (const task of this.#openTasks()) {
      if (only?.has(task.id) === false) continue;
      const missing = task.needs.filter((need) => !this.#done.has(need));
      if (missing.length > 0) {
        this.#set(task.id, { kind: 'waiting', needs: missing });
        continue;
      }
      const result = await evaluateTask(task, look);
      if (signal.aborted) break;
      this.#apply(task.id, result);
      // Tasks that waited for this one were left out of a look at a few.
      if (result.kind === 'pass' && only !== undefined) this.#again = true;
      // What could not be looked at is asked again soon too: no event tells when it can.
      if (result.kind === 'error') silent.add(task.id);
      if (result.kind !== 'fail') continue;
      if (result.followLog !== undefined) follow.add(result.followLog);
      if (result.silent === true) silent.add(task.id);
    }
    this.#looking = false;
    this.#silent = silent;
    if (signal.aborted) {
      // A run that was started meanwhile asked for a look that this one stood in the way of.
      if (this.#again) this.#schedule();
      return;
    }
    if (only === undefined) this.#logs.follow(follow);
    else if (follow.size > 0) this.#again = true;
    if (this.#openTasks().length === 0) return;
    if (this.#again) this.#schedule();
    else if (this.#following) this.#lookLater(signal);
  }

  /** Without an event: soon at what no event tells of, since reading a file is cheap, seldom at everything. */
  #lookLater(signal: AbortSignal): void {
    const silent = this.#silent;
    const untilFull = this.#fullLook + this.#timings.safety - Date.now();
    const soon = silent.size > 0 && this.#timings.silent < untilFull;
    this.#timer = setTimeout(() => void this.#look(signal, soon ? silent : undefined), soon ? this.#timings.silent : Math.max(0, untilFull));
  }

  #apply(id: string, result: TaskResult): void {
    if (result.kind === 'pass') {
      this.#done.add(id);
      this.#settle(id, { kind: 'done' });
    } else if (result.kind === 'error') {
      this.#settle(id, result);
    } else if (result.open) {
      this.#settle(id, { kind: 'open', assertion: result.assertion, reason: result.reason });
    } else {
      this.#suspect(id, { kind: 'wrong', assertion: result.assertion, reason: result.reason });
    }
  }

  /** Something is wrong: said at once if it was said before, else only if it stays so. */
  #suspect(id: string, state: Extract<TaskState, { kind: 'wrong' }>): void {
    const current = this.#states.get(id);
    if (current?.kind === 'wrong' && current.assertion === state.assertion) {
      this.#settle(id, state);
      return;
    }
    const earlier = this.#suspicions.get(id);
    if (earlier !== undefined && earlier.assertion === state.assertion) {
      earlier.state = state;
      return;
    }
    clearTimeout(earlier?.timer);
    const suspicion: Suspicion = {
      assertion: state.assertion,
      state,
      timer: setTimeout(() => this.#settle(id, suspicion.state), this.#timings.settle),
    };
    this.#suspicions.set(id, suspicion);
  }

  #settle(id: string, state: TaskState): void {
    clearTimeout(this.#suspicions.get(id)?.timer);
    this.#suspicions.delete(id);
    this.#set(id, state);
  }

  #set(id: string, state: TaskState): void {
    if (isSame(this.#states.get(id), state)) return;
    this.#states = new Map(this.#states).set(id, state);
    this.#options.onChange(this.#states);
  }
}

function isSame(a: TaskState | undefined, b: TaskState): boolean {
  if (a?.kind !== b.kind) return false;
  if (a.kind === 'error' && b.kind === 'error') return a.error.message === b.error.message;
  return JSON.stringify(a) === JSON.stringify(b);
}
