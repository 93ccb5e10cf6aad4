import { expect, it } from 'vitest';
import { SerialConsole, type InstallerLine } from './serial-console.ts';

it('finds the builder lines however the bytes are cut', () => {
  const text = 'booting\r\n@@stage format\r\n[  1.0] noise\r\n@@image nginx:latest sha256:ab\r\n@@done\r\n';
  for (let cut = 1; cut < text.length; cut++) {
    const lines: InstallerLine[] = [];
    const serial = new SerialConsole((line) => lines.push(line));
    serial.receive(text.slice(0, cut));
    serial.receive(text.slice(cut));
    expect(lines).toEqual([
      { kind: 'stage', name: 'format' },
      { kind: 'image', name: 'nginx:latest', id: 'sha256:ab' },
      { kind: 'done' },
    ]);
  }
});

it('keeps the recent lines for an error message', () => {
  const serial = new SerialConsole(() => undefined);
  for (let line = 0; line < 100; line++) serial.receive(`line ${line}\n`);
  serial.receive('half');
  expect(serial.recent().split('\n')).toHaveLength(41);
  expect(serial.recent()).toMatch(/line 99\nhalf$/);
});
