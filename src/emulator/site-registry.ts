/** Joins the public registry to the network of a machine: its content is files of the site, beside those of the machine. */
import type { RegistryAccess } from '../network/registry/access-log.ts';
import { registryHosts } from '../network/registry/hosts.ts';
import { siteBlobs } from '../network/registry/site-blobs.ts';
import { Authority } from '../network/tls/authority.ts';
import type { VirtualNetwork } from '../network/network.ts';
import type { PublishedAuthority } from '../shared/manifest.ts';
import { registryIndexSchema } from '../shared/registry.ts';
import { fetchIndex } from './fetch-index.ts';

export interface SiteRegistryOptions {
  readonly network: VirtualNetwork;
  /** Of the image: its parts lie in `vm/`, the registry's files in `registry/` beside it. */
  readonly manifestUrl: string;
  readonly authority: PublishedAuthority;
  /** Each request, once its answer is over. */
  readonly onAccess: (access: RegistryAccess) => void;
  /** Ends the attempts to get the index. */
  readonly signal: AbortSignal;
}

/**
 * Plugs the registry's hosts in as soon as its index is there; until then their names are unknown, as without a network.
 * Goes on trying: the machine works without, and the learner who pulls is told by the engine. Rejects when the signal fires.
 */
export async function joinSiteRegistry({ network, manifestUrl, authority, onAccess, signal }: SiteRegistryOptions): Promise<void> {
  const base = new URL('../registry/', manifestUrl).href;
  const index = await fetchIndex(`${base}index.json`, registryIndexSchema, signal);
  const hosts = registryHosts({ index, fetchBlob: siteBlobs(base, (url, init) => fetch(url, init)), authority: new Authority(authority), onAccess });
  for (const host of hosts) network.addHost(host);
}
