/**
 * The fields of the Engine API (v1.43) that are used here. Objects are loose: the engine sends many more.
 *
 * Go sends null for an empty list or map; those become empty, so that nobody has to ask twice.
 */
import { z } from 'zod';

const strings = z.nullish(z.array(z.string())).transform((list) => list ?? []);
const stringMap = z.nullish(z.record(z.string(), z.string())).transform((map) => map ?? {});
const anyMap = z.nullish(z.record(z.string(), z.unknown())).transform((map) => map ?? {});

/** States of a container as the engine names them. */
export const containerStates = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;
export const containerStateSchema = z.enum(containerStates);

export const containerSummarySchema = z.looseObject({
  Id: z.string(),
  Names: strings.describe('With a leading slash'),
  Image: z.string().describe('As given when it was created; an id when the name moved on'),
  ImageID: z.string(),
  Command: z.string(),
  Created: z.number().describe('Seconds since 1970'),
  State: containerStateSchema,
  Status: z.string().describe('Such as "Up 3 minutes" or "Exited (0) 2 hours ago"'),
  Labels: stringMap,
  Ports: z
    .nullish(
      z.array(
        z.looseObject({
          IP: z.string().optional().describe('Of the host; absent for a port that is only exposed'),
          PrivatePort: z.number().describe('In the container'),
          PublicPort: z.number().optional().describe('On the host'),
          Type: z.string().describe('tcp, udp or sctp'),
        }),
      ),
    )
    .transform((list) => list ?? [])
    .describe('Of a running container; one entry per address'),
});

const portBindings = z
  .nullish(z.record(z.string(), z.nullish(z.array(z.looseObject({ HostIp: z.string(), HostPort: z.string() })))))
  .transform((map) => map ?? {});

export const containerInspectSchema = z.looseObject({
  Id: z.string(),
  Name: z.string().describe('With a leading slash'),
  Created: z.string(),
  Image: z.string().describe('Image id'),
  RestartCount: z.number().default(0),
  State: z.looseObject({
    Status: containerStateSchema,
    ExitCode: z.number(),
    OOMKilled: z.boolean().default(false),
    Error: z.string().default(''),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    Health: z.nullish(z.looseObject({ Status: z.string() })),
  }),
  Config: z.looseObject({
    Image: z.string(),
    Hostname: z.string().default(''),
    User: z.string().default(''),
    WorkingDir: z.string().default(''),
    Tty: z.boolean(),
    OpenStdin: z.boolean(),
    AttachStdout: z.boolean().describe('False when it was started with -d'),
    Cmd: strings,
    Entrypoint: strings,
    Env: strings,
    Labels: stringMap,
  }),
  HostConfig: z.looseObject({
    AutoRemove: z.boolean(),
    NetworkMode: z.string(),
    Memory: z.number().default(0),
    NanoCpus: z.number().default(0),
    Privileged: z.boolean().default(false),
    ReadonlyRootfs: z.boolean().default(false),
    RestartPolicy: z.nullish(z.looseObject({ Name: z.string(), MaximumRetryCount: z.number().default(0) })),
    PidMode: z.string().default(''),
    PidsLimit: z.nullish(z.number()),
    CapAdd: strings.describe('Without the prefix CAP_, or with it: the engine keeps what was given'),
    CapDrop: strings,
    SecurityOpt: strings,
    Tmpfs: stringMap.describe('--tmpfs: path to options'),
    LogConfig: z.nullish(z.looseObject({ Config: stringMap.describe('--log-opt') })),
    PortBindings: portBindings.describe('What was asked for: "80/tcp" to host ports'),
  }),
  NetworkSettings: z.looseObject({ Networks: anyMap.describe('By network name') }),
  Mounts: z
    .nullish(
      z.array(
        z.looseObject({
          Type: z.string().describe('bind, volume, tmpfs'),
          Name: z.string().optional().describe('Of the volume'),
          Source: z.string().default(''),
          Destination: z.string(),
          RW: z.boolean(),
        }),
      ),
    )
    .transform((list) => list ?? []),
});

export const imageSummarySchema = z.looseObject({
  Id: z.string(),
  RepoTags: strings,
  RepoDigests: strings,
  Created: z.number(),
  Size: z.number(),
  Labels: stringMap,
});

