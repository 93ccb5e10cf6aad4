/** Known answers: the connection of RFC 8448, section 3, and RFC 8446's rule for the keys that follow. */
import { describe, expect, it } from 'vitest';
import { hex } from '../testing/bytes.ts';
import { cipherSuites, TrafficKeys } from './cipher-suite.ts';
import { applicationSecrets, expandLabel, handshakeSecrets } from './key-schedule.ts';

const shared = hex('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
const helloHash = hex('860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8');

describe('the key schedule', () => {
  const secrets = handshakeSecrets(shared, helloHash);

  it('gives the secrets of the handshake', () => {
    expect(secrets.handshake).toEqual(hex('1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac'));
    expect(secrets.client).toEqual(hex('b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21'));
    expect(secrets.server).toEqual(hex('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38'));
  });

  it('gives the key and the nonce of a direction', () => {
    expect(expandLabel(secrets.server, 'key', new Uint8Array(0), 16)).toEqual(hex('3fce516009c21727d0f2e4e86ee403bc'));
    expect(expandLabel(secrets.server, 'iv', new Uint8Array(0), 12)).toEqual(hex('5d313eb2671276ee13000b30'));
  });

  it('gives the secrets of the data', () => {
    const application = applicationSecrets(secrets.handshake, hex('9608102a0f1ccc6db6250b7b7e417b1a000eaada3daae4777a7686c9ff83df13'));
    expect(application.client).toEqual(hex('9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5'));
    expect(application.server).toEqual(hex('a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643'));
  });
});

describe.each(cipherSuites)('the suite $id', (suite) => {
  const secret = new Uint8Array(32).fill(3);
  const keys = () => new TrafficKeys(suite, secret);
  const header = hex('1703030015');
  const text = hex('00112233');

  it('opens what it sealed, in the same order only', () => {
    const [sealer, opener] = [keys(), keys()];
    const sealed = [sealer.seal(text, header), sealer.seal(text, header)];
    expect(sealed[0]).not.toEqual(sealed[1]);
    expect(sealed.map((bytes) => opener.open(bytes, header))).toEqual([text, text]);
    expect(() => keys().open(sealed[1] ?? text, header)).toThrow();
    expect(() => keys().open(sealed[0] ?? text, hex('1703030016'))).toThrow();
  });

  it('goes on with new keys after an update', () => {
    const [sealer, opener] = [keys(), keys()];
    sealer.update();
    const sealed = sealer.seal(text, header);
    expect(() => keys().open(sealed, header)).toThrow();
    opener.update();
    expect(opener.open(sealed, header)).toEqual(text);
  });
});
