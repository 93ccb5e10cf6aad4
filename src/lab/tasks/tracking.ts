/** Joins the exercise's tasks: the tracker that looks at the engine, the cards, the summary and the kept progress. */
import { prepareExercise } from '../../checkers/prepare.ts';
import { ProgressStore } from '../../checkers/progress.ts';
import type { Exercise } from '../../checkers/schema.ts';
import { TaskTracker, type TaskState } from '../../checkers/tracker.ts';
import type { AgentClient } from '../../guest/client.ts';
import { EngineClient } from '../../guest/engine/client.ts';
import { describeError, isDrydockError } from '../../shared/errors.ts';
import { fillTemplate } from '../../shared/locale.ts';
import type { LabContext } from '../context.ts';
import { labEvents, tellPage } from '../events.ts';
import type { ViewTabs } from '../layout/view-tabs.ts';
import { onLessonNodes } from '../lesson-nodes.ts';
import { readPageData } from '../page-data.ts';
import { progressStorage } from '../storage.ts';
import { showOnCards } from './cards.ts';
import { attachHints } from './hints.ts';
import { countDone, isNews, type TaskStatus } from './status.ts';
import { TaskSummary } from './summary.ts';

/** Follows the tasks for as long as the page lives. @returns the summary for the bar */
export function trackTasks(context: LabContext, exercise: Exercise, lesson: HTMLElement, views: ViewTabs): HTMLElement {
  const board = new TaskBoard(context, exercise, lesson, views);
  // With other cards, the tasks may be other ones too.
  onLessonNodes(() => board.attach(readPageData().exercise ?? exercise));
  board.follow();
  return board.element;
}

class TaskBoard {
  readonly #context: LabContext;
  #exercise: Exercise;
  readonly #lesson: HTMLElement;
  readonly #views: ViewTabs;
  readonly #summary: TaskSummary;
  readonly #progress = new ProgressStore(progressStorage());
  /** By task, in the order of the exercise. */
  #statuses: TaskStatus[] = [];
  readonly #done = new Set<string>();
  #stop: (() => void) | undefined;
  /** While a machine is followed: looks at the tasks that there are now. */
  #retrack: (() => void) | undefined;
  #warned = false;

  constructor(context: LabContext, exercise: Exercise, lesson: HTMLElement, views: ViewTabs) {
    this.#context = context;
    this.#exercise = exercise;
    this.#lesson = lesson;
    this.#views = views;
    this.#summary = new TaskSummary(context.strings, (id) => this.#goTo(id));
  }

  /** Brings the cards of the lesson to life. What was done stays done. */
  attach(exercise: Exercise): void {
    const { locale } = this.#context;
    this.#exercise = exercise;
    this.#summary.setTasks(exercise.tasks.map(({ id, title }) => ({ id, title: title[locale].replaceAll('`', '') })));
    const { progress, warning } = this.#progress.load(exercise.id);
    if (warning) this.#warn(warning);
    for (const { id } of exercise.tasks) if (id in progress.done) this.#done.add(id);
    this.#statuses = exercise.tasks.map(({ id }): TaskStatus => (this.#done.has(id) ? { kind: 'done' } : { kind: 'open' }));
    exercise.tasks.forEach((_, index) => this.#show(index));
    this.#tell();
    attachHints(this.#lesson, progress.hints, (task, count) => this.#keep(() => this.#progress.setHints(exercise.id, task, count)));
    this.#retrack?.();
  }

  /** Looks at the engine of every machine that comes. */
  follow(): void {
    this.#context.session.onAgent((agent) => {
      this.#stop?.();
      this.#stop = agent && this.#follow(agent);
    });
  }

  get element(): HTMLElement {
    return this.#summary.element;
  }

