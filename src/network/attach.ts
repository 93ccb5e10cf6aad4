/** Where a NIC and a network meet. */

/** One Ethernet frame from the destination address on, without preamble and checksum. */
export type Frame = Uint8Array<ArrayBuffer>;

/** Joins a NIC to a network: gets a function that delivers frames to the NIC, returns one that takes the NIC's frames. */
export type AttachNetwork = (deliver: (frame: Frame) => void) => (frame: Frame) => void;
