/** Decides a task: its assertions in order, the first that fails gives the reason. */
import { decodeUtf8 } from '../guest/bytes.ts';
import { DrydockError, reasonOf } from '../shared/errors.ts';
import { fillLocalized, type Localized, templateNames, type TemplateValues } from '../shared/locale.ts';
import type { Assertion, CommandExpectation, LookOf, Mistake, TextExpectation } from './assertions.ts';
import type { FileConditions } from './conditions.ts';
import { describeContainer, findContainers, meets } from './containers.ts';
import { type CountExpectation, isWithin, meetsCount } from './counts.ts';
import { imageId, namesImage } from './image-name.ts';
import { describeDaemon, meetsDaemon } from './daemon.ts';
import { describeImage, findImages, meetsImage } from './images.ts';
import type { Look, SeenContainer, SeenFile } from './look.ts';
import { findNetworks, findVolumes } from './networks.ts';
import { findRequests } from './registry-requests.ts';
import type { Task } from './schema.ts';

export type TaskResult =
  | { kind: 'pass' }
  | {
      kind: 'fail';
      /** Id of the assertion that failed. */
      assertion: string;
      reason: Localized;
      /** Not done yet, rather than done wrongly. */
      open: boolean;
      /** Id of a container whose next output may change this. */
      followLog?: string;
      /** It failed at something of which no event of the engine tells: a file of the guest, or what a command says. */
      silent?: true;
    }
  /** It could not be looked at, which says nothing about the learner. */
  | { kind: 'error'; error: DrydockError };

/** Looks at one task. Never rejects. */
export async function evaluateTask(task: Task, look: Look): Promise<TaskResult> {
  try {
    for (const assertion of task.assertions) {
      const verdict = await evaluateLook(assertion, look);
      if (verdict !== 'pass') return await explain(assertion, verdict, look);
    }
    return { kind: 'pass' };
  } catch (error) {
    return { kind: 'error', error: new DrydockError('task-check-failed', { task: task.title.en, reason: reasonOf(error) }, { cause: error }) };
  }
}

type Verdict = 'pass' | Failure;

interface Failure {
  /** For the message. */
  values: TemplateValues;
  followLog?: string;
}

/** The reason for a failed assertion: of its known mistakes the first that was made, else its own. */
async function explain(assertion: Assertion, failure: Failure, look: Look): Promise<TaskResult> {
  const rest = {
    ...(failure.followLog !== undefined && { followLog: failure.followLog }),
    ...((assertion.look === 'file' || assertion.look === 'command') && { silent: true as const }),
  };
  for (const mistake of assertion.mistakes) {
    const verdict = await evaluateLook(mistake, look);
    if (verdict === 'pass') continue;
    return { kind: 'fail', assertion: mistake.id, reason: fillLocalized(mistake.fail, verdict.values), open: false, ...rest };
  }
  return { kind: 'fail', assertion: assertion.id, reason: fillLocalized(assertion.fail, failure.values), open: assertion.open, ...rest };
}

async function evaluateLook(assertion: Mistake, look: Look): Promise<Verdict> {
  switch (assertion.look) {
    case 'container':
      return container(assertion, look);
    case 'event':
      return counted(assertion.expect, await events(assertion, look));
    case 'image':
      return image(assertion, look);
    case 'network':
      return counted(assertion.expect, (await findNetworks(look, assertion.where)).map((network) => ({ name: network.Name })));
    case 'volume':
      return counted(assertion.expect, (await findVolumes(look, assertion.where)).map((volume) => ({ name: volume.Name })));
    case 'daemon': {
      const info = await look.info();
      return meetsDaemon(info, assertion.expect.has) ? 'pass' : { values: describeDaemon(info) };
    }
    case 'registry-request':
      return counted(assertion.expect, findRequests(look.history.requests, assertion.where));
    case 'container-log':
      return inNewest(assertion, look, async (found) => {
        const { stdout, stderr } = await look.logs(found.id);
        return meetsText(assertion.expect, stdout + stderr) ? 'pass' : { values: {}, followLog: found.id };
      });
    case 'container-file':
      return inNewest(assertion, look, async (found) => {
        const bytes = await look.containerFile(found.id, assertion.path);
        return content(assertion.expect, bytes) ? 'pass' : { values: {} };
      });
    case 'container-exec':
      return inNewest(assertion, look, async (found) => {
        if (found.state !== 'running') return { values: { output: '' } };
        return command(assertion.expect, await look.containerExec(found.id, assertion.command));
      });
    case 'file':
      return file(assertion, look);
    case 'command':
      return command(assertion.expect, await look.command(assertion.command));
  }
}

async function container(assertion: LookOf<'container'>, look: Look): Promise<Verdict> {
  const found = await findContainers(look, assertion.where);
  const { expect } = assertion;
  if (typeof expect === 'object' && 'has' in expect) {
    for (const candidate of found) if (await meets(look, candidate, expect.has)) return 'pass';
  } else if (meetsCount(expect, found.length)) {
    return 'pass';
  }
  return { values: { count: found.length, ...(await newestValues(assertion, look, found[0])) } };
}

