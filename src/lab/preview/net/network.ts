/** What the preview needs of the machine: connections to its ports, and its time. */
import type { Clock } from '../../../shared/clock.ts';
import type { Connection } from '../../../network/connection.ts';

export interface PreviewNetwork {
  /** Opens a connection to a port of the machine. Rejects with `ConnectionError` or a `DrydockError`. */
  connect(port: number, signal: AbortSignal): Promise<Connection>;
  /** Stands still while the machine is paused, so that nobody gives it up for that. The computer's own time unless given. */
  readonly clock?: Clock;
}
