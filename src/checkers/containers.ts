/** Which containers an assertion is about, and whether they are as it wants them. */
import { shortId } from '../guest/engine/names.ts';
import type { ContainerInspect } from '../guest/engine/schemas.ts';
import type { TemplateValues } from '../shared/locale.ts';
import type { ContainerConditions, ContainerWhere } from './conditions.ts';
import { familiarName, imageId, namesImage } from './image-name.ts';
import { commandOf, inspectedConditions, portsOf, showPort } from './inspected.ts';
import type { Look, SeenContainer } from './look.ts';

/** Each may cost a request; older ones are not looked at. */
const maximumInspected = 20;

/** All that match, the newest first; the removed ones of this session behind those that are there, if they count. */
export async function findContainers(look: Look, where: ContainerWhere): Promise<SeenContainer[]> {
  const present = await look.containersOf(where.ancestor ?? '');
  const gone = where.removed ? removedContainers(look, new Set(present.map((container) => container.id))) : [];
  const candidates = [...present, ...gone];
  const selected = (await ofImage(look, candidates, where.image)).filter((candidate) => isSelected(candidate, where)).slice(0, maximumInspected);
  const matching: SeenContainer[] = [];
  for (const candidate of selected) if (await meets(look, candidate, where)) matching.push(candidate);
  return matching;
}

/** Whether the container is as the conditions say. */
export async function meets(look: Look, container: SeenContainer, conditions: ContainerConditions): Promise<boolean> {
  if (conditions.state !== undefined && !conditions.state.includes(container.state)) return false;
  if (conditions.exitCode !== undefined && (await exitCodeOf(look, container)) !== conditions.exitCode) return false;
  const inspected = inspectedConditions.filter(([name]) => conditions[name] !== undefined);
  if (inspected.length === 0) return true;
  const inspect = await inspectOf(look, container);
  return inspect !== null && inspected.every(([, test]) => test(inspect, conditions));
}

/** Values for messages. Only what the message holds is asked for. */
export async function describeContainer(look: Look, container: SeenContainer, names: readonly string[]): Promise<TemplateValues> {
  const { name, image, state, id } = container;
  const values: Record<string, string | number> = { name, image: shownImage(image), state, id: shortId(id) };
  if (names.includes('exitCode')) values['exitCode'] = (await exitCodeOf(look, container)) ?? '?';
  if (names.includes('command') || names.includes('ports')) {
    const inspect = await inspectOf(look, container);
    values['command'] = inspect === null ? '?' : commandOf(inspect);
    values['ports'] = inspect === null ? '?' : portsOf(inspect).map(showPort).join(', ') || '-';
  }
  return values;
}

/** As `docker ps` shows it: an image that has lost its name by the start of its id. */
function shownImage(reference: string): string {
  return reference.startsWith('sha256:') ? shortId(reference) : familiarName(reference);
}

function removedContainers(look: Look, present: ReadonlySet<string>): SeenContainer[] {
  return look.history
    .removedContainers()
    .filter((container) => !present.has(container.id))
    .map((container) => ({
      id: container.id,
      name: container.name,
      image: container.image,
      imageId: container.inspect?.Image,
      labels: container.labels,
      state: 'removed',
      remembered: container,
    }));
}

async function ofImage(look: Look, candidates: readonly SeenContainer[], wanted: string | undefined): Promise<readonly SeenContainer[]> {
  if (wanted === undefined) return candidates;
  const byName = (candidate: SeenContainer) => namesImage(candidate.image, wanted, undefined);
  // Ids matter only for those made from an id or from another tag of the image; most looks can do without the list.
  if (candidates.every(byName)) return candidates;
  const wantedId = await imageId(look, wanted);
  return candidates.filter(
    (candidate) => byName(candidate) || (wantedId !== undefined && candidate.imageId === wantedId) || namesImage(candidate.image, wanted, wantedId),
  );
}

function isSelected(container: SeenContainer, where: ContainerWhere): boolean {
  if (where.name !== undefined && container.name !== where.name) return false;
  const { compose } = where;
  if (compose !== undefined && container.labels['com.docker.compose.project'] !== compose.project) return false;
  if (compose?.service !== undefined && container.labels['com.docker.compose.service'] !== compose.service) return false;
  return Object.entries(where.label ?? {}).every(([key, value]) => container.labels[key] === value);
}

async function inspectOf(look: Look, container: SeenContainer): Promise<ContainerInspect | null> {
  return container.remembered === undefined ? look.inspect(container.id) : (container.remembered.inspect ?? null);
}

async function exitCodeOf(look: Look, container: SeenContainer): Promise<number | undefined> {
  if (container.remembered !== undefined) return container.remembered.exitCode;
  const inspect = await look.inspect(container.id);
  if (inspect === null || inspect.State.Status === 'running') return undefined;
  const { ExitCode: code } = inspect.State;
  // What could not be started stays “created”, with the code that `docker run` ended with; one never started has 0.
  return inspect.State.Status === 'created' && code === 0 ? undefined : code;
}
