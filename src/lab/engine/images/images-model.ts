/** The engine's images as rows of a list, and what a container did to its image. */
import { shortId } from '../../../guest/engine/names.ts';
import type { ContainerChanges, ContainerSummary, EngineEvent, ImageSummary } from '../../../guest/engine/schemas.ts';

export interface ImageRow {
  id: string;
  shortId: string;
  /** Each name with its tag; `<none>` as the engine's own tools write it where there is none. */
  names: string[];
  /** It has no name any more, as after a newer image took it. */
  dangling: boolean;
  size: number;
  /** Containers made from it, running or not. */
  inUse: number;
}

/** By name; those without one last. */
export function imageRows(images: readonly ImageSummary[], containers: readonly ContainerSummary[]): ImageRow[] {
  return images
    .map((image) => ({
      id: image.Id,
      shortId: shortId(image.Id),
      ...namesOf(image),
      size: image.Size,
      inUse: containers.filter(({ ImageID }) => ImageID === image.Id).length,
    }))
    .toSorted((one, other) => Number(one.dangling) - Number(other.dangling) || nameOf(one).localeCompare(nameOf(other)) || one.id.localeCompare(other.id));
}

/** One name for an image that may have many; where it has none, its id tells it from others. */
export function nameOf({ names, dangling, shortId }: Pick<ImageRow, 'names' | 'dangling' | 'shortId'>): string {
  return dangling ? shortId : (names[0] ?? shortId);
}

function namesOf({ RepoTags, RepoDigests }: ImageSummary): Pick<ImageRow, 'names' | 'dangling'> {
  const tags = RepoTags.filter((tag) => tag !== '<none>:<none>').toSorted();
  if (tags.length > 0) return { names: tags, dangling: false };
  const repositories = new Set(RepoDigests.map((digest) => digest.replace(/@.*$/, '')).filter((repository) => repository !== '<none>'));
  return { names: repositories.size > 0 ? Array.from(repositories, (repository) => `${repository}:<none>`) : ['<none>:<none>'], dangling: true };
}

/** What an event makes worth another look: a command in a container, or a check of its health, changes neither list. */
export function changedBy({ Type, Action }: Pick<EngineEvent, 'Type' | 'Action'>): 'images' | 'containers' | undefined {
  if (Type === 'image') return Action === 'push' || Action === 'save' ? undefined : 'images';
  if (Type !== 'container') return undefined;
  if (Action === 'commit') return 'images';
  return ['create', 'start', 'die', 'pause', 'unpause', 'rename', 'destroy'].includes(Action) ? 'containers' : undefined;
}

/** As `docker diff` writes them. */
export const changeLetters = ['A', 'C', 'D'] as const;
type ChangeLetter = (typeof changeLetters)[number];

export interface Changes {
  counts: Record<ChangeLetter, number>;
  /** The first of each kind, each with its letter. */
  shown: { letter: ChangeLetter; path: string }[];
  /** How many more there are. */
  more: number;
}

const letterOf: readonly ChangeLetter[] = ['C', 'A', 'D'];

/** @param most paths of each kind */
export function changesOf(list: ContainerChanges, most: number): Changes {
  const counts = { A: 0, C: 0, D: 0 };
  const shown: Changes['shown'] = [];
  for (const { Path, Kind } of list) {
    const letter = letterOf[Kind] ?? 'C';
    if (counts[letter]++ < most) shown.push({ letter, path: Path });
  }
  return { counts, shown: shown.toSorted((one, other) => one.letter.localeCompare(other.letter)), more: list.length - shown.length };
}
