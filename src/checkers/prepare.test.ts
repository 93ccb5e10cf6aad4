import { describe, expect, it } from 'vitest';
import { DrydockError } from '../shared/errors.ts';
import { prepareExercise, type PrepareOptions, resetExercise } from './prepare.ts';
import { exerciseSchema } from './schema.ts';
import { FakeEngine } from './testing/fake-engine.ts';

const text = { en: 'x', 'zh-cn': 'x' };
const exercise = exerciseSchema.parse({
  id: 'test',
  start: {
    images: ['nginx'],
    containers: ['web'],
    files: [{ path: '/home/learner/app/a', content: 'A', mode: '0755' }],
    commands: ['docker run -d --name web nginx'],
  },
  reset: { commands: ['docker rm -f web'] },
  tasks: [
    {
      id: 'one',
      title: text,
      assertions: [{ id: 'a', look: 'container', where: {}, expect: 'exists', fail: text }],
      solution: { commands: 'x', explanation: text },
    },
  ],
});

function stage(engine: FakeEngine, exitCode = 0) {
  const deeds: string[] = [];
  const guest: PrepareOptions['guest'] = {
    exec: async (argv) => {
      deeds.push(argv.join(' '));
      if (argv[0] === 'mkdir') return { exitCode: 0, stdout: '', stderr: '', stdoutBytes: new Uint8Array() };
      if (exitCode === 0 && argv[2]?.includes('run')) engine.run({ image: 'nginx', name: 'web' });
      return { exitCode, stdout: '', stderr: 'no space left', stdoutBytes: new Uint8Array() };
    },
    writeFile: async (path, content, options) => void deeds.push(`${path} ${String(content)} ${options?.mode}`),
  };
  return { deeds, options: { exercise, engine, guest } };
}

describe('prepareExercise', () => {
  it('makes folders, writes files, then runs the commands, and checks what must be there', async () => {
    const { deeds, options } = stage(new FakeEngine());
    const steps: string[] = [];
    await prepareExercise({ ...options, onStep: (done, total) => steps.push(`${done}/${total}`) });
    expect(steps).toEqual(['0/3', '1/3', '2/3']);
    expect(deeds).toEqual(['mkdir -p /home/learner/app', `/home/learner/app/a A ${0o755}`, 'bash -lc docker run -d --name web nginx']);
    await resetExercise(options);
    expect(deeds[3]).toBe('bash -lc docker rm -f web');
    expect(deeds).toHaveLength(7);
  });

  it('names the step that failed', async () => {
    await expect(prepareExercise(stage(new FakeEngine(), 1).options)).rejects.toMatchObject({
      code: 'DD4003',
      params: { step: 'docker run -d --name web nginx', reason: 'exit code 1: no space left' },
    });
    await expect(prepareExercise(stage(new FakeEngine(['busybox'])).options)).rejects.toMatchObject({ params: { reason: 'nginx not present' } });
    const down = new FakeEngine();
    down.failRequests(new DrydockError('engine-unreachable', { reason: 'refused' }));
    await expect(prepareExercise(stage(down).options)).rejects.toMatchObject({ code: 'DD4003', cause: { code: 'DD3001' } });
  });
});
