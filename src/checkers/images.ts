/** Which images an assertion is about, and whether they are as it wants them. */
import { commonLayers } from '../guest/engine/layers.ts';
import { shortId } from '../guest/engine/names.ts';
import type { ImageInspect, ImageSummary } from '../guest/engine/schemas.ts';
import type { TemplateValues } from '../shared/locale.ts';
import type { ImageConditions, ImageWhere } from './conditions.ts';
import { isWithin } from './counts.ts';
import { familiarName, imageId } from './image-name.ts';
import type { Look } from './look.ts';
import { plainUser } from './spellings.ts';

/** All that match, as the engine lists them: the newest first. */
export async function findImages(look: Look, where: ImageWhere): Promise<ImageSummary[]> {
  const { name, label, dangling, digestOf } = where;
  const selected = (await look.images())
    .filter((image) => name === undefined || image.RepoTags.some((tag) => familiarName(tag) === familiarName(name)))
    .filter((image) => Object.entries(label ?? {}).every(([key, value]) => image.Labels[key] === value))
    .filter((image) => dangling === undefined || (image.RepoTags.length === 0) === dangling)
    .filter((image) => digestOf === undefined || image.RepoDigests.some((digest) => familiarName(digest.split('@')[0] ?? '') === familiarName(digestOf)));
  const matching: ImageSummary[] = [];
  for (const candidate of selected) if (await meetsImage(look, candidate, where)) matching.push(candidate);
  return matching;
}

/** Whether the image is as the conditions say. */
export async function meetsImage(look: Look, image: ImageSummary, conditions: ImageConditions): Promise<boolean> {
  if (conditions.sizeBytes !== undefined && !isWithin(conditions.sizeBytes, image.Size)) return false;
  if (conditions.sameAs !== undefined && (await imageId(look, conditions.sameAs)) !== image.Id) return false;
  const inspected = inspectedConditions.filter(([name]) => conditions[name] !== undefined);
  const { basedOn, shares } = conditions;
  if (inspected.length > 0 || basedOn !== undefined || shares !== undefined) {
    const inspect = await look.inspectImage(image.Id);
    if (inspect === null || !inspected.every(([, test]) => test(inspect, conditions))) return false;
    if (basedOn !== undefined) {
      const base = await layersOf(look, basedOn);
      if (base === undefined || commonLayers(inspect.RootFS.Layers, base) < base.length) return false;
    }
    if (shares !== undefined) {
      const other = await layersOf(look, shares.with);
      if (other === undefined || !isWithin(shares, commonLayers(inspect.RootFS.Layers, other))) return false;
    }
  }
  const { historyMatches, historyLacks } = conditions;
  if (historyMatches === undefined && historyLacks === undefined) return true;
  const steps = (await look.imageHistory(image.Id))?.map((step) => step.CreatedBy) ?? [];
  if (historyMatches !== undefined && !steps.some((step) => new RegExp(historyMatches, 'mu').test(step))) return false;
  return historyLacks === undefined || !steps.some((step) => new RegExp(historyLacks, 'mu').test(step));
}

const inspectedValues = ['layers', 'command', 'entrypoint', 'user', 'workingDir', 'env'];

/** Values for messages. Only what the message holds is asked for. */
export async function describeImage(look: Look, image: ImageSummary, names: readonly string[]): Promise<TemplateValues> {
  const id = shortId(image.Id);
  const values: Record<string, string | number> = { name: familiarName(image.RepoTags[0] ?? id), id };
  if (!names.some((name) => inspectedValues.includes(name))) return values;
  const inspect = await look.inspectImage(image.Id);
  const config = inspect?.Config;
  return {
    ...values,
    layers: inspect?.RootFS.Layers.length ?? '?',
    command: showWords(config?.Cmd),
    entrypoint: showWords(config?.Entrypoint),
    user: config?.User || 'root',
    workingDir: config?.WorkingDir || '/',
    env: config?.Env.join(' ') ?? '-',
  };
}

/** As in a Dockerfile. */
function showWords(words: readonly string[] | undefined): string {
  return words === undefined || words.length === 0 ? '-' : `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

async function layersOf(look: Look, name: string): Promise<readonly string[] | undefined> {
  const id = await imageId(look, name);
  return id === undefined ? undefined : (await look.inspectImage(id))?.RootFS.Layers;
}

type Test = (inspect: ImageInspect, wanted: ImageConditions) => boolean;
type InspectedCondition = Exclude<keyof ImageConditions, 'sizeBytes' | 'sameAs' | 'basedOn' | 'shares' | 'historyMatches' | 'historyLacks'>;

/** The conditions that need a look at the single image. */
const inspectedConditions: readonly (readonly [InspectedCondition, Test])[] = [
  ['layers', (inspect, { layers }) => layers !== undefined && isWithin(layers, inspect.RootFS.Layers.length)],
  ['command', (inspect, { command }) => equal(inspect.Config?.Cmd, command)],
  ['entrypoint', (inspect, { entrypoint }) => equal(inspect.Config?.Entrypoint, entrypoint)],
  ['env', (inspect, { env }) => Object.entries(env ?? {}).every(([name, value]) => inspect.Config?.Env.includes(`${name}=${value}`))],
  ['user', (inspect, { user }) => user !== undefined && plainUser(inspect.Config?.User ?? '') === plainUser(user)],
  ['workingDir', (inspect, { workingDir }) => (inspect.Config?.WorkingDir ?? '') === workingDir],
  ['exposes', (inspect, { exposes }) => exposes !== undefined && Object.hasOwn(inspect.Config?.ExposedPorts ?? {}, exposes)],
  ['volume', (inspect, { volume }) => volume !== undefined && Object.hasOwn(inspect.Config?.Volumes ?? {}, volume)],
  ['healthcheck', (inspect, { healthcheck }) => (healthcheckOf(inspect).length > 0) === healthcheck],
  ['healthcheckMatches', (inspect, { healthcheckMatches }) => healthcheckMatches !== undefined && new RegExp(healthcheckMatches, 'mu').test(healthcheckOf(inspect).join(' '))],
  ['stopSignal', (inspect, { stopSignal }) => inspect.Config?.StopSignal === stopSignal],
  ['onBuild', (inspect, { onBuild }) => ((inspect.Config?.OnBuild.length ?? 0) > 0) === onBuild],
];

function healthcheckOf(inspect: ImageInspect): string[] {
  const words = inspect.Config?.Healthcheck?.Test ?? [];
  return words[0] === 'NONE' ? [] : words;
}

function equal(actual: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return JSON.stringify(actual ?? []) === JSON.stringify(wanted ?? []);
}
