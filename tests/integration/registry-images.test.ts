/**
 * The images of the public registry: that what is published holds together, that their programs find what they need, and
 * on the real engine that two of them serve. What every image does was watched by hand; an image takes minutes to load.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RegistryImage, RegistryIndex } from '../../src/shared/registry.ts';
import { readTar, type TarEntry } from '../../vm-images/builder/tar.ts';
import { eventually } from '../support/eventually.ts';
import { neededLibraries } from '../support/elf.ts';
import { readManifest, startMachine, type TestMachine } from '../support/machine.ts';
import { readRegistryIndex, registryFolder } from '../support/registry.ts';
import { dockerArchive, imageOf, readBlob } from '../support/registry-archive.ts';

const configSchema = z.object({
  config: z.object({ Env: z.array(z.string()), Entrypoint: z.array(z.string()).default([]), Cmd: z.array(z.string()), WorkingDir: z.string().optional() }),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});

/** Where the dynamic linker looks when it has no cache. */
const libraryFolder = /^usr\/lib\/(?:i386-linux-gnu\/)?([^/]+)$/;

interface Layer {
  readonly diffId: string;
  readonly unpackedBytes: number;
  /** Every path, with what it leads to where it is a link and whether it may be run. */
  readonly paths: ReadonlyMap<string, { readonly target?: string; readonly runs: boolean }>;
  /** Library to one of the programs that want it. */
  readonly needed: ReadonlyMap<string, string>;
}

function inspect(tar: Buffer): Layer {
  const paths = new Map<string, { target?: string; runs: boolean }>();
  const needed = new Map<string, string>();
  for (const entry of readTar(tar)) {
    paths.set(entry.path, { ...(entry.kind === 'link' && { target: entry.target }), runs: entry.kind !== 'directory' && ((entry.mode ?? 0) & 0o111) !== 0 });
    for (const library of librariesOf(entry)) needed.set(library, entry.path);
  }
  return { diffId: `sha256:${createHash('sha256').update(tar).digest('hex')}`, unpackedBytes: tar.length, paths, needed };
}

function librariesOf(entry: TarEntry): string[] {
  return entry.kind === 'file' ? neededLibraries(Buffer.from(entry.content.buffer, entry.content.byteOffset, entry.content.length)) : [];
}

let index: RegistryIndex;
let names: [name: string, image: RegistryImage][];

beforeAll(async () => {
  index = await readRegistryIndex();
  names = index.repositories.flatMap(({ name, tags }) => {
    const digests = [...new Set(Object.values(tags))];
    return digests.map((digest): [string, RegistryImage] => {
      const image = index.images[digest];
      if (image === undefined) throw new Error(`${name} has a tag for ${digest}, which is no image`);
      return [`${name.replace('library/', '')}:${Object.keys(tags).find((tag) => tags[tag] === digest)}`, image];
    });
  });
});

describe('what is published', () => {
  it('has every blob that the index names, of that hash and length, and no other', async () => {
    const expected = new Map(Object.values(index.images).flatMap(({ manifest, config, layers }) => [manifest, config, ...layers].map(({ digest, bytes }) => [digest, bytes])));
    const found = await readdir(join(registryFolder, 'blobs'));
    expect(found.map((name) => `sha256:${name}`).toSorted()).toEqual([...expected.keys()].toSorted());
    for (const [digest, bytes] of expected) {
      const content = await readBlob(digest);
      expect([`sha256:${createHash('sha256').update(content).digest('hex')}`, content.length]).toEqual([digest, bytes]);
    }
  });

  it('has the repositories of the lessons, with versions to choose from', () => {
    const tags = Object.fromEntries(index.repositories.map((repository) => [repository.name, Object.keys(repository.tags)]));
    expect(tags).toMatchObject(
      Object.fromEntries(['hello-world', 'busybox', 'debian', 'nginx', 'httpd', 'redis', 'postgres', 'python', 'registry', 'whoami'].map((name) => [`library/${name}`, expect.arrayContaining(['latest'])])),
    );
    for (const name of ['redis:8', 'redis:7', 'nginx:1.22', 'debian:bookworm', 'python:3.13-slim', 'postgres:17', 'registry:2', 'whoami:v1']) imageOf(index, name);
    const bases = ['nginx', 'httpd', 'redis', 'postgres', 'python', 'registry', 'debian'].map((name) => imageOf(index, name).layers[0]?.digest);
    expect(new Set(bases).size, 'one base for all of them').toBe(1);
  });

  it('has the images that are in the machine, under the same ids', async () => {
    const { guest } = await readManifest();
    expect(guest.images.length).toBeGreaterThan(0);
    for (const { name, id } of guest.images) expect([name, imageOf(index, name).config.digest]).toEqual([name, id]);
  });
});

