/** How the builder's stages report how far they are; the command line draws it, tests ignore it. */

export interface Progress {
  /** Whose stage it is, where several things are made side by side; absent for what the command itself does. */
  readonly lane?: string;
  /** Name of the stage, the same for every report of it. */
  readonly stage: string;
  /** What is being done within the stage, where that is worth telling. */
  readonly step?: string | undefined;
  /** Work done so far, in the unit of `total` (bytes or steps). */
  readonly done: number;
  readonly total: number;
}

export interface Reporter {
  progress(progress: Progress): void;
  /** Something the reader should know but that does not stop the build. One sentence. */
  warn(message: string): void;
}

export const silentReporter: Reporter = { progress: () => undefined, warn: () => undefined };
