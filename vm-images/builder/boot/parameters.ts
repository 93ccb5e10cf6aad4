/** The machine as it is saved: everything here is part of the saved state and cannot differ when it is restored. */

const mebibyte = 1024 * 1024;

export const machineParameters = {
  memoryBytes: 512 * mebibyte,
  /** The smallest v86 takes without complaint; nobody looks at the screen. */
  vgaMemoryBytes: 2 * mebibyte,
  /** Virtual size; unused blocks are zeros and are not published. */
  diskBytes: 4096 * mebibyte,
  /** Identity of the root file system: fixed, so that two builds give the same disk. */
  diskUuid: '6f1d3c1e-7a52-4a0b-9c55-d0c4e2a1b001',
  /** Every frame costs the guest some 10,000 instructions, so frames are large: 3 million instead of 9 million for a megabyte. */
  network: { guestAddress: '10.0.2.15', gatewayAddress: '10.0.2.2', mtu: 9000 },
  guest: { user: 'learner', home: '/home/learner' },
  /**
   * What slows the guest down and protects nobody in a sandboxed emulator is off; measured in docs/performance.md.
   * The console is the serial line, which only the builder reads.
   */
  commandLine: [
    'console=ttyS0',
    'quiet',
    'loglevel=3',
    'mitigations=off',
    'random.trust_cpu=on',
    'tsc=reliable',
    'nowatchdog',
    'audit=0',
    // Left to itself the kernel activates the next of its security modules: SELinux for AppArmor, and TOMOYO in any case.
    'lsm=landlock,yama',
    'psi=0',
    'nokaslr',
    'init_on_alloc=0',
    'systemd.show_status=0',
    'systemd.log_target=null',
  ].join(' '),
} as const;

/** Memory of the machine that installs; above 512 MiB v86 spends a quarter of its time on the TLB. */
export const installerMemoryBytes = 512 * mebibyte;

/**
 * Parts of the memory, before compression. Those that are needed to begin with are large, for the sake of compression. Of the
 * next ones some are wanted before their turn; in parts of 4 MiB they have 3 % fewer bytes. Of the others a single page may be wanted.
 */
export const memoryPartBytes = { start: 4 * mebibyte, ahead: mebibyte, rest: mebibyte / 16 };

/** Parts of the disk and of the state, before compression. */
export const diskChunkBytes = 256 * 1024;
export const stateChunkBytes = 2 * mebibyte;

/** zstd levels: the state is downloaded by everybody before anything else, so it is worth the time. */
export const diskCompressionLevel = 15;
export const stateCompressionLevel = 17;
