/**
 * Failures of the image builder. They are read by whoever builds Drydock, in a terminal, so each one says what
 * happened, and what to do about it.
 */

export const buildErrorCodes = [
  'recipe-invalid',
  'mirror-unknown',
  'download-failed',
  'not-on-mirror',
  'signature-invalid',
  'index-invalid',
  'index-expired',
  'index-mismatch',
  'package-mismatch',
  'package-malformed',
  'dependency-unsatisfied',
  'lock-missing',
  'lock-invalid',
  'lock-outdated',
  'lock-frozen',
  'emulator-unknown',
  'tree-conflict',
  'install-failed',
  'snapshot-failed',
  'start-failed',
] as const;

export type BuildErrorCode = (typeof buildErrorCodes)[number];

export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly code: BuildErrorCode;
  /** What the reader can do about it: a command, a variable, an option. */
  readonly hint: string;

  constructor(code: BuildErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** Message, hint and the chain of causes, as several lines for a terminal. */
export function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let at: unknown = error; at !== undefined && lines.length < 12; at = at instanceof Error ? at.cause : undefined) {
    const text = at instanceof Error ? at.message : String(at);
    lines.push(lines.length === 0 ? text : `  because: ${text}`);
    if (at instanceof BuildError) lines.push(`  -> ${at.hint}`);
  }
  return lines.join('\n');
}
