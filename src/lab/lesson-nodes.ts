/**
 * Whatever makes the nodes of the lesson's text live attaches itself here, and lets go when they go: while an author writes
 * (`npm run dev`), other nodes take their place, and the machine beside them runs on.
 */

/** Attaches to the nodes that the page has now. The signal fires when they are gone; what hangs on the nodes alone goes with them. */
type Attach = (gone: AbortSignal) => void;

const attachers = new Set<Attach>();
let nodes = new AbortController();

/** Attaches at once, and again to every text that comes. */
export function onLessonNodes(attach: Attach): void {
  attachers.add(attach);
  attach(nodes.signal);
}

/** For whoever has put other nodes into the page. */
export function renewLessonNodes(): void {
  nodes.abort();
  nodes = new AbortController();
  for (const attach of attachers) attach(nodes.signal);
}
