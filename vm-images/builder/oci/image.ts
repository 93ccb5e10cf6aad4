/** Container images as data: layers, configuration, and the archive that `docker load` takes (OCI image layout 1.0 plus manifest.json). */
import { createHash } from 'node:crypto';
import { tarPieces, writeTar, type TarEntry } from '../tar.ts';

export interface Layer {
  /** The uncompressed archive. */
  readonly archive: Uint8Array;
  /** `sha256:` and the hash of the archive. */
  readonly diffId: string;
  /** What `docker history` says of it. */
  readonly createdBy: string;
}

/** What runs, and how, when nothing else is asked for. */
export interface ImageSettings {
  /** `NAME=value`. */
  readonly environment: readonly string[];
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[];
  readonly user: string | undefined;
  readonly workdir: string | undefined;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** A configuration, and the layers it is about. */
export interface CreatedImage<Kept> {
  /** Digest of the configuration, which is what Docker calls the image's id. */
  readonly id: string;
  readonly config: Uint8Array;
  readonly layers: readonly Kept[];
}

export interface Image extends CreatedImage<Layer> {
  readonly names: readonly string[];
}

/** `sha256:` and the hash in hex. */
export function digestOf(data: Uint8Array): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

export function createLayer(entries: readonly TarEntry[], createdBy: string): Layer {
  const archive = writeTar(entries);
  return { archive, diffId: digestOf(archive), createdBy };
}

/** @param created time of the image, as an ISO date */
export function createImage<Kept extends Pick<Layer, 'diffId' | 'createdBy'>>(settings: ImageSettings, layers: readonly Kept[], created: string): CreatedImage<Kept> {
  const config = Buffer.from(
    JSON.stringify({
      architecture: '386',
      os: 'linux',
      created,
      config: configOf(settings),
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
      history: [
        ...layers.map((layer) => ({ created, created_by: layer.createdBy })),
        ...instructions(settings).map((text) => ({ created, created_by: text, empty_layer: true })),
      ],
    }),
  );
  return { id: digestOf(config), config, layers };
}

function configOf({ environment, entrypoint, command, user, workdir, ports, volumes, stopSignal, labels }: ImageSettings): Record<string, unknown> {
  const set = (names: readonly string[]): Record<string, unknown> => Object.fromEntries(names.map((name) => [name, {}]));
  return {
    ...(user === undefined ? {} : { User: user }),
    ...(ports.length === 0 ? {} : { ExposedPorts: set(ports) }),
    Env: environment,
    ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
    Cmd: command,
    ...(volumes.length === 0 ? {} : { Volumes: set(volumes) }),
    ...(workdir === undefined ? {} : { WorkingDir: workdir }),
    ...(Object.keys(labels).length === 0 ? {} : { Labels: labels }),
    ...(stopSignal === undefined ? {} : { StopSignal: stopSignal }),
  };
}

/** The settings as a Dockerfile would make them, for `docker history`. */
function instructions({ environment, entrypoint, command, user, workdir, ports, volumes, stopSignal, labels }: ImageSettings): string[] {
  return [
    ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
    ...environment.map((variable) => `ENV ${variable}`),
    ...(volumes.length === 0 ? [] : [`VOLUME ${JSON.stringify(volumes)}`]),
    ...(workdir === undefined ? [] : [`WORKDIR ${workdir}`]),
    ...(user === undefined ? [] : [`USER ${user}`]),
    ...ports.map((port) => `EXPOSE ${port}`),
    ...(stopSignal === undefined ? [] : [`STOPSIGNAL ${stopSignal}`]),
    ...(entrypoint === undefined ? [] : [`ENTRYPOINT ${JSON.stringify(entrypoint)}`]),
    `CMD ${JSON.stringify(command)}`,
  ];
}

const mediaTypes = {
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const;

/** One archive with all the images; what they share is in it once. */
export function* imageArchive(images: readonly Image[]): Generator<Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  const add = (data: Uint8Array): { digest: string; size: number } => {
    const digest = digestOf(data);
    blobs.set(digest, data);
    return { digest, size: data.length };
  };
  const manifests = images.flatMap(({ names, config, layers }) => {
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: { mediaType: mediaTypes.config, ...add(config) },
      layers: layers.map((layer) => ({ mediaType: mediaTypes.layer, ...add(layer.archive) })),
    };
    const descriptor = { mediaType: mediaTypes.manifest, ...add(json(manifest)) };
    return names.map((name) => ({
      ...descriptor,
      annotations: { 'io.containerd.image.name': `docker.io/library/${name}`, 'org.opencontainers.image.ref.name': name.replace(/^.*:/, '') },
      platform: { architecture: '386', os: 'linux' },
    }));
  });
  const docker = images.map(({ names, id, layers }) => ({ Config: blobPath(id), RepoTags: names, Layers: layers.map((layer) => blobPath(layer.diffId)) }));

  const file = (path: string, content: Uint8Array): TarEntry => ({ kind: 'file', path, content });
  yield* tarPieces([
    { kind: 'directory', path: 'blobs' },
    { kind: 'directory', path: 'blobs/sha256' },
    ...[...blobs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([digest, data]) => file(blobPath(digest), data)),
    file('index.json', json({ schemaVersion: 2, mediaType: mediaTypes.index, manifests })),
    file('manifest.json', json(docker)),
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
  ]);
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
