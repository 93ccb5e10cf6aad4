/** Where everything stands in the drawings, by name of the diagram. */
import type { Box, Drawing, Line } from './drawing.ts';

const clientServer: Drawing = {
  height: 424,
  boxes: [
    { x: 2, y: 2, width: 246, height: 420, look: 'frame', lines: [{ word: 'machine' }], align: 'corner' },
    { part: 'client', x: 14, y: 30, width: 128, height: 40, lines: [{ code: 'docker' }, { word: 'client' }] },
    { part: 'curl', x: 154, y: 30, width: 84, height: 40, lines: [{ code: 'curl' }, { word: 'curl' }] },
    { part: 'socket', x: 14, y: 98, width: 224, height: 28, lines: [{ code: '/var/run/docker.sock' }] },
    { part: 'daemon', x: 14, y: 152, width: 224, height: 44, lines: [{ code: 'dockerd' }, { word: 'daemon' }] },
    { part: 'registry', x: 268, y: 152, width: 90, height: 44, lines: [{ word: 'registry' }, { word: 'images' }] },
    { part: 'containerd', x: 14, y: 222, width: 224, height: 44, lines: [{ code: 'containerd' }, { word: 'containerd' }] },
    { part: 'shim', x: 14, y: 292, width: 112, height: 44, lines: [{ code: 'shim' }, { word: 'shim' }] },
    { part: 'runtime', x: 152, y: 292, width: 86, height: 44, lines: [{ code: 'crun' }, { word: 'runtime' }], look: 'passing' },
    { part: 'container', x: 14, y: 366, width: 224, height: 46, lines: [{ word: 'container' }, { word: 'program' }] },
  ],
  arrows: [
    { part: 'ask', points: [[78, 70], [78, 98]], both: true },
    { part: 'ask-curl', points: [[196, 70], [196, 98]], both: true },
    { part: 'to-daemon', points: [[126, 126], [126, 152]], both: true },
    { part: 'to-registry', points: [[238, 174], [268, 174]], both: true },
    { part: 'to-containerd', points: [[126, 196], [126, 222]], both: true },
    { part: 'to-shim', points: [[70, 266], [70, 292]], both: true },
    { part: 'to-runtime', points: [[126, 314], [152, 314]] },
    { part: 'watch', points: [[70, 366], [70, 336]] },
    { part: 'run', points: [[195, 336], [195, 366]] },
  ],
  notes: [
    { x: 137, y: 88, line: { word: 'http' }, anchor: 'middle' },
    { x: 78, y: 355, line: { word: 'end' } },
    { x: 187, y: 355, line: { word: 'makes' }, anchor: 'end' },
    { x: 313, y: 212, line: { word: 'outside' }, anchor: 'middle' },
  ],
};

const lifeCycle: Drawing = {
  height: 378,
  boxes: [
    { part: 'created', x: 50, y: 34, width: 152, height: 50, lines: [{ code: 'created' }, { word: 'created' }], state: 'created' },
    { part: 'running', x: 50, y: 134, width: 152, height: 50, lines: [{ code: 'running' }, { word: 'running' }], state: 'running' },
    { part: 'paused', x: 258, y: 134, width: 100, height: 50, lines: [{ code: 'paused' }, { word: 'paused' }], state: 'paused' },
    { part: 'exited', x: 50, y: 234, width: 152, height: 50, lines: [{ code: 'exited' }, { word: 'exited' }], state: 'stopped' },
    { part: 'removed', x: 50, y: 334, width: 152, height: 40, lines: [{ word: 'removed' }, { word: 'nothing' }], look: 'gone' },
  ],
  arrows: [
    { part: 'create', points: [[126, 6], [126, 34]] },
    { part: 'run', points: [[20, 6], [20, 159], [50, 159]] },
    { part: 'start', points: [[126, 84], [126, 134]] },
    { part: 'pause', points: [[202, 150], [258, 150]] },
    { part: 'unpause', points: [[258, 169], [202, 169]] },
    { part: 'stop', points: [[102, 184], [102, 234]] },
    { part: 'again', points: [[150, 234], [150, 184]] },
    { part: 'rm', points: [[126, 284], [126, 334]] },
  ],
  notes: [
    { x: 134, y: 20, line: { code: 'docker create' }, part: 'create' },
    { x: 28, y: 18, line: { code: 'docker run' }, part: 'run' },
    { x: 134, y: 112, line: { code: 'docker start' }, part: 'start' },
    { x: 230, y: 143, line: { code: 'pause' }, anchor: 'middle', part: 'pause' },
    { x: 230, y: 184, line: { code: 'unpause' }, anchor: 'middle', part: 'unpause' },
    { x: 94, y: 204, line: { code: 'stop, kill' }, anchor: 'end', part: 'stop' },
    { x: 94, y: 219, line: { word: 'itself' }, anchor: 'end', part: 'stop' },
    { x: 158, y: 212, line: { code: 'docker start' }, part: 'again' },
    { x: 134, y: 313, line: { code: 'docker rm' }, part: 'rm' },
  ],
};

