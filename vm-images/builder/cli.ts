/** How the builder's commands speak to a terminal. */
import type { Progress, Reporter } from './progress.ts';

/** Draws progress on one line where the output is a terminal, else one line per stage and tenth. */
export function createTerminalReporter(output: NodeJS.WriteStream = process.stderr): Reporter {
  let last = '';
  const draw = ({ stage, done, total }: Progress): void => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    const shown = output.isTTY ? percent : Math.floor(percent / 10) * 10;
    const line = `${stage}: ${shown} %`;
    if (line === last) return;
    last = line;
    output.write(output.isTTY ? `\r\u001b[K${line}${percent === 100 ? '\n' : ''}` : `${line}\n`);
  };
  return { progress: draw, warn: (message) => void output.write(`${output.isTTY ? '\r\u001b[K' : ''}warning: ${message}\n`) };
}
