/** The search of the public index: what `docker search` speaks. */
import type { RegistryRepository } from '../../shared/registry.ts';
import type { HttpHandler } from '../http/server.ts';
import { jsonAnswer } from './answers.ts';
import type { RegistryContent } from './content.ts';

const officialPrefix = 'library/';
const defaultPage = 25;
const maximumPage = 100;

export function searchIndex(content: RegistryContent): HttpHandler {
  return async ({ method, path, query }) => {
    if (method !== 'GET' && method !== 'HEAD') return jsonAnswer({ detail: 'method not allowed' }, { status: 405 });
    if (path === '/v1/_ping') return jsonAnswer(true);
    if (path !== '/v1/search') return jsonAnswer({ detail: 'not found' }, { status: 404 });
    const wanted = query.get('q') ?? '';
    const size = Math.min(positive(query.get('n') ?? query.get('page_size')) ?? defaultPage, maximumPage);
    const page = positive(query.get('page')) ?? 1;
    const found = search(content.repositories, wanted);
    return jsonAnswer({
      query: wanted,
      num_results: found.length,
      num_pages: Math.ceil(found.length / size),
      page,
      page_size: size,
      results: found.slice((page - 1) * size, page * size).map(({ name, description, stars, official }) => ({
        name: shortName(name),
        description: description.en,
        star_count: stars,
        is_official: official,
        is_automated: false,
      })),
    });
  };
}

/** Those with every word in name or description: the ones named so first, then by stars. */
function search(repositories: readonly RegistryRepository[], query: string): RegistryRepository[] {
  const words = query.toLowerCase().split(/[\s/]+/).filter((word) => word !== '' && word !== 'library');
  const text = ({ name, description }: RegistryRepository) => `${name} ${description.en}`.toLowerCase();
  const rank = (repository: RegistryRepository) => Number(shortName(repository.name) === words.join('/'));
  return repositories
    .filter((repository) => words.every((word) => text(repository).includes(word)))
    .toSorted((left, right) => rank(right) - rank(left) || right.stars - left.stars || left.name.localeCompare(right.name));
}

/** As people write it: official repositories without their namespace. */
function shortName(name: string): string {
  return name.startsWith(officialPrefix) ? name.slice(officialPrefix.length) : name;
}

function positive(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9][0-9]{0,5}$/.test(text) ? Number(text) : undefined;
}
