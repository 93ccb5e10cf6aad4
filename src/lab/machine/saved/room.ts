/** Where the browser has no room for what is saved by itself, something older goes that was saved by itself, too. */
import type { SavedSession } from './file.ts';

/**
 * The oldest automatic saves of other lessons that together are as large as what is to be kept; all of them where that is not
 * enough. What was saved by hand is its learner's to delete.
 */
export function dispensable(sessions: readonly SavedSession[], kept: Pick<SavedSession, 'page' | 'bytes'>): SavedSession[] {
  const candidates = sessions.filter(({ kind, page }) => kind === 'auto' && page !== kept.page).toSorted((a, b) => a.savedAt.localeCompare(b.savedAt));
  const chosen: SavedSession[] = [];
  let bytes = 0;
  for (const session of candidates) {
    if (bytes >= kept.bytes) break;
    chosen.push(session);
    bytes += session.bytes;
  }
  return chosen;
}
