/** Alerts (RFC 8446, 6): how one end tells the other that it is over, and why. */

export const alert = {
  closeNotify: 0,
  unexpectedMessage: 10,
  badRecordMac: 20,
  recordOverflow: 22,
  handshakeFailure: 40,
  illegalParameter: 47,
  decodeError: 50,
  decryptError: 51,
  protocolVersion: 70,
  internalError: 80,
  userCanceled: 90,
  missingExtension: 109,
  unrecognizedName: 112,
  noApplicationProtocol: 120,
} as const;

export type AlertName = keyof typeof alert;

const names = new Map<number, string>(Object.entries(alert).map(([name, code]) => [code, name]));

/** Name of an alert, or its number if we never send it. */
export function alertName(code: number): string {
  return names.get(code) ?? String(code);
}

/** What the client did wrong, with the alert that tells it so. */
export class TlsError extends Error {
  override readonly name = 'TlsError';
  readonly alert: AlertName;

  constructor(name: AlertName, message: string) {
    super(message);
    this.alert = name;
  }
}
