/** What went wrong between the preview and a service, in the words of the catalogue. */
import { ConnectionError } from '../../../network/connection.ts';
import { HttpSyntaxError } from '../../../shared/http/syntax-error.ts';
import { DrydockError, isDrydockError, reasonOf, toDrydockError } from '../../../shared/errors.ts';

/** Silence of a service that is worth a message. A busy machine may need long for its first answer. */
export const silenceSeconds = 90;

/** @param refused tells why nothing listens, from what the engine says of the port */
export function explainFault(error: unknown, port: number, refused: (port: number) => DrydockError): DrydockError {
  if (isDrydockError(error)) return error;
  if (error instanceof HttpSyntaxError) {
    const cut = /ended before|ends \d+ bytes early|ends within/.test(error.message);
    return new DrydockError(cut ? 'preview-broke-off' : 'preview-not-http', { port, reason: error.message }, { cause: error });
  }
  if (!(error instanceof ConnectionError)) return toDrydockError(error);
  switch (error.fault) {
    case 'refused':
    case 'unreachable':
      return refused(port);
    case 'timeout':
      return new DrydockError('preview-timed-out', { port, seconds: silenceSeconds }, { cause: error });
    case 'reset':
    case 'aborted':
      return new DrydockError('preview-broke-off', { port, reason: reasonOf(error) }, { cause: error });
  }
}
