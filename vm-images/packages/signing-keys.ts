/** What the keys of the repositories sign; the hosts trust the archives' from the start. */
export const keyNames = { archive: 'Debian archive', centos: 'CentOS archive', docker: 'Docker packages' } as const;

export type KeyName = keyof typeof keyNames;