describe('images', () => {
  const layers = new Map<string, Layer>();
  beforeAll(async () => {
    for (const { digest } of Object.values(index.images).flatMap((image) => image.layers)) {
      if (!layers.has(digest)) layers.set(digest, inspect(gunzipSync(await readBlob(digest))));
    }
  });
  const layersOf = (image: RegistryImage): Layer[] => image.layers.flatMap(({ digest }) => layers.get(digest) ?? []);
  const configOf = async (image: RegistryImage) => configSchema.parse(JSON.parse((await readBlob(image.config.digest)).toString()));

  it('unpack to what their configuration and the index say', async () => {
    for (const [name, image] of names) {
      const { rootfs } = await configOf(image);
      expect([name, layersOf(image).map(({ diffId }) => diffId)]).toEqual([name, rootfs.diff_ids]);
      expect(layersOf(image).map(({ unpackedBytes }) => unpackedBytes)).toEqual(image.layers.map(({ unpackedBytes }) => unpackedBytes));
    }
  });

  it('have every library that their programs ask for where the linker finds it without a cache', () => {
    for (const [name, image] of names) {
      const present = new Set(layersOf(image).flatMap(({ paths }) => [...paths.keys()].flatMap((path) => libraryFolder.exec(path)?.[1] ?? [])));
      const missing = layersOf(image).flatMap(({ needed }) => [...needed].filter(([library]) => !present.has(library)));
      expect([name, missing]).toEqual([name, []]);
    }
  });

  it('have the program that they start on their PATH, and may run it', async () => {
    for (const [name, image] of names) {
      const { config } = await configOf(image);
      const paths = new Map(layersOf(image).flatMap((layer) => [...layer.paths]));
      const path = config.Env.find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length).split(':') ?? [];
      const [program = ''] = [...config.Entrypoint, ...config.Cmd];
      const found = (program.startsWith('/') ? [''] : path.map((folder) => `${folder}/`)).map((folder) => resolved(paths, `${folder}${program}`.slice(1))).find((one) => one !== undefined);
      expect([name, program, found?.runs]).toEqual([name, program, true]);
    }
  });
});

/** What a path leads to, through the links on its way. */
function resolved(paths: Layer['paths'], path: string, hops = 0): { runs: boolean } | undefined {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length++) {
    const here = parts.slice(0, length).join('/');
    const target = paths.get(here)?.target;
    if (target === undefined || hops > 20) continue;
    const folder = here.split('/').slice(0, -1);
    const next = target.startsWith('/') ? target.slice(1) : [...folder, target].join('/');
    return resolved(paths, [next, ...parts.slice(length)].join('/'), hops + 1);
  }
  return paths.get(path);
}

describe('on the real engine', () => {
  let machine: TestMachine;
  beforeAll(async () => {
    machine = await startMachine();
    const known = new Set(['busybox', 'debian'].flatMap((name) => imageOf(index, name).layers.map(({ digest }) => digest)));
    for (const name of ['whoami:v1', 'redis:8']) await machine.learner('docker load', { input: await dockerArchive(index, name, known) });
  });
  afterAll(() => machine?.stop());

  it('whoami tells which container answers, several times on one connection', async () => {
    const id = await machine.learner('docker run -d --name who -p 8080:80 whoami:v1');
    await eventually(() => machine.learner('curl -fs localhost:8080/health'), 300_000);
    const answers = await machine.learner(`curl -s -H 'X-Learner: yes' -w '(connections: %{num_connects})\\n' localhost:8080/ localhost:8080/api`);
    expect(answers).toContain(`Hostname: ${id.slice(0, 12)}`);
    expect(answers).toMatch(/^RemoteAddr: [0-9.]+:\d+$/m);
    expect(answers).toContain('X-Learner: yes');
    expect(answers.match(/connections: \d/g)).toEqual(['connections: 1', 'connections: 0']);
    expect(JSON.parse(/^\{.*\}$/m.exec(answers)?.[0] ?? '')).toMatchObject({ hostname: id.slice(0, 12), version: 'v1', headers: { 'X-Learner': 'yes' } });
    await machine.learner('docker stop who');
    expect(await machine.learner('docker inspect -f "{{.State.ExitCode}}" who'), 'it ended by itself when asked to').toBe('0');
  });

  it('redis keeps its data in a volume, as a user of its own, and answers other containers', async () => {
    await machine.learner('docker run -d --name cache redis:8');
    await eventually(async () => expect(await machine.learner('docker exec cache redis-cli ping')).toBe('PONG'), 300_000);
    expect(await machine.learner('docker exec cache sh -c "stat -c %U /proc/1 /data"')).toBe('redis\nredis');
    expect(await machine.learner('docker inspect -f "{{range .Mounts}}{{.Type}} {{.Destination}}{{end}}" cache')).toBe('volume /data');
    expect(await machine.learner('docker run --rm --link cache redis:8 redis-cli -h cache set visits 1')).toBe('OK');
    await machine.learner('docker rm -fv cache who');
  });
});
