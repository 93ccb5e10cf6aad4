/** Names of the errno values that the agent may answer with, as on Linux for x86 (asm-generic/errno-base.h, errno.h). */
const names: Readonly<Record<number, string>> = {
  1: 'EPERM',
  2: 'ENOENT',
  4: 'EINTR',
  5: 'EIO',
  7: 'E2BIG',
  11: 'EAGAIN',
  12: 'ENOMEM',
  13: 'EACCES',
  16: 'EBUSY',
  17: 'EEXIST',
  18: 'EXDEV',
  20: 'ENOTDIR',
  21: 'EISDIR',
  22: 'EINVAL',
  23: 'ENFILE',
  24: 'EMFILE',
  26: 'ETXTBSY',
  27: 'EFBIG',
  28: 'ENOSPC',
  30: 'EROFS',
  32: 'EPIPE',
  36: 'ENAMETOOLONG',
  39: 'ENOTEMPTY',
  40: 'ELOOP',
  71: 'EPROTO',
  104: 'ECONNRESET',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  125: 'ECANCELED',
};

/** The name, such as ENOENT; `errno 999` for a value without one here. The sign does not matter. */
export function errnoName(errno: number): string {
  const value = Math.abs(errno);
  return names[value] ?? `errno ${value}`;
}
