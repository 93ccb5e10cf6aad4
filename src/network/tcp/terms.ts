/** What two ends agree on by their SYNs. */
import { largestUnscaledWindow } from './outlet.ts';
import type { Segment } from './segment.ts';
import type { TcpSettings } from './settings.ts';

/** RFC 9293, 3.7.1: what a peer takes that names no size. */
const defaultSegmentBytes = 536;
/** No honest peer wants less, and each segment costs as much as a large one. */
const smallestSegmentBytes = 64;

export interface Terms {
  /** Bytes of a full segment, in either direction. */
  readonly segmentBytes: number;
  /** What can be announced at most is what is held at most. */
  readonly receiveBytes: number;
  /** Shifts of the window fields; both 0 unless both sides can. */
  readonly localScale: number;
  readonly remoteScale: number;
  /** The peer's window in its SYN, in bytes. */
  readonly firstWindow: number;
}

export function termsOf(syn: Segment, settings: TcpSettings): Terms {
  const scaled = syn.windowScale !== undefined;
  return {
    segmentBytes: Math.min(settings.segmentBytes, Math.max(syn.maximumSegment ?? defaultSegmentBytes, smallestSegmentBytes)),
    receiveBytes: scaled ? settings.bufferBytes : Math.min(settings.bufferBytes, largestUnscaledWindow),
    localScale: scaled ? settings.windowScale : 0,
    remoteScale: syn.windowScale ?? 0,
    firstWindow: syn.window,
  };
}
