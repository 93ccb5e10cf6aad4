/** Which libraries a 32-bit program asks for, so that a test can tell whether its image has them. */

const loadable = 1;
const dynamic = 2;
const needed = 1;
const stringTable = 5;

/** Names of the libraries; none for what is no 32-bit ELF file or is linked statically. */
export function neededLibraries(file: Buffer): string[] {
  if (file.length < 52 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 1) return [];
  const segments = Array.from({ length: file.readUInt16LE(44) }, (_, index) => {
    const at = file.readUInt32LE(28) + index * file.readUInt16LE(42);
    return { type: file.readUInt32LE(at), offset: file.readUInt32LE(at + 4), address: file.readUInt32LE(at + 8), bytes: file.readUInt32LE(at + 16) };
  });
  const section = segments.find(({ type }) => type === dynamic);
  if (section === undefined) return [];
  const entries: [tag: number, value: number][] = [];
  for (let at = section.offset; at < section.offset + section.bytes; at += 8) entries.push([file.readInt32LE(at), file.readUInt32LE(at + 4)]);
  const table = entries.find(([tag]) => tag === stringTable)?.[1] ?? 0;
  const holder = segments.find(({ type, address, bytes }) => type === loadable && table >= address && table < address + bytes);
  if (holder === undefined) return [];
  const strings = table - holder.address + holder.offset;
  return entries.filter(([tag]) => tag === needed).map(([, value]) => file.toString('latin1', strings + value, file.indexOf(0, strings + value)));
}
