/** The layers of images, as `RootFS.Layers` lists them: the digest of each layer's contents, the lowest first. */

/** How many layers two images have in common, from the lowest up: the engine keeps those once. */
export function commonLayers(layers: readonly string[], others: readonly string[]): number {
  const different = layers.findIndex((layer, index) => others[index] !== layer);
  return different === -1 ? layers.length : different;
}