/** Something in the newest container that matches; without one it fails. */
async function inNewest(
  assertion: LookOf<'container-log' | 'container-file' | 'container-exec'>,
  look: Look,
  test: (found: SeenContainer) => Promise<Verdict>,
): Promise<Verdict> {
  const found = (await findContainers(look, assertion.where)).filter((candidate) => candidate.state !== 'removed');
  const newest = found[0];
  if (newest === undefined) return { values: { count: 0, name: assertion.where.name ?? assertion.where.image ?? '', output: '' } };
  const verdict = await test(newest);
  if (verdict === 'pass') return verdict;
  return { ...verdict, values: { ...(await newestValues(assertion, look, newest)), count: found.length, ...verdict.values } };
}

async function newestValues(assertion: Mistake, look: Look, newest: SeenContainer | undefined): Promise<TemplateValues> {
  if (newest === undefined) return {};
  return describeContainer(look, newest, [...templateNames(assertion.fail.en), ...templateNames(assertion.fail['zh-cn'])]);
}

async function events(assertion: LookOf<'event'>, look: Look): Promise<TemplateValues[]> {
  const { type, action, name, image, exitCode, signal, commandMatches } = assertion.where;
  const happened = look.history.events.filter(
    ({ Type, Action }) =>
      // Behind some actions stands more: `exec_start: sh -c ls`, `health_status: unhealthy`.
      Type === type && (Action === action || Action.split(':')[0] === action) && (commandMatches === undefined || new RegExp(commandMatches, 'mu').test(Action.replace(/^[a-z_]+: ?/, ''))),
  );
  if (happened.length === 0) return [];
  const wantedId = image === undefined ? undefined : await imageId(look, image);
  return happened
    .map((event) => event.Actor.Attributes)
    .filter(
      (attributes) =>
        (name === undefined || attributes['name'] === name) &&
        (image === undefined || namesImage(attributes['image'] ?? '', image, wantedId)) &&
        (exitCode === undefined || attributes['exitCode'] === String(exitCode)) &&
        (signal === undefined || attributes['signal'] === String(signal)),
    )
    .reverse();
}

async function image(assertion: LookOf<'image'>, look: Look): Promise<Verdict> {
  const found = await findImages(look, assertion.where);
  const { expect } = assertion;
  if (typeof expect === 'object' && 'has' in expect) {
    for (const candidate of found) if (await meetsImage(look, candidate, expect.has)) return 'pass';
  } else if (meetsCount(expect, found.length)) {
    return 'pass';
  }
  const newest = found[0];
  const names = [...templateNames(assertion.fail.en), ...templateNames(assertion.fail['zh-cn'])];
  return { values: { count: found.length, ...(newest && (await describeImage(look, newest, names))) } };
}

/** @param found values for the message, the newest first */
function counted(expect: CountExpectation, found: readonly TemplateValues[]): Verdict {
  return meetsCount(expect, found.length) ? 'pass' : { values: { ...found[0], count: found.length } };
}

function meetsText(expect: TextExpectation, text: string): boolean {
  if ('contains' in expect) return text.includes(expect.contains);
  return 'matches' in expect ? new RegExp(expect.matches, 'mu').test(text) : !new RegExp(expect.lacks, 'mu').test(text);
}

/** Only a text needs the content: a file may be an image of many megabytes. */
async function file(assertion: LookOf<'file'>, look: Look): Promise<Verdict> {
  const { expect, path } = assertion;
  if (typeof expect === 'object' && !('has' in expect)) return content(expect, await look.file(path)) ? 'pass' : { values: { path } };
  const seen = await look.fileEntry(path);
  const passes = typeof expect === 'object' ? seen !== null && meetsFile(expect.has, seen) : (expect === 'exists') === (seen?.type === 'file' || seen?.type === 'link');
  return passes ? 'pass' : { values: { path, ...(seen && { mode: octal(seen.mode), type: seen.type }) } };
}

function meetsFile(conditions: FileConditions, seen: SeenFile): boolean {
  const { type, mode, sizeBytes } = conditions;
  return (type === undefined || seen.type === type) && (mode === undefined || octal(seen.mode) === mode) && (sizeBytes === undefined || isWithin(sizeBytes, seen.size));
}

/** The permission bits, without the kind of file. */
function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function content(expect: 'exists' | 'absent' | TextExpectation, bytes: Uint8Array | null): boolean {
  if (expect === 'exists') return bytes !== null;
  if (expect === 'absent') return bytes === null;
  return bytes !== null && meetsText(expect, decodeUtf8(bytes));
}

const shownOutput = 200;

function command(expect: CommandExpectation, result: { exitCode: number; stdout: string; stderr: string }): Verdict {
  const matches = expect.outputMatches === undefined || new RegExp(expect.outputMatches, 'mu').test(result.stdout);
  if (result.exitCode === expect.exitCode && matches) return 'pass';
  return { values: { exitCode: result.exitCode, output: (result.stderr || result.stdout).trim().slice(0, shownOutput) } };
}
