/** Writes down what the Docker client of the machine understands, for the check of lessons: `npm run vm:client` runs it. */
import { writeFile } from 'node:fs/promises';
import { collectDockerClient, dockerClientFile, dockerClientText } from '../../src/site/lib/docker-client.ts';
import { dockerClientOf } from './docker-client.ts';
import { startMachine } from './machine.ts';

const machine = await startMachine();
try {
  const ask = dockerClientOf(machine);
  const client = await collectDockerClient((args) => {
    console.log(`docker ${args.join(' ')}`);
    return ask(args);
  });
  await writeFile(dockerClientFile, dockerClientText(client));
  console.log(`wrote ${dockerClientFile}: ${Object.keys(client.commands).length} commands. Look at what has changed, run npm run lesson:check -- --text, and commit it.`);
} finally {
  await machine.stop();
}
