/** What was meant by a word that is not known: mistakes in lessons are told with a suggestion. */

/**
 * The one of the words that a slip of the keys may have turned into this one; undefined if none is near.
 * @param atMost letters that may differ; a third of them unless given: beyond, it is another word
 */
export function nearest(word: string, words: Iterable<string>, atMost = Math.max(1, Math.floor(word.length / 3))): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of words) {
    const distance = editDistance(word, candidate);
    if (distance > 0 && distance < (best?.distance ?? Infinity)) best = { word: candidate, distance };
  }
  return best !== undefined && best.distance <= atMost ? best.word : undefined;
}

/** `; did you mean “…”?`, or nothing if no word is near. */
export function suggestion(word: string, words: Iterable<string>): string {
  const meant = nearest(word, words);
  return meant === undefined ? '' : `; did you mean “${meant}”?`;
}

/** Letters to add, leave out, replace, or swap with their neighbour, to come from one word to the other. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
