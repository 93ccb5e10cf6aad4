/**
 * End-to-end tests: the built site in a real Chromium, with the real machine.
 *
 * Two workers, since a machine fills a core, as long as V8 does not compile everything a second time on another (see
 * vitest.config.ts). No retries: a test that passes the second time hides a fault.
 */
import { defineConfig, type LaunchOptions } from '@playwright/test';
import { chromiumArguments, findChromium } from './scripts/lib/chromium.ts';
import { optimiseLittle } from './src/emulator/node/v8-options.ts';
import { insecureHost, portVariable, siteOrigin } from './tests/e2e/support/origin.ts';

const chromium = findChromium();
if (chromium === undefined) throw new Error('No Chromium was found. "npm test -- e2e" installs it where it can; otherwise set CHROMIUM_PATH.');

const installation = '**/install.spec.ts';

const launchOptions = (...more: string[]): LaunchOptions => ({
  executablePath: chromium,
  // Nothing but the test server can be reached, under its address or under a name that is not a secure context.
  args: [...chromiumArguments, `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`, ...more],
});

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results/e2e',
  globalSetup: './tests/e2e/support/serve-site.ts',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  // A `docker run` takes 10 to 40 s on two shared cores, and a test has a few of them.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    // Known to the workers, which read this file after the global set-up.
    ...(process.env[portVariable] === undefined ? {} : { baseURL: siteOrigin() }),
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    // Without a film of the page, which would take a good part of the second core.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: false },
  },
  projects: [
    // First, as it takes longest: an installation is so long that the optimising compiler pays.
    { name: 'installation', testMatch: installation, use: { launchOptions: launchOptions() } },
    { name: 'site', testIgnore: installation, use: { launchOptions: launchOptions(`--js-flags=${optimiseLittle}`) } },
  ],
});
