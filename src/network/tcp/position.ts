/**
 * Sequence numbers without their wrap: a position is the number of bytes since the connection's first sequence number,
 * plus that number, so that positions compare and subtract as numbers do. On the wire go their lowest 32 bits.
 */

/** The position with these 32 bits that is nearest to a known one. */
export function positionNear(sequence: number, near: number): number {
  return near + ((sequence - near) | 0);
}

export function sequenceOf(position: number): number {
  return position >>> 0;
}
