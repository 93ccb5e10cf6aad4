import { defineConfig } from 'vitest/config';

/** Units are plain Node and take milliseconds; integration boots the real machine, one at a time. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'vm-images/**/*.test.ts', 'scripts/**/*.test.ts'],
          // Milliseconds when the machine is idle; a busy one must not make a test fail.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
