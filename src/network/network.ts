/** The network of one guest: its NIC and the gateway on a switch. */
import { parseIpv4, parseMac } from './address.ts';
import type { AttachNetwork } from './attach.ts';
import { Gateway } from './gateway.ts';
import { EthernetSwitch } from './switch.ts';

/** Locally administered, so that it cannot be a real card's. */
const gatewayMac = '02:00:0a:00:02:02';
/** The guest's address is configured as a /24. */
const prefixLength = 24;

/** What the image manifest says about the network, as far as it matters here. */
export interface NetworkSettings {
  /** IPv4 of the gateway and name server. */
  gatewayAddress: string;
}

export function gatewayNetwork({ gatewayAddress }: NetworkSettings): AttachNetwork {
  const network = new EthernetSwitch();
  joinGateway(network, gatewayAddress);
  return (deliver) => {
    const port = network.connect(deliver);
    return (frame) => port.transmit(frame);
  };
}

/** Plugs a gateway into a switch. */
export function joinGateway(network: EthernetSwitch, address: string): void {
  const gateway = new Gateway({ mac: parseMac(gatewayMac), address: parseIpv4(address), prefixLength });
  const port = network.connect((frame) => {
    const answer = gateway.answer(frame);
    if (answer !== undefined) port.transmit(answer);
  });
}
