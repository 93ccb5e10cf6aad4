/**
 * Hears when the agent in the guest begins: it then writes a line to the serial port (`announce` in vm-images/agent/main.c).
 * Whatever was said to the agent before it is lost, so that it must be greeted anew.
 */

const announcement = '@@agent';
/** Of a line, more is not looked at. */
const longestLine = 80;

/** @returns a receiver for the bytes of the serial port, in pieces of any size */
export function hearAgentStarts(onStart: () => void): (bytes: Uint8Array) => void {
  let line = '';
  return (bytes) => {
    for (const byte of bytes) {
      if (byte !== 0x0a) {
        if (line.length < longestLine) line += String.fromCharCode(byte);
        continue;
      }
      const whole = line.trimEnd();
      line = '';
      if (whole === announcement) onStart();
    }
  };
}
