/**
 * The step that made a layer, as the Dockerfile said it. The engine keeps it as a builder wrote it down, and builders differ:
 * `/bin/sh -c #(nop)  CMD ["sh"]` and `CMD ["sh"]`, `/bin/sh -c make`, `RUN /bin/sh -c make # buildkit`.
 */

export interface Instruction {
  /** Such as RUN; undefined where the step is not of a Dockerfile: a command that was committed, a tool's own words. */
  keyword: string | undefined;
  /** What follows the keyword. */
  text: string;
}

/** Instructions that can change files; all others are noted in the image's configuration and make no layer. */
const changingFiles = ['RUN', 'COPY', 'ADD', 'WORKDIR'];
const onlyMetadata = ['ARG', 'CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME'];

/** Reads `CreatedBy` of a history entry; undefined when it says nothing. */
export function readInstruction(createdBy: string): Instruction | undefined {
  const step = createdBy.replace(/\s+# buildkit\s*$/, '').trim();
  if (step === '') return undefined;
  const noted = /^\/bin\/sh -c #\(nop\)\s+(.*)$/s.exec(step)?.[1];
  if (noted === undefined && /^(\|\d+ .*?)?\/bin\/sh -c /s.test(step)) return { keyword: 'RUN', text: commandOf(step) };
  const [, keyword = '', rest = ''] = /^([A-Z]+)\s+(.*)$/s.exec(noted ?? step) ?? [];
  if (keyword === 'RUN') return { keyword, text: commandOf(rest) };
  if (keyword === 'EXPOSE') return { keyword, text: portsOf(rest) };
  if (keyword === 'HEALTHCHECK') return { keyword, text: checkOf(rest) };
  if (changingFiles.includes(keyword) || onlyMetadata.includes(keyword)) return { keyword, text: spaced(rest) };
  return { keyword: undefined, text: spaced(noted ?? step) };
}

/** Whether a step whose layer holds not a byte may have one all the same: a directory or a removed file has no size. */
export function mayChangeFiles(instruction: Instruction | undefined): boolean {
  return instruction?.keyword === undefined || changingFiles.includes(instruction.keyword);
}

/** Without the shell and the build arguments that stand before the command. */
function commandOf(step: string): string {
  return spaced(step.replace(/^\|\d+ .*?(?=\/bin\/sh -c )/s, '').replace(/^\/bin\/sh -c /, ''));
}

/** BuildKit writes the map as Go prints it: `map[80/tcp:{}]`. */
function portsOf(text: string): string {
  const map = /^map\[(.*)\]$/.exec(text)?.[1];
  return map === undefined ? spaced(text) : map.replaceAll(':{}', '');
}

/** The structure as Go prints it, `&{["CMD-SHELL" "curl localhost"] "30s" ...}`: the command of it, which is what a reader looks for. */
function checkOf(text: string): string {
  const test = /^&\{\[((?:"(?:[^"\\]|\\.)*"\s*)*)\]/s.exec(text)?.[1];
  if (test === undefined) return spaced(text);
  const [kind = '', ...words] = Array.from(test.matchAll(/"((?:[^"\\]|\\.)*)"/gs), ([, word = '']) => word.replaceAll(/\\(["\\])/g, '$1'));
  return [kind === 'CMD-SHELL' ? 'CMD' : kind, ...words].join(' ');
}

/** Lines that were joined keep the indentation they had, and file sums say little. */
function spaced(text: string): string {
  return text.replaceAll(/[\t ]+/g, ' ').replaceAll(/\b((?:file|dir|multi):[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…').trim();
}
