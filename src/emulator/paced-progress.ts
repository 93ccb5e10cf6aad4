/** How often the page hears of a download. */
import type { Lifecycle } from './core/lifecycle.ts';

/** Bytes come in hundreds of pieces, and each change that is shown paints, on the cores that the machine is to start on. */
const progressMilliseconds = 100;

/** Passes on every state, but of a download's progress only some. */
export function pacedProgress(listener: (state: Lifecycle) => void, now: () => number = () => performance.now()): (state: Lifecycle) => void {
  let told = -Infinity;
  return (state) => {
    if (state.phase !== 'loading') told = -Infinity;
    else if (now() - told < progressMilliseconds) return;
    else told = now();
    listener(state);
  };
}
