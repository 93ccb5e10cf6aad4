/** What the preview needs of the machine: connections to its ports. */
import type { Connection } from '../../../network/connection.ts';

export interface PreviewNetwork {
  /** Opens a connection to a port of the machine. Rejects with `ConnectionError` or a `DrydockError`. */
  connect(port: number, signal: AbortSignal): Promise<Connection>;
}
