/** What can run in the lab: the machine, and hosts without Docker. Each has a manifest of its own in the folder `vm`. */

export const hostNames = ['machine', 'debian', 'centos'] as const;

export type HostName = (typeof hostNames)[number];

/** File name of the manifest. The machine's has the name that it had when there were no hosts. */
export function manifestFile(host: HostName): string {
  return host === 'machine' ? 'manifest.json' : `${host}.json`;
}
