import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readTar } from '../tar.ts';
import { createImage, createLayer, imageArchive, type ImageSettings } from './image.ts';

const created = '2026-01-01T00:00:00.000Z';
const settings: ImageSettings = {
  environment: ['PATH=/bin'],
  entrypoint: undefined,
  command: ['serve'],
  user: undefined,
  workdir: undefined,
  ports: ['80/tcp'],
  volumes: ['/data'],
  stopSignal: 'SIGQUIT',
  labels: {},
};
const layer = (text: string) => createLayer([{ kind: 'file', path: 'f', content: Buffer.from(text) }], `made ${text}`);

function build(): { files: Map<string, Buffer>; bytes: Buffer; ids: string[] } {
  const base = layer('base');
  const images = [
    { names: ['base:latest', 'base:1'], ...createImage({ ...settings, command: ['sh'] }, [base], created) },
    { names: ['web:latest'], ...createImage(settings, [base, layer('top')], created) },
  ];
  const bytes = Buffer.concat([...imageArchive(images)]);
  const files = new Map([...readTar(bytes)].flatMap((entry) => (entry.kind === 'file' ? [[entry.path, Buffer.from(entry.content)] as const] : [])));
  return { files, bytes, ids: images.map((image) => image.id) };
}

const parsed = (files: Map<string, Buffer>, path: string) => JSON.parse(files.get(path)?.toString() ?? 'null');

describe('imageArchive', () => {
  it('names every blob by its hash', () => {
    for (const [path, content] of build().files) {
      if (path.startsWith('blobs/')) expect(path).toBe(`blobs/sha256/${createHash('sha256').update(content).digest('hex')}`);
    }
  });

  it('lists names, configuration and layers as docker load wants them, shared layers once', () => {
    const { files, ids } = build();
    const [base, web] = parsed(files, 'manifest.json');
    expect(base.RepoTags).toEqual(['base:latest', 'base:1']);
    expect(`sha256:${web.Config.replace('blobs/sha256/', '')}`).toBe(ids[1]);
    expect(web.Layers[0]).toBe(base.Layers[0]);
    expect([...files.keys()].filter((path) => path.startsWith('blobs/'))).toHaveLength(6);
    for (const path of [...web.Layers, web.Config]) expect(files.has(path)).toBe(true);
  });

  it('points from the index to the same images', () => {
    const { files } = build();
    const index = parsed(files, 'index.json');
    expect(index.manifests.map((entry: { annotations: Record<string, string> }) => entry.annotations['io.containerd.image.name'])).toEqual([
      'docker.io/library/base:latest',
      'docker.io/library/base:1',
      'docker.io/library/web:latest',
    ]);
    const manifest = parsed(files, `blobs/${index.manifests[2].digest.replace(':', '/')}`);
    expect(manifest.layers).toHaveLength(2);
  });

  it('describes the container to run', () => {
    const { files, ids } = build();
    const config = parsed(files, `blobs/${ids[1]?.replace(':', '/')}`);
    expect(config).toMatchObject({ architecture: '386', os: 'linux', created, config: { Cmd: ['serve'], ExposedPorts: { '80/tcp': {} }, Volumes: { '/data': {} }, StopSignal: 'SIGQUIT' } });
    expect(config.history.map((step: { created_by: string }) => step.created_by)).toEqual([
      'made base',
      'made top',
      'ENV PATH=/bin',
      'VOLUME ["/data"]',
      'EXPOSE 80/tcp',
      'STOPSIGNAL SIGQUIT',
      'CMD ["serve"]',
    ]);
    expect(config.history.filter((step: { empty_layer?: boolean }) => step.empty_layer !== true)).toHaveLength(config.rootfs.diff_ids.length);
  });

  it('is the same every time', () => {
    expect(build().bytes.equals(build().bytes)).toBe(true);
  });
});
