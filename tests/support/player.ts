/** A learner who works on an exercise, watched by the tracker as in the lab. */
import { prepareExercise } from '../../src/checkers/prepare.ts';
import type { Exercise } from '../../src/checkers/schema.ts';
import type { SeenRequest } from '../../src/checkers/history.ts';
import { TaskTracker, type TaskState } from '../../src/checkers/tracker.ts';
import type { TestMachine } from './machine.ts';
import { Terminal } from './terminal.ts';

/** Longer than any test: only the engine's events make the tracker look, so that a missed one shows. */
const noSafetyLook = 24 * 3600 * 1000;
/** From the deed to its mark, on two busy cores. */
const noticeMilliseconds = 60_000;

export class Player {
  readonly machine: TestMachine;
  readonly terminal: Terminal;
  readonly #tracker: TaskTracker;
  /** Every state that each task has shown, in order. */
  readonly #shown = new Map<string, TaskState[]>();
  #changed = Promise.withResolvers<void>();

  private constructor(machine: TestMachine, terminal: Terminal, exercise: Exercise, done: readonly string[]) {
    this.machine = machine;
    this.terminal = terminal;
    this.#tracker = new TaskTracker({
      exercise,
      engine: machine.engine,
      guest: machine.agent,
      done,
      timings: { safety: noSafetyLook },
      onChange: (states) => {
        for (const [id, state] of states) {
          const shown = this.#shown.get(id) ?? [];
          if (shown.at(-1) !== state) this.#shown.set(id, [...shown, state]);
        }
        this.#changed.resolve();
        this.#changed = Promise.withResolvers();
      },
    });
  }

  /** Makes the start of the exercise on a fresh machine, and sits down at it. */
  static async prepare(machine: TestMachine, exercise: Exercise): Promise<Player> {
    await prepareExercise({ exercise, engine: machine.engine, guest: machine.agent });
    return Player.start(machine, exercise, []);
  }

  /** Sits down at a prepared machine on which the tasks of `done` were done, and waits for the tracker's first look. */
  static async start(machine: TestMachine, exercise: Exercise, done: readonly string[]): Promise<Player> {
    const player = new Player(machine, await Terminal.open(machine.agent), exercise, done);
    player.#tracker.start();
    for (const task of exercise.tasks) await player.until(task.id, (state) => state.kind !== 'unknown');
    return player;
  }

  /** Has the tracker look at once: a look under way when the machine was frozen ended in vain, and no event may follow. */
  lookAgain(): void {
    this.#tracker.poke();
  }

  /** A registry was asked for something. */
  heard(request: SeenRequest): void {
    this.#tracker.heard(request);
  }

  /** Types lines as a learner does, each when the prompt of the one before is back. */
  async type(lines: string): Promise<void> {
    for (const line of lines.trim().split('\n')) await this.terminal.run(line);
  }

  /** What the tracker says of a task now. */
  state(task: string): TaskState {
    const state = this.#tracker.states.get(task);
    if (state === undefined) throw new Error(`there is no task ${task}`);
    return state;
  }

  /** Ids of the assertions that the learner was told to have got wrong, in order. */
  complaints(task: string): string[] {
    return (this.#shown.get(task) ?? []).flatMap((state) => (state.kind === 'wrong' ? [state.assertion] : []));
  }

  /** Waits for a state of a task. */
  async until(task: string, wanted: (state: TaskState) => boolean, timeoutMs = noticeMilliseconds): Promise<TaskState> {
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), timeoutMs);
    try {
      for (;;) {
        const state = this.state(task);
        if (wanted(state)) return state;
        if ((await Promise.race([this.#changed.promise, late.promise])) === 'late') {
          const shown = (this.#shown.get(task) ?? []).map((seen) => JSON.stringify(seen)).join('\n');
          throw new Error(`task ${task} did not come to the wanted state within ${timeoutMs / 1000} s. It showed:\n${shown}\nThe terminal:\n${this.terminal.text.slice(-1500)}`);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Leaves; the machine stays. */
  end(): void {
    this.#tracker.stop();
    this.terminal.close();
  }
}
