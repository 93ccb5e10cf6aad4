import { type ErrorKind, isDrydockError } from '../../shared/errors.ts';

/** What a parser of an author's file says is wrong: one problem a line. Fails if it accepts the file. @param kind of the error that it raises */
export function problemsTold(kind: ErrorKind, parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (isDrydockError(error, kind) && 'problems' in error.params) return String(error.params['problems']);
    throw error;
  }
  throw new Error('it was accepted');
}
