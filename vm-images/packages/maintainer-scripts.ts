/** Scripts that dpkg runs when a package of ours comes and goes: the group, and the units. */
import type { EnginePackage } from './engine.ts';

type Needs = Pick<EnginePackage, 'group' | 'units'>;

/** By name; empty for a package that only has files. */
export function maintainerScripts(needs: Needs): Map<string, string> {
  const { group, units } = needs;
  if (units.length === 0) return new Map();
  const all = units.join(' ');
  const reversed = units.toReversed().join(' ');
  // Only a host that runs systemd can start something; where it does not, as in a chroot, the links are all there is to do.
  const running = '[ -d /run/systemd/system ]';
  return new Map([
    [
      'postinst',
      script('configure', [
        ...(group === undefined ? [] : [`getent group ${group} >/dev/null || groupadd --system ${group}`]),
        `systemctl enable --quiet ${all}`,
        `if ${running}; then`,
        '  systemctl daemon-reload',
        // An update restarts what runs; an administrator who has stopped it wants it to stay so.
        `  if [ -z "$2" ]; then systemctl start ${all}; else systemctl try-restart ${all}; fi`,
        'fi',
      ]),
    ],
    ['prerm', script('remove', [`if ${running}; then systemctl stop ${reversed}; fi`, `systemctl disable --quiet ${all}`])],
    ['postrm', script('remove | purge', [`if ${running}; then systemctl daemon-reload; fi`])],
  ]);
}

function script(actions: string, lines: readonly string[]): string {
  return ['#!/bin/sh', 'set -e', 'case $1 in', `  ${actions}) ;;`, '  *) exit 0 ;;', 'esac', ...lines, ''].join('\n');
}