/** Columns of the files in the layers, and the rows: what the container sees, then the layers from the top. */
const files = { motd: 124, nginx: 180, conf: 236, log: 300 };
const rows = { seen: 4, writable: 84, settings: 146, program: 208, base: 270 };

function file(name: string, column: keyof typeof files, row: keyof typeof rows, more: Partial<Box> = {}): Box {
  return { part: `${row}-${column}`, x: files[column], y: rows[row] + 14, width: column === 'conf' ? 60 : 52, height: 24, lines: [{ code: name }], look: 'file', ...more };
}

const row = (name: keyof typeof rows, lines: readonly Line[], more: Partial<Box> = {}): Box => ({ part: name, x: 2, y: rows[name], width: 356, height: 52, look: 'row', align: 'start', lines, ...more });

const layers: Drawing = {
  height: 326,
  boxes: [
    row('seen', [{ word: 'seen' }, { word: 'together' }], { look: 'frame', not: ['removed'] }),
    row('writable', [{ word: 'writable' }, { word: 'container' }], { not: ['removed'] }),
    row('settings', [{ word: 'layer3' }, { word: 'settings' }]),
    row('program', [{ word: 'layer2' }, { word: 'program' }]),
    row('base', [{ word: 'layer1' }, { word: 'base' }]),
    file('motd', 'motd', 'seen', { not: ['delete', 'removed'] }),
    file('nginx', 'nginx', 'seen', { not: ['removed'] }),
    file('app.conf', 'conf', 'seen', { not: ['removed'] }),
    file('new.log', 'log', 'seen', { only: ['add'] }),
    file('✕ motd', 'motd', 'writable', { look: 'gone', only: ['delete'] }),
    file('app.conf', 'conf', 'writable', { only: ['change'] }),
    file('new.log', 'log', 'writable', { only: ['add'] }),
    file('app.conf', 'conf', 'settings', { covered: ['change'] }),
    file('nginx', 'nginx', 'program'),
    file('motd', 'motd', 'base', { covered: ['delete'] }),
  ],
  arrows: [
    { part: 'look-nginx', points: [[206, 42], [206, 222]], only: ['read'] },
    { part: 'look-conf', points: [[266, 42], [266, 98]], only: ['change'] },
    { part: 'copy-up', points: [[266, 160], [266, 122]], only: ['change'] },
    { part: 'look-motd', points: [[150, 42], [150, 98]], only: ['delete'] },
    { part: 'look-log', points: [[326, 42], [326, 98]], only: ['add'] },
  ],
  notes: [{ x: 12, y: 74, line: { word: 'above' } }],
};

const kinds = ['pid', 'net', 'mnt', 'uts', 'ipc'] as const;
const columns = { machine: 58, web: 160, db: 262 };
const cells: Record<(typeof kinds)[number], Record<keyof typeof columns, readonly Line[]>> = {
  pid: { machine: [{ code: '1 systemd' }, { code: '612 nginx' }, { code: '655 redis' }], web: [{ code: '1 nginx' }], db: [{ code: '1 redis' }] },
  net: { machine: [{ code: 'eth0 docker0' }, { code: '10.0.2.15' }], web: [{ code: 'eth0' }, { code: '172.17.0.2' }], db: [{ code: 'eth0' }, { code: '172.17.0.3' }] },
  mnt: { machine: [{ code: '/' }, { word: 'disk' }], web: [{ code: '/' }, { word: 'nginx' }], db: [{ code: '/' }, { word: 'redis' }] },
  uts: { machine: [{ code: 'drydock' }], web: [{ code: '3f9c0a1b27de' }], db: [{ code: 'b81e44d0c5f2' }] },
  ipc: { machine: [{ code: '/dev/shm' }, { word: 'own' }], web: [{ code: '/dev/shm' }, { word: 'own' }], db: [{ code: '/dev/shm' }, { word: 'own' }] },
};
const cellTop = (index: number): number => 54 + index * 56;

