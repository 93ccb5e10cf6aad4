/** How the builder's commands speak to a terminal. */
import type { Progress, Reporter } from './progress.ts';

/** How far a lane is. */
interface Lane {
  readonly stage: string;
  readonly startedAt: number;
  /** Without the time left, which changes more often than is worth a line. */
  line: string;
  /** Empty once the stage is done. */
  text: string;
}

/** Draws progress on one line where the output is a terminal, else one line per stage and tenth. */
export function createTerminalReporter(output: NodeJS.WriteStream = process.stderr, now: () => number = Date.now): Reporter {
  const lanes = new Map<string, Lane>();
  const clear = (): string => (output.isTTY ? '\r\u001b[K' : '');
  /** All lanes that are at something, cut at the terminal's width: what wraps cannot be drawn over. */
  const current = (): string => (output.isTTY ? [...lanes.values()].map(({ text }) => text).filter((text) => text !== '').join('   ').slice(0, output.columns - 1) : '');
  return {
    progress(progress) {
      const { lane: name = '', stage, step, done, total } = progress;
      const known = lanes.get(name);
      const lane = known?.stage === stage ? known : { stage, startedAt: now(), line: '', text: '' };
      lanes.set(name, lane);
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      const shown = output.isTTY ? percent : Math.floor(percent / 10) * 10;
      const line = `${name === '' ? '' : `${name}: `}${stage}${step === undefined ? '' : ` (${step})`}: ${shown} %`;
      if (line === lane.line) return;
      lane.line = line;
      lane.text = `${line}${timeLeft(progress, now() - lane.startedAt)}`;
      if (!output.isTTY) output.write(`${lane.text}\n`);
      else if (percent < 100) output.write(`${clear()}${current()}`);
      // Stays in sight, above the line that is drawn over.
      else {
        const last = `${clear()}${lane.text}\n`;
        lane.text = '';
        output.write(`${last}${current()}`);
      }
    },
    warn(message) {
      output.write(`${clear()}warning: ${message}\n${current()}`);
    },
  };
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
