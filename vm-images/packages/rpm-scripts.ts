/** Scripts that rpm runs when a package of ours comes and goes. As on CentOS, a service that was installed neither runs nor is enabled. */
import type { EnginePackage } from './engine.ts';
import type { RpmScripts } from './rpm/writer.ts';

/** There as long as systemd has to be told of new units: once for all packages of a transaction, as systemd's own package for CentOS does it. */
const untold = '/run/drydock-new-units';

type Needs = Pick<EnginePackage, 'group' | 'units'>;

/** The first argument of each is how many versions there will be afterwards: none when the last is removed. */
export function rpmScripts({ group, units }: Needs): RpmScripts {
  if (units.length === 0) return {};
  const all = units.join(' ');
  const reversed = units.toReversed().join(' ');
  // Where systemd does not run, as in a chroot, there is nothing to tell it.
  const running = '[ -d /run/systemd/system ]';
  const tellOnce = `if [ -e ${untold} ]; then rm -f ${untold}; systemctl daemon-reload; fi`;
  return {
    postInstall: lines([...(group === undefined ? [] : [`getent group ${group} >/dev/null || groupadd --system ${group}`]), `touch ${untold}`]),
    afterAll: lines([`if ${running}; then ${tellOnce}; fi`]),
    preRemove: lines(['if [ "$1" -eq 0 ]; then', `  if ${running}; then systemctl stop ${reversed}; fi`, `  systemctl disable --quiet ${all}`, 'fi']),
    // An update restarts what runs.
    postRemove: lines([`if ${running}; then`, `  if [ "$1" -ge 1 ]; then ${tellOnce}; systemctl try-restart ${all}; else systemctl daemon-reload; fi`, 'fi']),
  };
}

/** rpm counts a script that fails against the package, so the last word is a success. */
function lines(text: readonly string[]): string {
  return [...text, 'exit 0', ''].join('\n');
}
