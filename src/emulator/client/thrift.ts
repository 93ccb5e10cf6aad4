/**
 * What the visitor asks pages to be sparing with. What the machine does in advance (download parts, compile code) only
 * saves seconds later, so it is left out then.
 *
 * Browsers tell a data saver (`navigator.connection.saveData`, `prefers-reduced-data`), but no battery saver: a battery
 * that runs low without being charged stands for it, since that is when systems turn theirs on. Where a browser tells
 * neither, nothing is spared.
 */

export interface Thrift {
  readonly data: boolean;
  readonly power: boolean;
}

/** Below this share of its charge a battery that is not being charged is spared; systems turn their battery saver on there. */
const lowBattery = 0.2;

/** The parts of the browser that tell; not all of them are in every browser, nor in TypeScript's types. */
export interface ThriftSource {
  readonly connection?: { readonly saveData?: boolean };
  getBattery?(): Promise<Battery>;
  matchMedia?(query: string): { readonly matches: boolean };
}

interface Battery extends EventTarget {
  readonly charging: boolean;
  /** 0 to 1. */
  readonly level: number;
}

/** Calls back at once, and when it has become known or has changed. Ends with the signal. */
export function watchThrift(source: ThriftSource, listener: (thrift: Thrift) => void, signal: AbortSignal): void {
  const data = source.connection?.saveData === true || source.matchMedia?.('(prefers-reduced-data: reduce)').matches === true;
  listener({ data, power: false });
  // A page in a frame may be refused the battery: then it is not known.
  source.getBattery?.().then(
    (battery) => {
      const tell = (): void => {
        if (!signal.aborted) listener({ data, power: !battery.charging && battery.level <= lowBattery });
      };
      battery.addEventListener('levelchange', tell, { signal });
      battery.addEventListener('chargingchange', tell, { signal });
      tell();
    },
    () => undefined,
  );
}

/** What this browser tells. */
export function browserThrift(): ThriftSource {
  const source: Navigator & ThriftSource = navigator;
  const getBattery = source.getBattery?.bind(navigator);
  return {
    ...(source.connection && { connection: source.connection }),
    ...(getBattery && { getBattery }),
    matchMedia: (query) => matchMedia(query),
  };
}