const namespaces: Drawing = {
  height: 396,
  boxes: [
    { x: 2, y: 2, width: 356, height: 392, look: 'frame' },
    ...([['web', 157], ['db', 259]] as const).map(([name, x]): Box => ({ part: name, x, y: 8, width: name === 'web' ? 100 : 96, height: 322, look: 'frame' })),
    ...kinds.flatMap((kind, index) =>
      (['machine', 'web', 'db'] as const).map((column): Box => ({ part: kind, x: columns[column] + 1, y: cellTop(index), width: column === 'db' ? 90 : 94, height: 50, lines: cells[kind][column], look: 'file' }))),
    { part: 'user', x: 59, y: 340, width: 293, height: 46, lines: [{ word: 'root' }, { word: 'shared' }], look: 'file' },
  ],
  arrows: [],
  notes: [
    { x: 106, y: 26, line: { word: 'machine' }, anchor: 'middle' },
    { x: 106, y: 42, line: { word: 'kernel' }, anchor: 'middle' },
    { x: 207, y: 26, line: { word: 'container' }, anchor: 'middle' },
    { x: 207, y: 42, line: { code: 'web' }, anchor: 'middle' },
    { x: 307, y: 26, line: { word: 'container' }, anchor: 'middle' },
    { x: 307, y: 42, line: { code: 'db' }, anchor: 'middle' },
    ...[...kinds, 'user' as const].map((kind, index) => ({ x: 12, y: (kind === 'user' ? 340 : cellTop(index)) + 29, line: { code: kind }, part: kind })),
  ],
};

const networkPath: Drawing = {
  height: 478,
  boxes: [
    { x: 2, y: 58, width: 356, height: 418, look: 'frame' },
    { part: 'browser', x: 14, y: 4, width: 108, height: 42, lines: [{ word: 'preview' }, { word: 'browser' }] },
    { part: 'curl', x: 134, y: 72, width: 98, height: 40, lines: [{ code: 'curl' }, { word: 'curl' }] },
    { part: 'port', x: 14, y: 136, width: 218, height: 42, lines: [{ word: 'port' }, { code: '-p 8080:80' }] },
    { part: 'dnat', x: 14, y: 200, width: 218, height: 42, lines: [{ code: 'iptables: DNAT' }, { word: 'dnat' }] },
    { part: 'bridge', x: 14, y: 264, width: 218, height: 42, lines: [{ code: 'docker0' }, { word: 'bridge' }] },
    { part: 'veth', x: 14, y: 328, width: 218, height: 42, lines: [{ code: 'veth' }, { word: 'veth' }] },
    { x: 8, y: 386, width: 344, height: 84, look: 'frame' },
    { part: 'eth0', x: 14, y: 404, width: 218, height: 42, lines: [{ code: 'eth0' }, { word: 'eth0' }] },
    { part: 'program', x: 258, y: 404, width: 88, height: 42, lines: [{ code: 'nginx' }, { word: 'listens' }] },
  ],
  arrows: [
    { part: 'from-browser', points: [[68, 46], [68, 136]] },
    { part: 'from-curl', points: [[183, 112], [183, 136]] },
    { part: 'to-dnat', points: [[123, 178], [123, 200]] },
    { part: 'to-bridge', points: [[123, 242], [123, 264]] },
    { part: 'to-veth', points: [[123, 306], [123, 328]] },
    { part: 'to-eth0', points: [[123, 370], [123, 404]] },
    { part: 'to-program', points: [[232, 425], [258, 425]] },
  ],
  notes: [
    { x: 346, y: 78, line: { word: 'machine' }, anchor: 'end' },
    { x: 296, y: 124, line: { word: 'destination' }, anchor: 'middle' },
    { x: 296, y: 161, line: { code: '10.0.2.15:8080' }, anchor: 'middle', part: 'at-port' },
    { x: 296, y: 225, line: { code: '172.17.0.2:80' }, anchor: 'middle', part: 'at-dnat' },
    { x: 296, y: 289, line: { code: '172.17.0.2:80' }, anchor: 'middle', part: 'at-bridge' },
    { x: 296, y: 353, line: { code: '172.17.0.2:80' }, anchor: 'middle', part: 'at-veth' },
    { x: 18, y: 462, line: { word: 'container' } },
  ],
};

export const drawings = { 'client-server': clientServer, 'life-cycle': lifeCycle, layers, namespaces, 'network-path': networkPath } as const satisfies Record<string, Drawing>;

export type DiagramName = keyof typeof drawings;

export function isDiagramName(name: string): name is DiagramName {
  return Object.hasOwn(drawings, name);
}
