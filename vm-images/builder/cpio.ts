/** Writes an initramfs: a cpio archive in the "newc" format (the kernel's Documentation/driver-api/early-userspace/buffer-format.rst). */

export type CpioEntry =
  | { readonly path: string; readonly kind: 'file'; readonly mode: number; readonly content: Uint8Array }
  | { readonly path: string; readonly kind: 'directory'; readonly mode: number }
  | { readonly path: string; readonly kind: 'link'; readonly target: string };

const fileTypes = { file: 0o100000, directory: 0o040000, link: 0o120000 } as const;

/**
 * Everything belongs to root and has the time 0, so the same entries give the same bytes.
 *
 * @param entries paths without a leading slash; a directory before what is in it
 */
export function cpio(entries: Iterable<CpioEntry>): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let inode = 1;
  for (const entry of entries) {
    const content = entry.kind === 'file' ? entry.content : Buffer.from(entry.kind === 'link' ? entry.target : '');
    const permissions = entry.kind === 'link' ? 0o777 : entry.mode;
    pieces.push(...record(entry.path, inode++, fileTypes[entry.kind] | permissions, entry.kind === 'directory' ? 2 : 1, content));
  }
  pieces.push(...record('TRAILER!!!', 0, 0, 1, new Uint8Array()));
  return new Uint8Array(Buffer.concat(pieces));
}

function record(path: string, inode: number, mode: number, links: number, content: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [header, name, padding(header.length + name.length), content, padding(content.length)];
}

/** To a multiple of four. */
function padding(length: number): Uint8Array {
  return new Uint8Array((4 - (length % 4)) % 4);
}
