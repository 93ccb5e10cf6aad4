/** A learning Ethernet switch: joins the NICs of several guests and hosts of ours into one network. */
import { macKey } from './address.ts';
import type { Frame } from './attach.ts';
import { isGroupAddress, parseEthernet } from './ethernet.ts';

/** A guest that makes up addresses must not fill the memory; a real switch has a bound too. */
const maximumLearned = 1024;

export interface SwitchPort {
  /** Takes a frame from what is attached. */
  transmit(frame: Frame): void;
  /** Unplugs the cable. */
  close(): void;
}

export class EthernetSwitch {
  readonly #ports = new Map<SwitchPort, (frame: Frame) => void>();
  readonly #learned = new Map<number, SwitchPort>();

  /** Plugs something in; `deliver` gets the frames meant for it, and those for everybody. */
  connect(deliver: (frame: Frame) => void): SwitchPort {
    const port: SwitchPort = {
      transmit: (frame) => this.#forward(port, frame),
      close: () => {
        this.#ports.delete(port);
        for (const [mac, owner] of this.#learned) if (owner === port) this.#learned.delete(mac);
      },
    };
    this.#ports.set(port, deliver);
    return port;
  }

  #forward(from: SwitchPort, bytes: Frame): void {
    const frame = parseEthernet(bytes);
    if (frame === undefined || !this.#ports.has(from)) return;
    this.#learn(frame.source, from);
    const known = isGroupAddress(frame.destination) ? undefined : this.#learned.get(macKey(frame.destination));
    if (known === from) return;
    if (known !== undefined) {
      this.#ports.get(known)?.(bytes);
      return;
    }
    for (const [port, deliver] of this.#ports) if (port !== from) deliver(bytes);
  }

  #learn(mac: Uint8Array, port: SwitchPort): void {
    if (isGroupAddress(mac)) return;
    const key = macKey(mac);
    this.#learned.delete(key);
    this.#learned.set(key, port);
    const oldest = this.#learned.keys().next();
    if (this.#learned.size > maximumLearned && oldest.done !== true) this.#learned.delete(oldest.value);
  }
}
