/**
 * The course page's script: next to nothing until there is progress to show, since most who open the first page have
 * none, and reading it takes the schemas along.
 */
import { browserStorage } from '../storage.ts';

function hasProgress(): boolean {
  try {
    return Object.keys(browserStorage() ?? {}).some((key) => key.startsWith('drydock:progress:'));
  } catch {
    return false;
  }
}

if (hasProgress()) void import('./list.ts').then(({ showProgress }) => showProgress());
// The way back from a lesson may show the page as it was left, before what was done there.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
