/**
 * Plays the first two lessons on containers on an engine in memory: the start passes nothing, each solution passes its task, each
 * wrong state is told by its own assertion. tests/integration does the same with the real commands on the real engine.
 */
import { describe, expect, it } from 'vitest';
import containerInEnglish from '../../content/en/containers/first-container.mdx?raw';
import serverInEnglish from '../../content/en/containers/first-server.mdx?raw';
import containerText from '../../content/exercises/first-container/exercise.yaml?raw';
import serverText from '../../content/exercises/first-server/exercise.yaml?raw';
import containerInChinese from '../../content/zh-cn/containers/first-container.mdx?raw';
import serverInChinese from '../../content/zh-cn/containers/first-server.mdx?raw';
import { evaluateTask, type TaskResult } from './evaluate.ts';
import { History } from './history.ts';
import { parseExercise } from './load-exercise.ts';
import { type GuestReader, Look } from './look.ts';
import type { Exercise } from './schema.ts';
import { FakeEngine } from './testing/fake-engine.ts';

const firstContainer = parseExercise('content/exercises/first-container/exercise.yaml', containerText);
const firstServer = parseExercise('content/exercises/first-server/exercise.yaml', serverText);
const page = '/usr/share/nginx/html/index.html';
const visit = '172.17.0.1 - - [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 17 "-" "curl/8.14.1"\n';

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

class World {
  readonly engine = new FakeEngine();
  pageOnHost = false;
  /** A `docker run` waits for its container. */
  inForeground = false;
  readonly #history = new History();
  readonly #end = new AbortController();
  readonly #following = this.#follow();

