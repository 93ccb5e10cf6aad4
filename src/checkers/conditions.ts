/** What containers, images, networks, volumes and files can be asked to be like: the words inside `where` and `has`. */
import { z } from 'zod';
import { containerStates } from '../guest/engine/schemas.ts';

export const regexSchema = z.string().min(1).refine(isRegex, 'must be a regular expression of JavaScript');
export const stringMap = z.record(z.string().min(1), z.string());
const portNumber = z.int().min(1).max(65_535);
const absolutePath = z.string().startsWith('/');
const words = z.array(z.string()).min(1);

/** A number between two bounds. */
const range = (what: string) =>
  z
    .strictObject({
      min: z.int().nonnegative().default(0).describe('At least so many'),
      max: z.int().nonnegative().optional().describe('At most so many'),
    })
    .describe(what);

const container = {
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
  user: z.string().optional().describe('User it runs as, by name or number, in whatever group; empty: the default'),
  workingDir: z.string().optional().describe('Working directory'),
  hostname: z.string().optional().describe('Host name it sees (--hostname)'),
  port: z
    .strictObject({
      container: portNumber.describe('Port in the container'),
      host: portNumber.optional().describe('Port of the host it is published on; any unless given'),
      address: z.string().optional().describe('Address of the host it is published on; empty: all of them'),
      protocol: z.enum(['tcp', 'udp']).default('tcp').describe('tcp or udp'),
    })
    .optional()
    .describe('A port that is published (-p)'),
  mount: z
    .strictObject({
      destination: absolutePath.describe('Path in the container'),
      type: z.enum(['bind', 'volume', 'tmpfs']).optional().describe('Kind of mount'),
      source: z.string().optional().describe('Path of the host, or name of the volume'),
      readOnly: z.boolean().optional().describe('Mounted read-only'),
    })
    .optional()
    .describe('Something mounted (-v, --mount, --tmpfs)'),
  network: z.string().optional().describe('Name of a network that it is connected to'),
  networkMode: z.string().optional().describe('--network as it was given, such as host, none, container:ID'),
  restartPolicy: z.enum(['no', 'always', 'unless-stopped', 'on-failure']).optional().describe('--restart'),
  maximumRetries: z.int().nonnegative().optional().describe('The number in --restart on-failure:N; 0: no limit'),
  restarts: range('How often its restart policy has started it again').optional(),
  memoryBytes: z.int().nonnegative().optional().describe('Memory limit in bytes; 0: none'),
  nanoCpus: z.int().nonnegative().optional().describe('Processor limit in billionths of a processor; 0: none'),
  pidsLimit: z.int().nonnegative().optional().describe('Limit of processes (--pids-limit); 0: none'),
  oomKilled: z.boolean().optional().describe('The kernel ended it for want of memory'),
  health: z.enum(['starting', 'healthy', 'unhealthy']).optional().describe('Result of its health check'),
  readOnly: z.boolean().optional().describe('Its root file system is read-only (--read-only)'),
  privileged: z.boolean().optional().describe('--privileged'),
  capAdd: words.optional().describe('Capabilities added, exactly these in any order, without the prefix CAP_'),
  capDrop: words.optional().describe('Capabilities dropped, these at least, without the prefix CAP_'),
  securityOpt: z.string().optional().describe('One of its --security-opt'),
  logOptions: stringMap.optional().describe('Options of its log (--log-opt) with these values'),
  pidMode: z.string().optional().describe('--pid as it was given, such as host; empty: its own'),
};

export const containerConditions = z.strictObject(container).describe('What a container must be like');

export const containerWhere = z
  .strictObject({
    name: z.string().min(1).optional().describe('Name of the container'),
    image: z.string().min(1).optional().describe('Image it was made from, such as nginx or nginx:1.27'),
    ancestor: z.string().min(1).optional().describe('Image that its image is or is built on'),
    label: stringMap.optional().describe('Labels it has'),
    compose: z
      .strictObject({
        project: z.string().min(1).describe('Name of the project'),
        service: z.string().min(1).optional().describe('Name of the service; any unless given'),
      })
      .optional()
      .describe('It belongs to this project of Compose'),
    removed: z.boolean().default(false).describe('Containers of this session that were removed meanwhile count too'),
    ...container,
  })
  .describe('Which containers to look at; every condition must hold');

