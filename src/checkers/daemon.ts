/** What the daemon says of itself, as far as assertions ask for it. */
import type { EngineInfo } from '../guest/engine/schemas.ts';
import type { TemplateValues } from '../shared/locale.ts';
import type { DaemonConditions } from './conditions.ts';

export function meetsDaemon(info: EngineInfo, { mirrors, mirror, insecure }: DaemonConditions): boolean {
  const hosts = mirrorsOf(info).map((url) => url.replace(/^https?:\/\/([^/:]+).*$/, '$1'));
  if (mirrors !== undefined && JSON.stringify(mirrors) !== JSON.stringify(hosts)) return false;
  if (mirror !== undefined && !hosts.includes(mirror)) return false;
  return insecure === undefined || info.RegistryConfig?.IndexConfigs?.[insecure]?.Secure === false;
}

/** Values for messages. */
export function describeDaemon(info: EngineInfo): TemplateValues {
  return { mirrors: mirrorsOf(info).join(', ') || '-' };
}

function mirrorsOf(info: EngineInfo): string[] {
  return (info.RegistryConfig?.Mirrors ?? []).map((url) => url.replace(/\/+$/, ''));
}
