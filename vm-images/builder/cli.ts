/** How the builder's commands speak to a terminal. */
import type { Progress, Reporter } from './progress.ts';

/** Draws progress on one line where the output is a terminal, else one line per stage and tenth. */
export function createTerminalReporter(output: NodeJS.WriteStream = process.stderr, now: () => number = Date.now): Reporter {
  let last = '';
  let started: { stage: string; at: number } | undefined;
  const draw = (progress: Progress): void => {
    const { stage, step, done, total } = progress;
    if (started?.stage !== stage) started = { stage, at: now() };
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    const shown = output.isTTY ? percent : Math.floor(percent / 10) * 10;
    const line = `${stage}${step === undefined ? '' : ` (${step})`}: ${shown} %`;
    if (line === last) return;
    last = line;
    const text = `${line}${timeLeft(progress, now() - started.at)}`;
    output.write(output.isTTY ? `\r\u001b[K${text}${percent === 100 ? '\n' : ''}` : `${text}\n`);
  };
  return { progress: draw, warn: (message) => void output.write(`${output.isTTY ? '\r\u001b[K' : ''}warning: ${message}\n`) };
}

/** Below these a guess would be worth nothing: milliseconds gone by, and the share done. */
const guessAfter = 2000;
const guessFrom = 0.05;

/** ", about 40 s left" once it can be guessed from the pace so far. */
export function timeLeft({ done, total }: Progress, elapsedMilliseconds: number): string {
  if (elapsedMilliseconds < guessAfter || done >= total || done / total < guessFrom) return '';
  const seconds = Math.ceil((elapsedMilliseconds * (total - done)) / done / 1000);
  return seconds < 90 ? `, about ${seconds} s left` : `, about ${Math.round(seconds / 60)} min left`;
}
