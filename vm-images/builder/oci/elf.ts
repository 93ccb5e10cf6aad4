/**
 * Writes the smallest Linux program there is: a static i386 executable that prints a text and ends. It is made here
 * because the building machine needs no compiler, and because its image then holds nothing but what it shows.
 *
 * Layout after the System V ABI (Intel386 supplement): an ELF header, one program header, code, text.
 */

const base = 0x08048000;
const headerBytes = 52;
const programHeaderBytes = 32;

/** Ends with 0, or with 1 when its output could not be written. */
export function printingProgram(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const codeAt = headerBytes + programHeaderBytes;
  const code = machineCode(0, 0);
  const textAt = codeAt + code.length;
  const size = textAt + text.length;
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const words = (at: number, values: readonly number[]): void => values.forEach((value, index) => view.setUint32(at + index * 4, value, true));

  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]); // ELF, 32 bits, little-endian, version 1
  view.setUint16(16, 2, true); // an executable
  view.setUint16(18, 3, true); // for the i386
  words(20, [1, base + codeAt, headerBytes, 0, 0]); // version, entry, program headers, no sections, no flags
  view.setUint16(40, headerBytes, true);
  view.setUint16(42, programHeaderBytes, true);
  view.setUint16(44, 1, true);
  // load all of the file, readable and executable
  words(headerBytes, [1, 0, base, base, size, size, 5, 0x1000]);
  file.set(machineCode(base + textAt, text.length), codeAt);
  file.set(text, textAt);
  return file;
}

function machineCode(address: number, length: number): number[] {
  const word = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  const write = [
    0xbb, ...word(1), //       mov ebx, 1      standard output
    0xb8, ...word(4), //       mov eax, 4      write
    0xcd, 0x80, //             int 0x80
    0x85, 0xc0, //             test eax, eax
    0x7e, 15, //               jle failed
    0x01, 0xc1, //             add ecx, eax    past what was written
    0x29, 0xc2, //             sub edx, eax
  ];
  const again = write.length + 2;
  return [
    0xb9, ...word(address), // mov ecx, text
    0xba, ...word(length), //  mov edx, length
    ...write,
    0x75, 256 - again, //      jnz write
    0x31, 0xdb, //             xor ebx, ebx
    0xb8, ...word(1), //       mov eax, 1      exit
    0xcd, 0x80, //             int 0x80
    0x31, 0xc0, //             failed: xor eax, eax
    0x40, //                   inc eax         exit
    0x89, 0xc3, //             mov ebx, eax
    0xcd, 0x80, //             int 0x80
  ];
}