export const imageInspectSchema = z.looseObject({
  Id: z.string(),
  RepoTags: strings,
  Architecture: z.string(),
  Size: z.number(),
  Config: z.nullish(
    z.looseObject({
      Cmd: strings,
      Entrypoint: strings,
      Env: strings,
      Labels: stringMap,
      User: z.string().default(''),
      WorkingDir: z.string().default(''),
      ExposedPorts: anyMap.describe('By port, such as 80/tcp'),
      Volumes: anyMap.describe('By path'),
      Healthcheck: z.nullish(z.looseObject({ Test: strings.describe('CMD or CMD-SHELL first; NONE: switched off') })),
      StopSignal: z.string().default(''),
      OnBuild: strings,
      Shell: strings,
    }),
  ),
  RootFS: z.looseObject({ Layers: strings }),
});

/** The newest first. Only the last step of an image, and of one that it was built on and that still has a name, has an id. */
export const imageHistorySchema = z.array(
  z.looseObject({
    Id: z.string(),
    CreatedBy: z.string().describe('Such as RUN /bin/sh -c make # buildkit'),
    Size: z.number().describe('Bytes of the layer; 0: it has none'),
    Comment: z.string().default('').describe('Of docker commit -m and docker import'),
  }),
);

/** What differs in a container from its image; null when nothing does. */
export const containerChangesSchema = z
  .nullish(z.array(z.looseObject({ Path: z.string(), Kind: z.number().describe('0: changed, 1: added, 2: deleted') })))
  .transform((list) => list ?? []);

export const networkSchema = z.looseObject({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string(),
  Internal: z.boolean().default(false),
  Labels: stringMap,
  IPAM: z.nullish(z.looseObject({ Config: z.nullish(z.array(z.looseObject({ Subnet: z.string().default(''), Gateway: z.string().default('') }))) })),
});

/** The list of networks does not tell who is connected; a look at the single network does. */
export const networkInspectSchema = networkSchema.extend({
  Containers: z.nullish(z.record(z.string(), z.looseObject({ Name: z.string() }))).transform((map) => map ?? {}).describe('Running containers by id'),
});

export const volumeSchema = z.looseObject({ Name: z.string(), Driver: z.string(), Mountpoint: z.string(), Labels: stringMap });
export const volumeListSchema = z.looseObject({ Volumes: z.nullish(z.array(volumeSchema)).transform((list) => list ?? []) });

export const infoSchema = z.looseObject({
  ID: z.string(),
  Containers: z.number(),
  ContainersRunning: z.number(),
  Images: z.number(),
  Driver: z.string(),
  ServerVersion: z.string(),
  DefaultRuntime: z.string(),
  KernelVersion: z.string(),
  Labels: strings.describe('Of the daemon itself, as NAME=VALUE'),
  LiveRestoreEnabled: z.boolean().default(false),
  RegistryConfig: z
    .looseObject({
      Mirrors: z.nullish(z.array(z.string())).describe('registry-mirrors, with a slash at the end'),
      IndexConfigs: z.nullish(z.record(z.string(), z.looseObject({ Secure: z.boolean() }))).describe('By host; not secure: in insecure-registries'),
    })
    .nullish(),
});

export const versionSchema = z.looseObject({ Version: z.string(), ApiVersion: z.string(), Os: z.string(), Arch: z.string(), KernelVersion: z.string() });

export const execInspectSchema = z.looseObject({
  ID: z.string(),
  ContainerID: z.string(),
  Running: z.boolean(),
  ExitCode: z.nullish(z.number()),
});

export const idSchema = z.looseObject({ Id: z.string() });

export const eventSchema = z.looseObject({
  Type: z.string().describe('container, image, network, volume, daemon, builder ...'),
  Action: z.string().describe('Such as start, die, destroy; "exec_create: sh -c ..." carries the command'),
  Actor: z.looseObject({ ID: z.string(), Attributes: stringMap.describe('image, name, exitCode, labels ...') }),
  timeNano: z.number().describe('Nanoseconds since 1970; beyond 2^53, so exact to about 256 ns'),
});

export type ContainerState = z.infer<typeof containerStateSchema>;
export type ContainerSummary = z.infer<typeof containerSummarySchema>;
export type ContainerInspect = z.infer<typeof containerInspectSchema>;
export type ImageSummary = z.infer<typeof imageSummarySchema>;
export type ImageInspect = z.infer<typeof imageInspectSchema>;
export type ImageHistory = z.infer<typeof imageHistorySchema>;
export type ContainerChanges = z.infer<typeof containerChangesSchema>;
export type NetworkInspect = z.infer<typeof networkInspectSchema>;
export type EngineNetwork = z.infer<typeof networkSchema>;
export type EngineVolume = z.infer<typeof volumeSchema>;
export type EngineInfo = z.infer<typeof infoSchema>;
export type EngineVersion = z.infer<typeof versionSchema>;
export type ExecInspect = z.infer<typeof execInspectSchema>;
export type EngineEvent = z.infer<typeof eventSchema>;
