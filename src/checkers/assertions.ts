/**
 * What an exercise can assert about the engine and the guest: the vocabulary of `assertions` in exercise.yaml.
 *
 * Only state is ever looked at, never what was typed: any way that leads there counts.
 */
import { z } from 'zod';
import { idSchema } from '../shared/id.ts';
import { localizedSchema } from '../shared/locale.ts';
import { registryRequestKindSchema } from '../shared/registry-request.ts';
import { containerConditions, daemonConditions, containerWhere, fileConditions, imageConditions, imageWhere, networkWhere, regexSchema, volumeWhere } from './conditions.ts';

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
        .union([presence, countSchema, z.strictObject({ has: containerConditions })])
        .describe('exists, absent, a count, or `has`: at least one of them is like this'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('event').describe('What the engine reported in this session'),
      where: z.strictObject({
        type: z.enum(['container', 'image', 'network', 'volume']).default('container').describe('Kind of thing'),
        action: z.string().min(1).describe('Such as start, die, destroy, pull, exec_start, or with what stands behind its colon, such as health_status: healthy'),
        name: z.string().optional().describe('Name of the thing'),
        image: z.string().optional().describe('Image of the container'),
        exitCode: z.int().optional().describe('Exit code, for die and exec_die'),
        signal: z.int().optional().describe('Number of the signal, for kill: 15 is SIGTERM, 9 is SIGKILL'),
        commandMatches: regexSchema.optional().describe('The command, for exec_create and exec_start, matches'),
      }),
      expect: z.union([presence, countSchema]).describe('Whether, or how often, it happened'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('image'),
      where: imageWhere,
      expect: z
        .union([presence, countSchema, z.strictObject({ has: imageConditions })])
        .describe('exists, absent, a count, or `has`: at least one of them is like this'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('network'),
      where: networkWhere,
      expect: z.union([presence, countSchema]).describe('Whether, or how many of them, are there'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('volume'),
      where: volumeWhere,
      expect: z.union([presence, countSchema]).describe('Whether, or how many of them, are there'),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('daemon').describe('What the daemon says of itself: docker info'),
      expect: z.strictObject({ has: daemonConditions }),
    }),
    z.strictObject({
      ...common,
      ...extra,
      look: z.literal('registry-request').describe("What the guest asked of the registries of the page's network in this session; the access log shows it"),
      where: z.strictObject({
        host: z.string().min(1).optional().describe('Name of the host that answered'),
        kind: registryRequestKindSchema.optional(),
        name: z.string().min(1).optional().describe('Repository with its namespace, such as library/nginx'),
        reference: z.string().min(1).optional().describe('Tag or digest'),
        status: z.int().optional().describe('HTTP status of the answer'),
        minBytes: z.int().nonnegative().optional().describe('At least so many bytes were sent'),
      }),
      expect: z.union([presence, countSchema]).describe('Whether, or how often, it was asked'),
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
      look: z.literal('file').describe('A file of the guest, with the rights of the learner. For a text it must be a regular file; `exists` wants one, or a link'),
      path: z.string().startsWith('/').describe('Absolute path'),
      expect: z.union([presence, textExpectation, z.strictObject({ has: fileConditions })]),
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
export type TextExpectation = z.infer<typeof textExpectation>;
export type CommandExpectation = z.infer<typeof commandExpectation>;

const containerValues = ['name', 'id', 'image', 'state', 'exitCode', 'command', 'ports', 'count'];

/** The values that the message of an assertion may hold, by what it looks at. */
export const templateValues: Readonly<Record<Assertion['look'], readonly string[]>> = {
  container: containerValues,
  event: ['count', 'name', 'image', 'exitCode'],
  image: ['count', 'name', 'id', 'layers', 'command', 'entrypoint', 'user', 'workingDir', 'env'],
  network: ['count', 'name'],
  volume: ['count', 'name'],
  daemon: ['mirrors', 'labels'],
  'registry-request': ['count', 'host', 'name'],
  'container-log': containerValues,
  'container-file': containerValues,
  'container-exec': [...containerValues, 'output'],
  file: ['path', 'mode', 'type'],
  command: ['exitCode', 'output'],
};
