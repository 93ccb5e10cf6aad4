/**
 * What an exercise can assert about the engine and the guest: the vocabulary of `assertions` in exercise.yaml.
 *
 * Only state is ever looked at, never what was typed: any way that leads there counts.
 */
import { z } from 'zod';
import { containerStates } from '../guest/engine/schemas.ts';
import { localizedSchema } from '../shared/locale.ts';

export const idSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');

const regexSchema = z.string().min(1).refine(isRegex, 'must be a regular expression of JavaScript');
const portNumber = z.int().min(1).max(65_535);
const stringMap = z.record(z.string().min(1), z.string());

const conditions = {
  state: z
    .array(z.enum([...containerStates, 'removed']))
    .min(1)
    .optional()
    .describe('In one of these states; `removed` only together with `where.removed`'),
  exitCode: z.int().optional().describe('It ended with this exit code'),
  tty: z.boolean().optional().describe('It has a terminal (-t)'),
  stdin: z.boolean().optional().describe('Its standard input is kept open (-i)'),
  detached: z.boolean().optional().describe('It was started without attaching a terminal (-d)'),
  autoRemove: z.boolean().optional().describe('It is removed when it ends (--rm)'),
  commandMatches: regexSchema.optional().describe('Entrypoint and command, joined by blanks, match'),
  env: stringMap.optional().describe('These environment variables have these values'),
  user: z.string().optional().describe('User it runs as; empty: the default'),
  workingDir: z.string().optional().describe('Working directory'),
  port: z
    .strictObject({
      container: portNumber.describe('Port in the container'),
      host: portNumber.optional().describe('Port of the host it is published on; any unless given'),
      protocol: z.enum(['tcp', 'udp']).default('tcp').describe('tcp or udp'),
    })
    .optional()
    .describe('A port that is published (-p)'),
  mount: z
    .strictObject({
      destination: z.string().startsWith('/').describe('Path in the container'),
      type: z.enum(['bind', 'volume', 'tmpfs']).optional().describe('Kind of mount'),
      source: z.string().optional().describe('Path of the host, or name of the volume'),
      readOnly: z.boolean().optional().describe('Mounted read-only'),
    })
    .optional()
    .describe('Something mounted (-v, --mount)'),
  network: z.string().optional().describe('Name of a network that it is connected to'),
  restartPolicy: z.enum(['no', 'always', 'unless-stopped', 'on-failure']).optional().describe('--restart'),
  memoryBytes: z.int().nonnegative().optional().describe('Memory limit in bytes; 0: none'),
  nanoCpus: z.int().nonnegative().optional().describe('Processor limit in billionths of a processor; 0: none'),
  health: z.enum(['starting', 'healthy', 'unhealthy']).optional().describe('Result of its health check'),
};

const conditionsSchema = z.strictObject(conditions).describe('What a container must be like');

const containerWhere = z
  .strictObject({
    name: z.string().min(1).optional().describe('Name of the container'),
    image: z.string().min(1).optional().describe('Image it was made from, such as nginx or nginx:1.27'),
    ancestor: z.string().min(1).optional().describe('Image that its image is or is built on'),
    label: stringMap.optional().describe('Labels it has'),
    removed: z.boolean().default(false).describe('Containers of this session that were removed meanwhile count too'),
    ...conditions,
  })
  .describe('Which containers to look at; every condition must hold');

const countSchema = z
  .strictObject({
    count: z
      .strictObject({
        min: z.int().nonnegative().default(0).describe('At least so many'),
        max: z.int().nonnegative().optional().describe('At most so many'),
      })
      .describe('How many there are'),
  })
  .describe('A number of matches');

const presence = z.enum(['exists', 'absent']);

const textExpectation = z.union([
  z.strictObject({ contains: z.string().min(1).describe('The text contains this') }),
  z.strictObject({ matches: regexSchema.describe('The text matches; ^ and $ are ends of lines') }),
  z.strictObject({ lacks: regexSchema.describe('The text does not match; ^ and $ are ends of lines') }),
]);

const commandExpectation = z
  .strictObject({
    exitCode: z.int().default(0).describe('Its exit code'),
    outputMatches: regexSchema.optional().describe('Its standard output matches; ^ and $ are ends of lines'),
  })
  .describe('How the command must end');

