/** Which networks and volumes an assertion is about. */
import type { EngineNetwork, EngineVolume } from '../guest/engine/schemas.ts';
import type { NetworkWhere, VolumeWhere } from './conditions.ts';
import type { Look } from './look.ts';

export async function findNetworks(look: Look, where: NetworkWhere): Promise<EngineNetwork[]> {
  const { name, driver, internal, subnet, label, connected } = where;
  const selected = (await look.networks()).filter(
    (network) =>
      (name === undefined || network.Name === name) &&
      (driver === undefined || network.Driver === driver) &&
      (internal === undefined || network.Internal === internal) &&
      (subnet === undefined || (network.IPAM?.Config ?? []).some((config) => config.Subnet === subnet)) &&
      hasLabels(network.Labels, label),
  );
  if (connected === undefined) return selected;
  const matching: EngineNetwork[] = [];
  for (const candidate of selected) {
    const names = Object.values((await look.inspectNetwork(candidate.Id))?.Containers ?? {}).map((container) => container.Name);
    if (connected.every((wanted) => names.includes(wanted))) matching.push(candidate);
  }
  return matching;
}

export async function findVolumes(look: Look, where: VolumeWhere): Promise<EngineVolume[]> {
  const { name, driver, label } = where;
  return (await look.volumes()).filter(
    (volume) => (name === undefined || volume.Name === name) && (driver === undefined || volume.Driver === driver) && hasLabels(volume.Labels, label),
  );
}

function hasLabels(actual: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>> | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => actual[key] === value);
}