  async result(exercise: Exercise, taskId: string): Promise<TaskResult> {
    const task = exercise.tasks.find((candidate) => candidate.id === taskId);
    if (task === undefined) throw new Error(`no task ${taskId}`);
    await settled();
    const guest: GuestReader = {
      readFile: () => Promise.reject(new Error('not used')),
      listDir: () => Promise.reject(new Error('not used')),
      exec: async (argv) => {
        const fails = argv.join(' ').includes('ps -e') ? this.inForeground : this.pageOnHost;
        return { exitCode: fails ? 1 : 0, stdout: '', stderr: '', stdoutBytes: new Uint8Array() };
      },
    };
    return evaluateTask(task, new Look(this.engine, guest, this.#history, this.#end.signal));
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    for await (const item of this.engine.events(this.#end.signal)) {
      if (item.kind !== 'event') continue;
      this.#history.add(item.event);
      const inspect = item.event.Action === 'start' ? await this.engine.inspectContainer(item.event.Actor.ID) : null;
      if (inspect !== null) this.#history.keep(inspect);
    }
  }
}

type Play = (world: World) => void | Promise<void>;

const runWeb: Play = ({ engine }) => {
  engine.run({ image: 'nginx', name: 'web', detached: true, ports: { '80/tcp': '8080' } });
  engine.exec('web', 'x', page, '<h1>Welcome to nginx!</h1>');
};

type Plays = Record<string, Play>;

const inForeground: Play = (world) => {
  world.inForeground = true;
  world.engine.run({ image: 'nginx', name: 'web', ports: { '80/tcp': '8080' } });
};

/** What the commands of a solution do to an engine. */
const containerSolutions: Plays = {
  'hello-world': ({ engine }) => engine.exit(engine.run({ image: 'hello-world' })),
  'name-it': ({ engine }) => {
    const id = engine.run({ image: 'hello-world' });
    engine.exit(id);
    engine.rename(id, 'first');
  },
  shell: ({ engine }) => engine.exit(engine.run({ image: 'busybox', tty: true, stdin: true })),
  'clean-up': ({ engine }) => {
    const left = ['hello-world', 'busybox'].map((image) => engine.run({ image }));
    for (const id of left) engine.exit(id);
    for (const id of left) engine.remove(id);
  },
};
const serverSolutions: Plays = {
  web: runWeb,
  'edit-page': (world) => {
    void runWeb(world);
    world.engine.exec('web', `sh -c echo Ahoy from inside > ${page}`, page, 'Ahoy from inside\n');
  },
  visit: (world) => {
    void runWeb(world);
    world.engine.log('web', `[notice] 1#1: nginx\n${visit}`);
  },
  'clean-up': (world) => {
    void runWeb(world);
    world.engine.exit('web');
    world.engine.remove('web');
  },
};

/** What the mistakes do, after what the task needs. */
const containerMistakes: Plays = {
  'hello-removed': ({ engine }) => engine.exit(engine.run({ image: 'hello-world', autoRemove: true })),
  'wrong-container-named': ({ engine }) => engine.exit(engine.run({ image: 'busybox', name: 'first', command: ['true'] })),
  'shell-without-options': ({ engine }) => engine.exit(engine.run({ image: 'busybox' })),
  'shell-without-terminal': ({ engine }) => engine.exit(engine.run({ image: 'busybox', stdin: true })),
  'shell-left-open': ({ engine }) => {
    engine.exit(engine.run({ image: 'hello-world', name: 'first' }));
    engine.remove('first');
    engine.run({ image: 'busybox', tty: true, stdin: true, detached: true });
  },
};
const serverMistakes: Plays = {
  'web-without-name': ({ engine }) => void engine.run({ image: 'nginx', detached: true, ports: { '80/tcp': '8080' } }),
  'web-in-foreground': ({ engine }) => engine.exit(engine.run({ image: 'nginx', name: 'web', ports: { '80/tcp': '8080' } })),
  'web-in-another-terminal': inForeground,
  'web-ports-swapped': ({ engine }) => void engine.run({ image: 'nginx', name: 'web', detached: true, ports: { '8080/tcp': '80' } }),
  'web-without-port': ({ engine }) => void engine.run({ image: 'nginx', name: 'web', detached: true }),
  'web-from-other-image': ({ engine }) => engine.exit(engine.run({ image: 'busybox', name: 'web', command: ['true'] })),
  'page-on-host': (world) => {
    void runWeb(world);
    world.engine.exec('web', 'echo Ahoy');
    world.pageOnHost = true;
  },
  'page-while-stopped': (world) => {
    void runWeb(world);
    world.engine.exit('web');
  },
  'visit-other-page': (world) => {
    void runWeb(world);
    world.engine.log('web', visit.replace('GET /', 'GET /Ahoy').replace(' 200 ', ' 404 '));
  },
  'stopped-but-kept': (world) => {
    void runWeb(world);
    world.engine.exit('web');
  },
};

async function play(action: Play, exercise: Exercise, task: string): Promise<TaskResult> {
  const world = new World();
  try {
    await action(world);
    return await world.result(exercise, task);
  } finally {
    await world.end();
  }
}

const lessons: [Exercise, texts: [english: string, chinese: string], solutions: Plays, mistakes: Plays][] = [
  [firstContainer, [containerInEnglish, containerInChinese], containerSolutions, containerMistakes],
  [firstServer, [serverInEnglish, serverInChinese], serverSolutions, serverMistakes],
];

describe.each(lessons.map((lesson) => [lesson[0].id, ...lesson] as const))('%s', (_, exercise, texts, solutions, mistakes) => {
  it('is covered here as a whole', () => {
    expect(Object.keys(solutions)).toEqual(exercise.tasks.map((task) => task.id));
    expect(Object.keys(mistakes)).toEqual(exercise.wrong.map((wrong) => wrong.id));
    for (const task of exercise.tasks) expect(exercise.wrong.map((wrong) => wrong.task)).toContain(task.id);
  });

  it.each(texts)('has every task in its text, in order, and the same commands in both languages', (lesson) => {
    expect([...lesson.matchAll(/<Task id="([^"]+)" \/>/g)].map((match) => match[1])).toEqual(exercise.tasks.map((task) => task.id));
    const blocks = (source: string) => [...source.matchAll(/^```(?:sh|console)\n[\s\S]*?^```$/gm)].map((match) => match[0]);
    expect(blocks(lesson)).toEqual(blocks(texts[0]));
    expect(blocks(lesson).length).toBeGreaterThan(7);
  });

  it.each(exercise.tasks.map((task) => task.id))('%s is open at the start and passes by its solution', async (id) => {
    expect(await play(() => {}, exercise, id)).toMatchObject({ kind: 'fail', open: true });
    expect(await play(solutions[id] ?? (() => {}), exercise, id)).toEqual({ kind: 'pass' });
  });

  it.each(exercise.wrong.map((wrong) => [wrong.id, wrong] as const))('%s is told by its own assertion', async (id, wrong) => {
    const result = await play(mistakes[id] ?? (() => {}), exercise, wrong.task);
    expect(result).toMatchObject({ kind: 'fail', assertion: wrong.assertion, open: false });
    if (result.kind === 'fail') expect(result.reason.en + result.reason['zh-cn']).not.toMatch(/\{[a-z]+\}/i);
  });
});

describe('first-container, otherwise than by its solutions', () => {
  it('goes on when the removed container was an attempt before the right one', async () => {
    const result = await play(({ engine }) => {
      engine.exit(engine.run({ image: 'hello-world', autoRemove: true }));
      engine.exit(engine.run({ image: 'docker.io/library/hello-world:latest' }));
    }, firstContainer, 'hello-world');
    expect(result).toEqual({ kind: 'pass' });
  });

  it('accepts a shell that removes itself, and tells who has not left yet', async () => {
    const shell = { image: 'busybox', tty: true, stdin: true, autoRemove: true };
    expect(await play(async ({ engine }) => {
      const id = engine.run(shell);
      await settled();
      engine.exit(id);
    }, firstContainer, 'shell')).toEqual({ kind: 'pass' });
    expect(await play(({ engine }) => void engine.run(shell), firstContainer, 'shell')).toMatchObject({ assertion: 'left', open: true });
  });

  it('names what is left to clean up', async () => {
    const result = await play((world) => {
      void containerSolutions['clean-up']?.(world);
      world.engine.exit(world.engine.run({ image: 'hello-world', name: 'first' }));
    }, firstContainer, 'clean-up');
    expect(result).toMatchObject({ kind: 'fail', assertion: 'nothing-left', reason: { en: 'Containers left: 1. One of them is `first`, from `hello-world`, exited.' } });
  });
});

describe('first-server, otherwise than by its solutions', () => {
  it('takes one that was made for a terminal, but is started without it', async () => {
    const result = await play((world) => {
      void inForeground(world);
      world.inForeground = false;
    }, firstServer, 'web');
    expect(result).toEqual({ kind: 'pass' });
  });

  it('does not take an earlier web that was removed for the one that is there', async () => {
    const result = await play((world) => {
      void serverSolutions['clean-up']?.(world);
      void runWeb(world);
    }, firstServer, 'clean-up');
    expect(result).toMatchObject({ kind: 'fail', assertion: 'web-gone', open: true, reason: { en: '`web` is still there, running.' } });
  });
});
