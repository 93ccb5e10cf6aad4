/** What the engine keeps as it was given although several spellings mean the same: capabilities, security options, users. */

/** `net_admin`, `CAP_NET_ADMIN` and `NET_ADMIN` are one. */
export function plainCapability(given: string): string {
  return given.toUpperCase().replace(/^CAP_/, '');
}

/** `seccomp:unconfined` is `seccomp=unconfined`, and a word alone, such as `no-new-privileges`, means that it is true. */
export function plainSecurityOption(given: string): string {
  const [, name = given, value = 'true'] = /^([^=:]+)[=:](.*)$/s.exec(given) ?? [];
  return `${name}=${value}`;
}

/** Users that have the same number in Debian and in busybox. */
const userNumbers: ReadonlyMap<string, string> = new Map([
  ['root', '0'],
  ['daemon', '1'],
  ['www-data', '33'],
  ['nobody', '65534'],
]);

/** `nobody`, `65534` and `nobody:nogroup` are one; the group is not looked at. */
export function plainUser(given: string): string {
  const [user = ''] = given.split(':');
  return userNumbers.get(user) ?? user;
}
