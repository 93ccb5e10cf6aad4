/** The tabs of the engine's panel by name: lessons name them too, and are checked where there is no page. */
export const engineViews = ['containers', 'images', 'events', 'requests', 'registry'] as const;

export type EngineViewName = (typeof engineViews)[number];