const image = {
  layers: range('How many layers with files it has').optional(),
  basedOn: z.string().min(1).optional().describe('Its first layers are all the layers of this image'),
  shares: z
    .strictObject({
      with: z.string().min(1).describe('Name of the other image'),
      min: z.int().nonnegative().default(0).describe('At least so many'),
      max: z.int().nonnegative().optional().describe('At most so many'),
    })
    .optional()
    .describe('How many of its first layers are the first layers of another image too'),
  sameAs: z.string().min(1).optional().describe('It is the same image as the one of this name: the id is equal'),
  sizeBytes: range('Size of all its layers in bytes').optional(),
  command: z.array(z.string()).optional().describe('CMD as the engine keeps it: the shell form begins with /bin/sh -c'),
  entrypoint: z.array(z.string()).optional().describe('ENTRYPOINT as the engine keeps it'),
  env: stringMap.optional().describe('ENV: these variables have these values'),
  user: z.string().optional().describe('USER, by name or number, in whatever group; empty: root'),
  workingDir: z.string().optional().describe('WORKDIR'),
  exposes: z.string().regex(/^\d+\/(tcp|udp)$/, 'must be a port such as 80/tcp').optional().describe('EXPOSE: this port, with the protocol'),
  volume: absolutePath.optional().describe('VOLUME: this path'),
  healthcheck: z.boolean().optional().describe('It has a HEALTHCHECK'),
  healthcheckMatches: regexSchema.optional().describe('The words of its HEALTHCHECK, joined by blanks, match'),
  stopSignal: z.string().optional().describe('STOPSIGNAL'),
  onBuild: z.boolean().optional().describe('It has steps for those who build on it (ONBUILD)'),
  historyMatches: regexSchema.optional().describe('A step of its history, such as “COPY app /app # buildkit”, matches'),
  historyLacks: regexSchema.optional().describe('No step of its history matches'),
};

export const imageConditions = z.strictObject(image).describe('What an image must be like');

export const imageWhere = z
  .strictObject({
    name: z.string().min(1).optional().describe('Repository, with a tag unless it is latest'),
    label: stringMap.optional().describe('Labels it has'),
    dangling: z.boolean().optional().describe('It has no name (any more)'),
    digestOf: z.string().min(1).optional().describe('Repository that it has a digest of: it was pulled from there, or pushed'),
    ...image,
  })
  .describe('Which images to look at; every condition must hold');

export const networkWhere = z
  .strictObject({
    name: z.string().min(1).optional().describe('Name of the network'),
    driver: z.string().optional().describe('Such as bridge'),
    internal: z.boolean().optional().describe('Without a way out (--internal)'),
    subnet: z.string().optional().describe('One of its subnets, such as 172.20.0.0/16'),
    label: stringMap.optional().describe('Labels it has'),
    connected: words.optional().describe('Names of running containers that are all connected to it'),
  })
  .describe('Which networks to look at; every condition must hold');

export const volumeWhere = z
  .strictObject({
    name: z.string().min(1).optional().describe('Name of the volume'),
    driver: z.string().optional().describe('Such as local'),
    label: stringMap.optional().describe('Labels it has'),
  })
  .describe('Which volumes to look at; every condition must hold');

export const fileConditions = z
  .strictObject({
    type: z.enum(['file', 'directory', 'link', 'other']).optional().describe('Kind of file; a link is not followed'),
    mode: z.string().regex(/^[0-7]{4}$/, 'must be an octal mode such as 0644, in quotes').optional().describe('Permission bits'),
    sizeBytes: range('Size in bytes').optional(),
  })
  .describe('What a file must be like; its content is not read');

export const daemonConditions = z
  .strictObject({
    mirrors: words.optional().describe('Host names of its registry-mirrors, exactly these and in this order'),
    mirror: z.string().min(1).optional().describe('Host name of one of its registry-mirrors'),
    insecure: z.string().min(1).optional().describe('One of its insecure-registries, as HOST:PORT'),
    secure: z.string().min(1).optional().describe('None of its insecure-registries, as HOST:PORT'),
    labels: z.array(z.string()).optional().describe('Its labels, exactly these in any order, as NAME=VALUE'),
    liveRestore: z.boolean().optional().describe('Whether containers go on while it is down (live-restore)'),
  })
  .describe('What the daemon must be like');

export type DaemonConditions = z.infer<typeof daemonConditions>;
export type ContainerConditions = z.infer<typeof containerConditions>;
export type ContainerWhere = z.infer<typeof containerWhere>;
export type ImageConditions = z.infer<typeof imageConditions>;
export type ImageWhere = z.infer<typeof imageWhere>;
export type NetworkWhere = z.infer<typeof networkWhere>;
export type VolumeWhere = z.infer<typeof volumeWhere>;
export type FileConditions = z.infer<typeof fileConditions>;

function isRegex(source: string): boolean {
  try {
    new RegExp(source, 'mu');
    return true;
  } catch {
    return false;
  }
}
