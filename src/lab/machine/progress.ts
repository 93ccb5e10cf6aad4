/** What is said about the machine's lifecycle: one line for the bar, and how far loading has come. */
import { fillTemplate } from '../../shared/locale.ts';
import type { Strings } from '../page-data.ts';
import type { LabState } from './session.ts';

export interface MachineView {
  /** For colour and tests. */
  tone: 'idle' | 'busy' | 'running' | 'paused' | 'failed';
  text: string;
  /** 0 to 1 while bytes are loaded; `undefined` where the end is not known. */
  fraction: number | undefined;
}

/** Describes a state. */
export function machineView(state: LabState, strings: Strings): MachineView {
  switch (state.kind) {
    case 'idle':
      return { tone: 'idle', text: strings.machineIdle, fraction: undefined };
    case 'loading': {
      const { receivedBytes, totalBytes } = state;
      if (totalBytes <= 0) return { tone: 'busy', text: strings.machineLoading, fraction: undefined };
      const text = fillTemplate(strings.machineLoadingBytes, {
        received: formatBytes(receivedBytes),
        total: formatBytes(totalBytes),
      });
      return { tone: 'busy', text, fraction: Math.min(1, receivedBytes / totalBytes) };
    }
    case 'restoring':
      return { tone: 'busy', text: strings.machineRestoring, fraction: undefined };
    case 'starting':
      return { tone: 'busy', text: strings.machineStarting, fraction: undefined };
    case 'restarting':
      return { tone: 'busy', text: strings.machineRestarting, fraction: undefined };
    case 'running': {
      const { preparing } = state;
      if (preparing === undefined) return { tone: 'running', text: strings.machineRunning, fraction: undefined };
      const text = fillTemplate(strings.machinePreparing, { n: preparing.done + 1, total: preparing.total });
      return { tone: 'busy', text, fraction: undefined };
    }
    case 'paused':
      return { tone: 'paused', text: strings.machinePaused, fraction: undefined };
    case 'stopped':
      return { tone: 'idle', text: strings.machineStopped, fraction: undefined };
    case 'failed':
      return { tone: 'failed', text: strings.machineFailed, fraction: undefined };
  }
}

/** Bytes for people: decimal units as file managers show them, one digit after the point below 100. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? ''}`;
}