const common = {
  id: idSchema.describe('Unique in the task; wrong states refer to it'),
  fail: localizedSchema.describe('Why it fails, for the learner; may hold values such as {name}, {state}, {exitCode}'),
};

/** One look at one thing, with further fields. */
function looks<E extends z.ZodRawShape>(extra: E) {
  return z.discriminatedUnion('look', [
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('container'),
      where: containerWhere,
      expect: z
        .union([presence, countSchema, z.strictObject({ has: conditionsSchema })])
        .describe('exists, absent, a count, or `has`: at least one of them is like this'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('event').describe('What the engine reported in this session'),
      where: z.strictObject({
        type: z.enum(['container', 'image', 'network', 'volume']).default('container').describe('Kind of thing'),
        action: z.string().min(1).describe('Such as start, die, destroy, pull, exec_start'),
        name: z.string().optional().describe('Name of the thing'),
        image: z.string().optional().describe('Image of the container'),
        exitCode: z.int().optional().describe('Exit code, for die and exec_die'),
      }),
      expect: z.union([presence, countSchema]).describe('Whether, or how often, it happened'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('image'),
      where: z.strictObject({
        name: z.string().min(1).optional().describe('Repository, with a tag unless it is latest'),
        label: stringMap.optional().describe('Labels it has'),
      }),
      expect: z.union([presence, countSchema]).describe('Whether, or how many of them, are there'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('network'),
      where: z.strictObject({
        name: z.string().min(1).optional().describe('Name of the network'),
        driver: z.string().optional().describe('Such as bridge'),
      }),
      expect: z.union([presence, countSchema]).describe('Whether, or how many of them, are there'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('volume'),
      where: z.strictObject({ name: z.string().min(1).optional().describe('Name of the volume') }),
      expect: z.union([presence, countSchema]).describe('Whether, or how many of them, are there'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('container-log').describe('The last 500 lines of the newest container that matches'),
      where: containerWhere,
      expect: textExpectation,
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('container-file').describe('A regular file in the newest container that matches, running or not'),
      where: containerWhere,
      path: z.string().startsWith('/').describe('Path in the container'),
      expect: z.union([presence, textExpectation]),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('container-exec').describe('A command in the newest container that matches. Slow: prefer container-file'),
      where: containerWhere,
      command: z.array(z.string()).min(1).describe('Program and arguments; must change nothing'),
      expect: commandExpectation,
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('file').describe('A regular file of the guest'),
      path: z.string().startsWith('/').describe('Absolute path'),
      expect: z.union([presence, textExpectation]),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('command').describe('A command in the guest, as the learner. Must change nothing and not call docker'),
      command: z.array(z.string()).min(1).describe('Program and arguments'),
      expect: commandExpectation,
    }),
  ]);
}

const mistakeSchema = looks({});

export const assertionSchema = looks({
  open: z.boolean().default(false).describe('Failing means "not done yet" instead of "done wrongly"'),
  mistakes: z
    .array(mistakeSchema)
    .default([])
    .describe('Looked at only when this assertion fails: the first of them that fails too gives the reason, as "done wrongly"'),
});

export type Assertion = z.infer<typeof assertionSchema>;
export type Mistake = z.infer<typeof mistakeSchema>;
export type LookOf<L extends Mistake['look']> = Extract<Mistake, { look: L }>;
export type ContainerWhere = z.infer<typeof containerWhere>;
export type ContainerConditions = z.infer<typeof conditionsSchema>;
export type TextExpectation = z.infer<typeof textExpectation>;
export type CommandExpectation = z.infer<typeof commandExpectation>;

const containerValues = ['name', 'id', 'image', 'state', 'exitCode', 'command', 'ports', 'count'];

/** The values that the message of an assertion may hold, by what it looks at. */
export const templateValues: Readonly<Record<Assertion['look'], readonly string[]>> = {
  container: containerValues,
  event: ['count', 'name', 'image', 'exitCode'],
  image: ['count', 'name'],
  network: ['count', 'name'],
  volume: ['count', 'name'],
  'container-log': containerValues,
  'container-file': containerValues,
  'container-exec': [...containerValues, 'output'],
  file: ['path'],
  command: ['exitCode', 'output'],
};

function isRegex(source: string): boolean {
  try {
    new RegExp(source, 'mu');
    return true;
  } catch {
    return false;
  }
}