  /** Makes the exercise's start, then watches. @returns a function that ends it */
  #follow(agent: AgentClient): () => void {
    this.#readDone();
    const { session } = this.#context;
    const ended = new AbortController();
    const engine = new EngineClient(agent);
    const makeTracker = (): TaskTracker => new TaskTracker({
      exercise: this.#exercise, engine, guest: agent, done: this.#done,
      onChange: (states) => {
        if (!ended.signal.aborted) this.#exercise.tasks.forEach(({ id }, index) => this.#update(index, statusOf(states.get(id))));
      },
    });
    let tracker = makeTracker();
    let watching = false;
    this.#retrack = () => {
      tracker.stop();
      tracker = makeTracker();
      if (watching) tracker.start();
    };
    const prepared = session.cameWithStart ? Promise.resolve() : prepareExercise({
      exercise: this.#exercise, engine, guest: agent, signal: ended.signal,
      onStep: (done, total) => {
        if (!ended.signal.aborted) session.prepare({ done, total });
      },
    });
    prepared.then(
      () => {
        if (ended.signal.aborted) return;
        session.prepare('done');
        watching = true;
        tracker.start();
      },
      (error: unknown) => {
        if (ended.signal.aborted || isDrydockError(error, 'operation-cancelled')) return;
        session.prepare('failed');
        this.#exercise.tasks.forEach((_, index) => this.#update(index, { kind: 'error', error }));
      },
    );
    const stopListening = this.#context.session.onRegistryAccess((access) => tracker.heard(access));
    const stopWatching = this.#context.deeds.on(() => tracker.lookAtSilent());
    return () => {
      ended.abort();
      this.#retrack = undefined;
      stopListening();
      stopWatching();
      tracker.stop();
    };
  }

  /** A saved machine may have brought progress along. */
  #readDone(): void {
    const { progress } = this.#progress.load(this.#exercise.id);
    this.#exercise.tasks.forEach(({ id }, index) => {
      if (!(id in progress.done) || this.#done.has(id)) return;
      this.#done.add(id);
      this.#statuses[index] = { kind: 'done' };
      this.#show(index);
      this.#tell();
    });
  }

  #update(index: number, status: TaskStatus): void {
    const task = this.#exercise.tasks[index];
    const before = this.#statuses[index];
    // What is done stays done, also while it cannot be looked at.
    if (!task || (before?.kind === 'done' && status.kind !== 'done')) return;
    // A machine that stands still answers nothing. It is looked at again when it runs.
    if (status.kind === 'error' && this.#context.session.state.kind === 'paused') return;
    this.#statuses[index] = status;
    if (status.kind === 'done' && !this.#done.has(task.id)) {
      this.#done.add(task.id);
      this.#keep(() => this.#progress.markDone(this.#exercise.id, [task.id], new Date()));
    }
    this.#show(index);
    this.#tell();
    if (isNews(before, status)) this.#announce(index, status);
  }

  #show(index: number): void {
    const task = this.#exercise.tasks[index];
    const status = this.#statuses[index];
    if (!task || !status) return;
    const { locale, strings } = this.#context;
    showOnCards(this.#lesson, task.id, status, locale, strings);
    this.#summary.render(this.#statuses);
    this.#views.setProgress(fillTemplate(strings.tasksShort, { done: countDone(this.#statuses), total: this.#statuses.length }));
  }

  #tell(): void {
    const { locale } = this.#context;
    tellPage(labEvents.tasks, {
      tasks: this.#exercise.tasks.map(({ id, title }, index) => ({ id, title: title[locale].replaceAll('`', ''), done: this.#statuses[index]?.kind === 'done' })),
    });
  }

  #announce(index: number, status: TaskStatus): void {
    const { announcer, locale, strings } = this.#context;
    const n = index + 1;
    if (status.kind === 'wrong') announcer.say(fillTemplate(strings.taskWrongAnnounce, { n, reason: status.reason[locale].replaceAll('`', '') }));
    else if (countDone(this.#statuses) === this.#statuses.length) announcer.say(strings.allDone);
    else announcer.say(fillTemplate(strings.taskDoneAnnounce, { n, title: this.#exercise.tasks[index]?.title[locale].replaceAll('`', '') ?? '' }));
  }

  #goTo(id: string): void {
    this.#views.show('lesson');
    const card = this.#lesson.querySelector<HTMLElement>(`#task-${CSS.escape(id)}`);
    if (!card) return;
    card.scrollIntoView({ block: 'center' });
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  }

  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#warn(error);
    }
  }

  /** Said once: the learner can do little about it, and nothing else stops working. */
  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const { announcer, locale, strings } = this.#context;
    announcer.say(fillTemplate(strings.progressNotSaved, { reason: describeError(error, locale).why }));
  }
}

function statusOf(state: TaskState | undefined): TaskStatus {
  switch (state?.kind) {
    case 'done':
      return { kind: 'done' };
    case 'wrong':
      return { kind: 'wrong', reason: state.reason };
    case 'error':
      return { kind: 'error', error: state.error };
    default:
      return { kind: 'open' };
  }
}
