/**
 * An image's layers with the steps that made them, and who else has them. The engine tells the two apart: the history has steps
 * and sizes, the image the digests of its layers, and steps that made no layer are not marked as such.
 */
import { commonLayers } from '../../../guest/engine/layers.ts';
import type { ImageHistory } from '../../../guest/engine/schemas.ts';
import { type Instruction, mayChangeFiles, readInstruction } from './instruction.ts';

/** What is to be known of each image to find the layers that it shares. */
export interface LayeredImage {
  id: string;
  /** How it is called where others share a layer with it. */
  name: string;
  size: number;
  /** Digests of the layers' contents, the lowest first. */
  layers: readonly string[];
}

/** A layer, or a step that made none. */
export interface Layer {
  /** Undefined: none is recorded, as in an image that was imported. */
  instruction: Instruction | undefined;
  /** Of `docker commit -m` and `docker import`. */
  comment: string;
  /** Of the contents; undefined: the step made no layer. */
  digest: string | undefined;
  /** Undefined: not known. */
  size: number | undefined;
  /** Other images with this layer on the same layers: it is stored once. */
  sharedWith: string[];
  /** Other images that have the same contents on other layers: stored again, as the engine stores a layer with all below it. */
  copiedIn: string[];
}

export interface ImageLayers {
  /** The topmost first. */
  layers: Layer[];
  count: number;
  shared: { count: number; bytes: number };
  /** Bytes that no other image here has. */
  ownBytes: number;
  /** More steps without a byte might have made a layer than there are layers: which of them did is likely, not sure. */
  guessed: boolean;
}

interface Step {
  instruction: Instruction | undefined;
  comment: string;
  size: number;
}

/** @param all every image of the engine, this one among them or not */
export function layersOf(image: LayeredImage, history: ImageHistory, all: readonly LayeredImage[]): ImageLayers {
  const steps = history.toReversed().map((entry): Step => ({ instruction: readInstruction(entry.CreatedBy), comment: commentOf(entry.Comment), size: entry.Size }));
  const { making, guessed } = stepsWithLayer(steps, image.layers.length);
  const others = sharing(image, all);
  const unrecorded = image.layers.length - making.size;
  const known = steps.reduce((sum, { size }) => sum + size, 0);
  const layers: Layer[] = [];
  // Layers without a step are those of what the image was made from: they lie lowest.
  for (let index = 0; index < unrecorded; index++) {
    layers.push({ instruction: undefined, comment: '', digest: image.layers[index], size: unrecorded === 1 && image.size >= known ? image.size - known : undefined, ...others(index) });
  }
  let next = unrecorded;
  for (const step of steps) {
    layers.push(making.has(step) ? { ...step, digest: image.layers[next], ...others(next++) } : { ...step, digest: undefined, sharedWith: [], copiedIn: [] });
  }
  const shared = layers.filter(({ sharedWith }) => sharedWith.length > 0);
  return {
    layers: layers.toReversed(),
    count: image.layers.length,
    shared: { count: shared.length, bytes: bytesOf(shared) },
    ownBytes: bytesOf(layers.filter(({ sharedWith }) => sharedWith.length === 0)),
    guessed,
  };
}

/** What has a size has a layer; those that are left belong to steps without a byte, most likely to those that copy. */
function stepsWithLayer(steps: readonly Step[], count: number): { making: Set<Step>; guessed: boolean } {
  const sized = steps.filter(({ size }) => size > 0).slice(0, count);
  const left = count - sized.length;
  const candidates = steps.filter(({ size, instruction }) => size === 0 && mayChangeFiles(instruction));
  const likely = candidates.toSorted((one, other) => Number(one.instruction?.keyword === 'RUN') - Number(other.instruction?.keyword === 'RUN'));
  return { making: new Set([...sized, ...likely.slice(0, left)]), guessed: left > 0 && candidates.length > left };
}

/** Who else has the layer at an index. */
function sharing(image: LayeredImage, all: readonly LayeredImage[]): (index: number) => Pick<Layer, 'sharedWith' | 'copiedIn'> {
  const others = all.filter(({ id }) => id !== image.id).map(({ name, layers }) => ({ name, layers, common: commonLayers(image.layers, layers) }));
  return (index) => ({
    sharedWith: others.filter(({ common }) => index < common).map(({ name }) => name),
    copiedIn: others.filter(({ common, layers }) => index >= common && layers.includes(image.layers[index] ?? '')).map(({ name }) => name),
  });
}

function bytesOf(layers: readonly Layer[]): number {
  return layers.reduce((sum, { size }) => sum + (size ?? 0), 0);
}

/** BuildKit signs each step with its own name, which tells a reader nothing. */
function commentOf(comment: string): string {
  return comment.startsWith('buildkit.') ? '' : comment;
}
