/** What the daemon says of itself, as far as assertions ask for it. */
import type { EngineInfo } from '../guest/engine/schemas.ts';
import type { TemplateValues } from '../shared/locale.ts';
import type { DaemonConditions } from './conditions.ts';

export function meetsDaemon(info: EngineInfo, { mirrors, mirror, insecure, secure, labels, liveRestore }: DaemonConditions): boolean {
  const hosts = mirrorsOf(info).map((url) => url.replace(/^https?:\/\/([^/:]+).*$/, '$1'));
  if (mirrors !== undefined && JSON.stringify(mirrors) !== JSON.stringify(hosts)) return false;
  if (mirror !== undefined && !hosts.includes(mirror)) return false;
  if (labels !== undefined && JSON.stringify(labels.toSorted()) !== JSON.stringify(info.Labels.toSorted())) return false;
  if (liveRestore !== undefined && info.LiveRestoreEnabled !== liveRestore) return false;
  const isInsecure = (host: string): boolean => info.RegistryConfig?.IndexConfigs?.[host]?.Secure === false;
  return (insecure === undefined || isInsecure(insecure)) && (secure === undefined || !isInsecure(secure));
}

/** Values for messages. */
export function describeDaemon(info: EngineInfo): TemplateValues {
  return { mirrors: mirrorsOf(info).join(', ') || '-', labels: info.Labels.join(', ') || '-' };
}

function mirrorsOf(info: EngineInfo): string[] {
  return (info.RegistryConfig?.Mirrors ?? []).map((url) => url.replace(/\/+$/, ''));
}
