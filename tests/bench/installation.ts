/**
 * From a host without Docker to its first container, step by step, in Node: seconds on the wall and in the guest, instructions,
 * and when each line was printed.
 *
 *   node tests/bench/installation.ts centos|debian|docker-ce|script
 */
import { installationHosts } from '../support/installation-hosts.ts';
import { startMachine } from '../support/machine.ts';

/** As the lessons have them. */
const installations = {
  centos: {
    host: 'centos',
    steps: [
      'yum -y install yum-utils device-mapper-persistent-data lvm2',
      'yum-config-manager --add-repo https://download.docker.com/linux/centos/docker-ce.repo',
      'yum makecache fast',
      'yum -y install docker-ce',
      'systemctl start docker',
      'docker run hello-world',
    ],
  },
  debian: { host: 'debian', steps: ['apt-get update', 'apt-get install -y docker.io', 'docker run hello-world'] },
  'docker-ce': {
    host: 'debian',
    steps: [
      'curl -fsSL https://download.docker.com/linux/debian/gpg -o /etc/apt/keyrings/docker.asc',
      'echo "deb [arch=$(dpkg --print-architecture) signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian trixie stable" > /etc/apt/sources.list.d/docker.list',
      'apt-get update',
      'apt-get install -y docker-ce docker-ce-cli containerd.io',
      'docker run hello-world',
    ],
  },
  script: { host: 'debian', steps: ['curl -fsSL https://get.docker.com -o get-docker.sh', 'sh get-docker.sh', 'docker run hello-world'] },
} as const;
const stamped = 'while IFS= read -r line; do read -r now _ < /proc/uptime; echo "$now $line"; done';

const isInstallation = (name: string): name is keyof typeof installations => name in installations;
const name = process.argv[2] ?? '';
if (!isInstallation(name)) throw new Error(`say which: ${Object.keys(installations).join(', ')}`);
const { host: hostName, steps } = installations[name];
const host = await startMachine({ host: hostName, hosts: installationHosts() });
const begin = performance.now();
for (const step of steps) {
  const before = host.stats().instructions;
  const from = performance.now();
  const said = await host.root(`cut -d' ' -f1 /proc/uptime; { ${step}; } 2>&1 | ${stamped}; cut -d' ' -f1 /proc/uptime`);
  const millions = (host.stats().instructions - before) / 1e6;
  console.log(`${step}: ${((performance.now() - from) / 1000).toFixed(1)} s, ${millions.toFixed(0)} million instructions\n${said.replaceAll(/^/gm, '    ')}`);
}
console.log(`in all ${((performance.now() - begin) / 1000).toFixed(0)} s`);
await host.stop();
process.exit(0);
