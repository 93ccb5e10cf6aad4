/** The tabs of the engine's panel: lessons name them too, and are checked where there is no page. */
import type { Strings } from '../../site/i18n/en.ts';

export const engineViews = ['containers', 'images', 'events', 'requests', 'registry'] as const;

export type EngineViewName = (typeof engineViews)[number];

/** What stands on each. */
export function engineViewLabels(strings: Strings): Record<EngineViewName, string> {
  return { containers: strings.engineContainers, images: strings.engineImages, events: strings.engineEvents, requests: strings.engineRequests, registry: strings.engineRegistry };
}
