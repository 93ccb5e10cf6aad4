/** What the daemon says of itself, as far as assertions ask for it. */
import type { EngineInfo } from '../guest/engine/schemas.ts';
import type { TemplateValues } from '../shared/locale.ts';
import type { DaemonConditions } from './conditions.ts';

export function meetsDaemon(info: EngineInfo, { mirrors, mirror, insecure }: DaemonConditions): boolean {
  const actual = mirrorsOf(info);
  if (mirrors !== undefined && JSON.stringify(mirrors.map(withoutSlash)) !== JSON.stringify(actual)) return false;
  if (mirror !== undefined && !actual.includes(withoutSlash(mirror))) return false;
  return insecure === undefined || info.RegistryConfig?.IndexConfigs?.[insecure]?.Secure === false;
}

/** Values for messages. */
export function describeDaemon(info: EngineInfo): TemplateValues {
  return { mirrors: mirrorsOf(info).join(', ') || '-' };
}

function mirrorsOf(info: EngineInfo): string[] {
  return (info.RegistryConfig?.Mirrors ?? []).map(withoutSlash);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
