/**
 * What each setting of the image is worth, in guest instructions of a warm `docker run --rm busybox true`: measured as the
 * image is, and with one setting after the other taken back, each on a machine of its own.
 *
 *   node tests/bench/levers.ts [runs]
 *
 * Instructions do not depend on who else uses the processor, but on when garbage is collected: hence medians.
 * What is set on the kernel's command line cannot be taken back in a running machine: change it in
 * vm-images/builder/boot/parameters.ts, run `npm run vm:build`, and compare the first line.
 */
import { startMachine } from '../support/machine.ts';
import { median } from '../../scripts/lib/bench/statistics.ts';

const command = 'docker run --rm busybox true';
const warmUps = 2;
const runs = Number(process.argv[2] ?? 7);
/** Between two runs, for what the engine still does after the command has ended. */
const pauseMilliseconds = 1000;

const dropIn = (unit: string, lines: string): string => `mkdir -p /run/systemd/system/${unit}.service.d && printf '[Service]\\n${lines}\\n' > /run/systemd/system/${unit}.service.d/zz-bench.conf`;
const restart = 'systemctl daemon-reload && systemctl restart containerd docker';
const daemonSetting = (filter: string): string => `jq '${filter}' /etc/docker/daemon.json > /tmp/daemon.json && cp /tmp/daemon.json /etc/docker/daemon.json && systemctl restart docker`;

/** Name to the script that takes the setting back. */
const levers: Record<string, string> = {
  'all as it is': 'true',
  'garbage collected as usual (GOGC=100)': `${dropIn('docker', 'UnsetEnvironment=GOGC GOMEMLIMIT')} && ${dropIn('containerd', 'UnsetEnvironment=GOGC GOMEMLIMIT')} && ${restart}`,
  'crun copies itself at each start': `umount /usr/bin/crun && ${dropIn('containerd', 'UnsetEnvironment=_LIBCONTAINER_CLONED_BINARY')} && ${restart}`,
  "shims started by containerd's own program": `${dropIn('containerd', 'Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin')} && ${restart}`,
  'runc in place of crun': daemonSetting('del(.runtimes) | ."default-runtime" = "runc"'),
  'cgroups by systemd': daemonSetting('."exec-opts" = ["native.cgroupdriver=systemd"]'),
  'userland proxy': daemonSetting('."userland-proxy" = true'),
};

for (const [name, script] of Object.entries(levers)) {
  const machine = await startMachine();
  try {
    await machine.root(script);
    for (let run = 0; run < warmUps; run += 1) await machine.root(command);
    const counts: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
      const before = machine.stats().instructions;
      await machine.root(command);
      counts.push(machine.stats().instructions - before);
    }
    const millions = counts.map((count) => Math.round(count / 1e6)).sort((a, b) => a - b);
    console.log(`${name.padEnd(40)} ${String(Math.round(median(millions))).padStart(5)} million  (${millions.join(' ')})`);
  } finally {
    await machine.stop();
  }
}
process.exit(0);
