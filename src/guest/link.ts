/**
 * The byte pipe between this side and the agent in the guest.
 *
 * Whoever owns the emulator (the worker, a Node test, the image builder) provides it; pacing on the virtio
 * console (see "Flow control, on the link" in vm-images/agent/PROTOCOL.md) is the owner's business and needs the
 * LINK_ACK frames, so the owner sees the bytes first.
 */
export interface GuestLink {
  /** Queues bytes for the guest. Never drops and never blocks; the channel windows bound what can be waiting. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Bytes from the guest, in order, in pieces of any size. One receiver at a time. */
  onReceive(receiver: (bytes: Uint8Array) => void): void;
  /** Called once when the machine is gone (stopped, failed, reset): every open channel must fail, not hang. */
  onClose(receiver: (reason: Error) => void): void;
}
