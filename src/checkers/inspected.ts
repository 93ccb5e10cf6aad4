/** The conditions on a container that its list entry does not answer, each by a look at the single container. */
import type { ContainerInspect } from '../guest/engine/schemas.ts';
import type { ContainerConditions } from './conditions.ts';
import { isWithin } from './counts.ts';
import { plainCapability, plainSecurityOption, plainUser } from './spellings.ts';

export function commandOf(inspect: ContainerInspect): string {
  return [...inspect.Config.Entrypoint, ...inspect.Config.Cmd].join(' ');
}

interface Port {
  container: number;
  host: number | undefined;
  /** Of the host; empty: all of them. */
  address: string;
  protocol: string;
}

export function portsOf(inspect: ContainerInspect): Port[] {
  return Object.entries(inspect.HostConfig.PortBindings).flatMap(([key, bindings]) => {
    const [port, protocol = 'tcp'] = key.split('/');
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({ container: Number(port), host: HostPort === '' ? undefined : Number(HostPort), address: HostIp, protocol }));
  });
}

export function showPort(port: Port): string {
  return `${port.host ?? '*'}:${port.container}`;
}

/** --tmpfs is not listed among the mounts. */
function mountsOf(inspect: ContainerInspect): ContainerInspect['Mounts'] {
  const listed = new Set(inspect.Mounts.map((mount) => mount.Destination));
  const temporary = Object.entries(inspect.HostConfig.Tmpfs)
    .filter(([path]) => !listed.has(path))
    .map(([path, options]) => ({ Type: 'tmpfs', Source: '', Destination: path, RW: !options.split(',').includes('ro') }));
  return [...inspect.Mounts, ...temporary];
}

/** The wanted capabilities that a list lacks. */
function missingCapabilities(from: readonly string[], wanted: readonly string[]): string[] {
  const names = new Set(from.map(plainCapability));
  return wanted.filter((name) => !names.has(plainCapability(name)));
}

type Test = (inspect: ContainerInspect, wanted: ContainerConditions) => boolean;

/** The conditions that need a look at the single container. */
export const inspectedConditions: readonly (readonly [Exclude<keyof ContainerConditions, 'state' | 'exitCode'>, Test])[] = [
  ['tty', (inspect, { tty }) => inspect.Config.Tty === tty],
  ['stdin', (inspect, { stdin }) => inspect.Config.OpenStdin === stdin],
  ['detached', (inspect, { detached }) => inspect.Config.AttachStdout === !detached],
  ['autoRemove', (inspect, { autoRemove }) => inspect.HostConfig.AutoRemove === autoRemove],
  ['commandMatches', (inspect, { commandMatches }) => commandMatches !== undefined && new RegExp(commandMatches, 'mu').test(commandOf(inspect))],
  ['env', (inspect, { env }) => Object.entries(env ?? {}).every(([name, value]) => inspect.Config.Env.includes(`${name}=${value}`))],
  ['user', (inspect, { user }) => user !== undefined && plainUser(inspect.Config.User) === plainUser(user)],
  ['workingDir', (inspect, { workingDir }) => inspect.Config.WorkingDir === workingDir],
  [
    'port',
    (inspect, { port }) =>
      port !== undefined &&
      portsOf(inspect).some(
        (published) =>
          published.container === port.container &&
          published.protocol === port.protocol &&
          (port.host === undefined || published.host === port.host) &&
          (port.address === undefined || published.address === port.address),
      ),
  ],
  [
    'mount',
    (inspect, { mount }) =>
      mount !== undefined &&
      mountsOf(inspect).some(
        (actual) =>
          actual.Destination === mount.destination &&
          (mount.type === undefined || actual.Type === mount.type) &&
          (mount.source === undefined || actual.Source === mount.source || actual.Name === mount.source) &&
          (mount.readOnly === undefined || actual.RW === !mount.readOnly),
      ),
  ],
  ['network', (inspect, { network }) => network !== undefined && Object.hasOwn(inspect.NetworkSettings.Networks, network)],
  ['restartPolicy', (inspect, { restartPolicy }) => (inspect.HostConfig.RestartPolicy?.Name || 'no') === restartPolicy],
  ['networkMode', (inspect, { networkMode }) => inspect.HostConfig.NetworkMode === networkMode],
  ['maximumRetries', (inspect, { maximumRetries }) => (inspect.HostConfig.RestartPolicy?.MaximumRetryCount ?? 0) === maximumRetries],
  ['restarts', (inspect, { restarts }) => restarts !== undefined && isWithin(restarts, inspect.RestartCount)],
  ['hostname', (inspect, { hostname }) => inspect.Config.Hostname === hostname],
  ['memoryBytes', (inspect, { memoryBytes }) => inspect.HostConfig.Memory === memoryBytes],
  ['nanoCpus', (inspect, { nanoCpus }) => inspect.HostConfig.NanoCpus === nanoCpus],
  ['pidsLimit', (inspect, { pidsLimit }) => Math.max(0, inspect.HostConfig.PidsLimit ?? 0) === pidsLimit],
  ['oomKilled', (inspect, { oomKilled }) => inspect.State.OOMKilled === oomKilled],
  ['readOnly', (inspect, { readOnly }) => inspect.HostConfig.ReadonlyRootfs === readOnly],
  ['privileged', (inspect, { privileged }) => inspect.HostConfig.Privileged === privileged],
  // What was added beyond that is a right too many; of what was taken away, more does no harm.
  [
    'capAdd',
    ({ HostConfig: { CapAdd: added } }, { capAdd }) => capAdd !== undefined && missingCapabilities(added, capAdd).length === 0 && missingCapabilities(capAdd, added).length === 0,
  ],
  ['capDrop', ({ HostConfig: { CapDrop: dropped } }, { capDrop }) => capDrop !== undefined && missingCapabilities(dropped, capDrop).length === 0],
  ['securityOpt', (inspect, { securityOpt }) => securityOpt !== undefined && inspect.HostConfig.SecurityOpt.map(plainSecurityOption).includes(plainSecurityOption(securityOpt))],
  ['logOptions', (inspect, { logOptions }) => Object.entries(logOptions ?? {}).every(([name, value]) => inspect.HostConfig.LogConfig?.Config[name] === value)],
  ['pidMode', (inspect, { pidMode }) => inspect.HostConfig.PidMode === pidMode],
  ['health', (inspect, { health }) => inspect.State.Health?.Status === health],
];
