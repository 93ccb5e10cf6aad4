import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { optimiseLittle } from './src/emulator/node/v8-options.ts';

/** Vitest takes large files for slow ones. These are short, and the slowest: begun last, one of them would run alone. */
const slowFiles = /\/(exercises-\w+-half|host-centos|registry-private)\.test\.ts$/;

class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const slow = sorted.filter(({ moduleId }) => slowFiles.test(moduleId));
    return [...slow, ...sorted.filter((file) => !slow.includes(file))];
  }
}

/** Units are plain Node and take milliseconds; integration boots the real machine, two at a time. */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowFilesFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'vm-images/**/*.test.ts', 'scripts/**/*.test.ts'],
          // Half of the time was loading the same modules anew for each file. No unit keeps anything in them.
          isolate: false,
          // Milliseconds when the machine is idle; a busy one must not make a test fail.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          pool: 'forks',
          // Two machines at a time: each keeps one core busy, as long as V8 does not compile everything a second time on the other.
          execArgv: [optimiseLittle, '--expose-gc'],
          maxWorkers: 2,
          // Only what stands still is to fail by time: on two busy cores an installation or a push of 50 MB takes ten minutes.
          testTimeout: 30 * 60_000,
          hookTimeout: 30 * 60_000,
        },
      },
    ],
  },
});
