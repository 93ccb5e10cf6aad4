/**
 * The few globals that browsers, workers and Node all have, for the realms that may run in any of them.
 *
 * Their tsconfig has neither the DOM's nor Node's types, so that using anything else is an error; each of those tsconfigs
 * lists this file. Realms with a real `lib` must not.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

declare class AbortSignal {
  private constructor();
  static abort(reason?: unknown): AbortSignal;
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

interface SubtleCrypto {
  digest(algorithm: string, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

declare const crypto: {
  /** Absent outside secure contexts, whatever the DOM's types say. */
  readonly subtle?: SubtleCrypto;
  getRandomValues<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(array: T): T;
};

declare function structuredClone<T>(value: T): T;
/** Characters up to U+00FF, each a byte. */
declare function btoa(data: string): string;
declare function queueMicrotask(callback: () => void): void;

interface UniversalTimer {
  readonly universalTimer: unique symbol;
}
declare function setTimeout(callback: () => void, milliseconds?: number): UniversalTimer;
declare function clearTimeout(timer: UniversalTimer | undefined): void;
