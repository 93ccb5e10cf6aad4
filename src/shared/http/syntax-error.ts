/** Statuses with which a server refuses what it cannot read. */
export type SyntaxStatus = 400 | 408 | 413 | 414 | 431 | 501 | 505;

/** What a peer sent is not HTTP/1.1, or is more of it than this end takes. The message continues the words "the message is wrong:". */
export class HttpSyntaxError extends Error {
  override readonly name = 'HttpSyntaxError';
  /** What a server answers with; of no matter to a client. */
  readonly status: SyntaxStatus;

  constructor(message: string, status: SyntaxStatus = 400) {
    super(message);
    this.status = status;
  }
}
