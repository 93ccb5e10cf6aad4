import { describe, expect, it, vi } from 'vitest';
import { changeEvents } from '../../lab/dev/change.ts';
import { Changes, type DevServer, hotLessons, hotLessonsPlugin, isShown } from './hot-lessons.ts';

const root = new URL('file:///work/');

describe('isShown', () => {
  it.each(['content/en/containers/first-container.mdx', 'content/exercises/layers/exercise.yaml', 'content/quizzes/layers.yaml', 'content/glossary.yaml', 'content/course.yaml', 'src/site/styles/prose.css', 'src/lab/styles/tasks.css'])('%s', (file) => {
    expect(isShown(file)).toBe(true);
  });

  it.each(['src/lab/lab.ts', 'src/site/components/Task.astro', 'src/site/i18n/en.ts', 'astro.config.mjs', 'content/en/helper.ts', 'docs/content/en/a.mdx'])('not %s', (file) => {
    expect(isShown(file)).toBe(false);
  });
});

describe('Changes', () => {
  it('tells texts from program, and each change once', () => {
    const changes = new Changes();
    changes.note('content/glossary.yaml', 1);
    changes.note('src/lab/lab.ts', 1);
    expect(changes.take()).toEqual({ shown: ['content/glossary.yaml'], program: ['src/lab/lab.ts'] });
    changes.note('src/lab/lab.ts', 1);
    expect(changes.take()).toBeUndefined();
    changes.note('src/lab/lab.ts', 2);
    expect(changes.take()).toEqual({ shown: [], program: ['src/lab/lab.ts'] });
  });

  it('takes a written store for a text, but not for what comes later', async () => {
    const changes = new Changes();
    changes.noteStore();
    expect(changes.take()).toEqual({ shown: [], program: [] });
    expect(changes.take()).toBeUndefined();
    changes.noteStore();
    await Promise.resolve();
    expect(changes.take()).toBeUndefined();
  });
});

describe('the plugin', () => {
  const setUp = () => {
    const sent: unknown[] = [];
    const client = { send: (payload: unknown) => void sent.push(payload) };
    const ssr = { send: () => {} };
    let change: (file: string) => void = () => {};
    const server: DevServer = { environments: { client: { hot: client }, ssr: { hot: ssr } }, watcher: { on: (_, listener) => (change = listener) } };
    const plugin = hotLessonsPlugin(root);
    plugin.configureServer(server);
    return { sent, server, update: plugin.hotUpdate.handler, change: (file: string) => change(file) };
  };
  const reload = { type: 'full-reload', path: '*' };

  it('tells the page instead of loading it anew', () => {
    const { sent, server, update } = setUp();
    update({ file: '/work/content/en/a.mdx', timestamp: 1, modules: [{}] });
    server.environments['client']?.hot.send(reload);
    expect(sent).toEqual([{ type: 'custom', event: changeEvents.changed, data: { shown: ['content/en/a.mdx'], program: [] } }]);
  });

  it('tells of the store of all lessons too', () => {
    const { sent, server } = setUp();
    server.environments['ssr']?.hot.send('astro:content-changed', {});
    server.environments['client']?.hot.send(reload);
    expect(sent).toEqual([{ type: 'custom', event: changeEvents.changed, data: { shown: [], program: [] } }]);
  });

  it('leaves alone what Vite reloads for itself, and everything else', () => {
    const { sent, server, update } = setUp();
    update({ file: '/work/README.md', timestamp: 1, modules: [] });
    server.environments['client']?.hot.send(reload);
    server.environments['client']?.hot.send({ type: 'update' });
    expect(sent).toEqual([reload, { type: 'update' }]);
  });

  it('says that the server will be back with another course', () => {
    const { sent, change } = setUp();
    change('/work/content/en/a.mdx');
    expect(sent).toEqual([]);
    change('/work/content/course.yaml');
    expect(sent).toEqual([{ type: 'custom', event: changeEvents.restarting }]);
  });
});

describe('the integration', () => {
  const commands = (command: 'dev' | 'build' | 'preview') => {
    const injectScript = vi.fn();
    const updateConfig = vi.fn();
    const setup = hotLessons().hooks['astro:config:setup'];
    void setup?.({ command, config: { root }, injectScript, updateConfig } as unknown as Parameters<typeof setup>[0]);
    return injectScript.mock.calls.length + updateConfig.mock.calls.length;
  };

  it('does nothing to a site that is built', () => {
    expect(commands('dev')).toBe(2);
    expect(commands('build')).toBe(0);
    expect(commands('preview')).toBe(0);
  });
});
