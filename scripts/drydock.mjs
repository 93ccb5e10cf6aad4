// The door to every npm script. Runs on whatever Node the machine has (16 or newer), with built-ins only: it installs
// the dependencies if they are missing or outdated, among them the pinned Node, and continues there in TypeScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';
const stamp = join(root, 'node_modules', '.drydock-lock');

function fail(sentence) {
  console.error(`\ndrydock: ${sentence}`);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

function pinnedNode() {
  const candidates = [
    join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node'),
    join(root, 'node_modules', '.bin', windows ? 'node.exe' : 'node'),
  ];
  return candidates.find((path) => existsSync(path));
}

function installDependencies() {
  console.log('drydock: installing the npm packages (about a minute, once) ...');
  const npm = process.env.npm_execpath;
  const [command, before] = npm ? [process.execPath, [npm]] : [windows ? 'npm.cmd' : 'npm', []];
  // Not `npm ci`: it insists on lock entries for every platform's optional binaries, which a mirror may not have. This
  // installs the same locked versions, checked against the same hashes, and leaves the lock file alone.
  const result = spawnSync(command, [...before, 'install', '--no-save', '--no-fund', '--no-audit'], { cwd: root, stdio: 'inherit', shell: windows && !npm });
  if (result.status !== 0) fail('npm install failed. Read what npm says above; most often the npm registry could not be reached. Then run the command again.');
  writeFileSync(stamp, lockHash());
}

const [command, ...rest] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(command ?? '') || !existsSync(join(root, 'scripts', 'commands', `${command}.ts`))) {
  fail(`there is no command "${command ?? ''}". package.json lists the commands; "npm start" is where to begin.`);
}
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash() || !pinnedNode()) installDependencies();

const node = pinnedNode();
if (!node) fail('the pinned Node is missing after npm install. npm may have been told not to run install scripts (ignore-scripts): run "npm install --no-save --ignore-scripts=false".');
const separator = windows ? ';' : ':';
const result = spawnSync(node, ['--disable-warning=ExperimentalWarning', join(root, 'scripts', 'commands', `${command}.ts`), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: `${dirname(node)}${separator}${join(root, 'node_modules', '.bin')}${separator}${process.env.PATH}` },
});
if (result.error) fail(`the pinned Node could not be started: ${result.error.message}. Delete node_modules and run the command again.`);
process.exit(result.status ?? 1);
