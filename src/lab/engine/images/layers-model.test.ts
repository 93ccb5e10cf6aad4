import { describe, expect, it } from 'vitest';
import { imageHistorySchema } from '../../../guest/engine/schemas.ts';
import { type LayeredImage, layersOf } from './layers-model.ts';

const image = (id: string, layers: string[], size = 0): LayeredImage => ({ id, name: `${id}:latest`, size, layers });
/** The newest first, as the engine has it. */
const history = (...steps: [createdBy: string, size: number, comment?: string][]) => imageHistorySchema.parse(steps.map(([CreatedBy, Size, Comment]) => ({ Id: '<missing>', CreatedBy, Size, Comment })));
const base = image('base', ['d1']);
const baseSteps = [['CMD ["bash"]', 0], ['debian', 100]] as const;

describe('layersOf', () => {
  it('gives each layer its step, the topmost first, and marks steps without a layer', () => {
    const app = image('app', ['d1', 'd2', 'd3']);
    const { layers, count, guessed } = layersOf(app, history(['CMD ["app"]', 0], ['COPY app /app # buildkit', 20, 'buildkit.dockerfile.v0'], ['RUN /bin/sh -c make # buildkit', 5], ...baseSteps.map(([by, size]): [string, number] => [by, size])), [base, app]);
    expect(layers.map(({ instruction, digest, size }) => [instruction?.keyword, digest, size])).toEqual([
      ['CMD', undefined, 0],
      ['COPY', 'd3', 20],
      ['RUN', 'd2', 5],
      ['CMD', undefined, 0],
      [undefined, 'd1', 100],
    ]);
    expect(layers.map(({ comment }) => comment)).toEqual(['', '', '', '', '']);
    expect([count, guessed]).toEqual([3, false]);
  });

  it('tells which layers others have, and what is its own', () => {
    const app = image('app', ['d1', 'd2', 'd3']);
    const other = image('other', ['d1', 'd2', 'x']);
    const { layers, shared, ownBytes } = layersOf(app, history(['RUN c', 1], ['RUN b', 10], ['RUN a', 100]), [base, app, other]);
    expect(layers.map(({ sharedWith }) => sharedWith)).toEqual([[], ['other:latest'], ['base:latest', 'other:latest']]);
    expect(shared).toEqual({ count: 2, bytes: 110 });
    expect(ownBytes).toBe(1);
  });

  it('does not count the same contents on other layers as shared', () => {
    const app = image('app', ['d1', 'same']);
    const { layers, shared } = layersOf(app, history(['COPY a b', 1], ['base', 2]), [image('other', ['x1', 'same'])]);
    expect(layers[0]).toMatchObject({ digest: 'same', sharedWith: [], copiedIn: ['other:latest'] });
    expect(shared.count).toBe(0);
  });

  it('finds the layers of steps that changed files without a byte', () => {
    const app = image('app', ['d1', 'd2', 'd3']);
    const { layers, guessed } = layersOf(app, history(['USER app', 0], ['RUN rm /a', 0], ['ENV A=1', 0], ['WORKDIR /app', 0], ['base', 9]), [app]);
    expect(layers.map(({ digest }) => digest)).toEqual([undefined, 'd3', undefined, 'd2', 'd1']);
    expect(guessed).toBe(false);
  });

  it('says so where several steps could have made a layer', () => {
    const { layers, guessed } = layersOf(image('app', ['d1', 'd2']), history(['COPY empty /', 0], ['/bin/sh -c true', 0], ['base', 9]), []);
    expect(layers.map(({ digest }) => digest)).toEqual(['d2', undefined, 'd1']);
    expect(guessed).toBe(true);
  });

  it('shows an image that was imported: one layer, and no step', () => {
    const imported = layersOf(image('flat', ['d1'], 42), history(['', 42, 'Imported from -']), []);
    expect(imported.layers).toEqual([{ instruction: undefined, comment: 'Imported from -', digest: 'd1', size: 42, sharedWith: [], copiedIn: [] }]);
    const bare = layersOf(image('flat', ['d1'], 42), [], []);
    expect(bare.layers).toEqual([{ instruction: undefined, comment: '', digest: 'd1', size: 42, sharedWith: [], copiedIn: [] }]);
  });

  it('puts layers without a step lowest, with a size only where it can be told', () => {
    const { layers } = layersOf(image('app', ['d1', 'd2', 'd3'], 500), history(['RUN a', 5]), []);
    expect(layers.map(({ digest, size }) => [digest, size])).toEqual([['d3', 5], ['d2', undefined], ['d1', undefined]]);
    expect(layersOf(image('app', ['d1', 'd2'], 500), history(['RUN a', 5]), []).layers.at(-1)?.size).toBe(495);
  });

  it('shows a squashed image: its steps made no layer, the last one holds all', () => {
    const { layers, guessed } = layersOf(image('squashed', ['d1', 'd2']), history(['', 30, 'merge sha256:a to sha256:b'], ['/bin/sh -c make', 0], ['/bin/sh -c #(nop) COPY a b', 0], ['base', 9]), []);
    expect(layers.map(({ digest, comment }) => [digest, comment])).toEqual([['d2', 'merge sha256:a to sha256:b'], [undefined, ''], [undefined, ''], ['d1', '']]);
    expect(guessed).toBe(false);
  });

  it('has nothing to show of an image without layers', () => {
    expect(layersOf(image('scratch', []), [], [base])).toEqual({ layers: [], count: 0, shared: { count: 0, bytes: 0 }, ownBytes: 0, guessed: false });
  });
});
