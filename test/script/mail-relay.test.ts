/** The mail scripts under test/script/mail, sent through the running relay: by its Pickup folder and by its SMTP port. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RelayProcess } from '../support/relay-process.ts';
import { SinkServer } from '../support/sink-server.ts';
import { checkMessages, checkRun, JobFolder, mailScripts } from './support/mail-scripts.ts';

let folder: JobFolder;
let relay: RelayProcess;
let sink: SinkServer;

before(async () => {
  folder = new JobFolder();
  sink = await SinkServer.start();
  relay = await RelayProcess.start([
    '--smart-host',
    `[127.0.0.1]:${sink.port}`,
    '--listen',
    '127.0.0.1:0',
    '--fqdn',
    'relay.test',
  ]);
});
after(async () => {
  await relay.dispose();
  await sink.stop();
  await folder.remove();
});

for (const script of mailScripts().filter(({ expected }) => expected.relay !== false))
  test(`${script.name} arrives through the relay`, async () => {
    sink.messages.length = 0;
    const run = await folder.run(script, relay.pickup, relay.smtpPort);
    checkRun(run, script.expected, folder);
    await sink.reached(script.expected.messages.length);
    const arrived = sink.messages.map(({ sender, recipients, content }) => ({
      sender,
      recipients,
      message: content,
    }));
    checkMessages(arrived, script.expected.messages);
    for (const { message } of arrived) assert.match(message.toString('latin1'), /^Received: .*relay\.test/s);
  });

test('nothing of them ended in Badmail or stayed in Pickup', () => {
  // What begins with a dot is the relay's own.
  assert.deepEqual(
    readdirSync(relay.pickup).filter((name) => !name.startsWith('.')),
    [],
  );
  assert.deepEqual(readdirSync(join(relay.mailroot, 'Badmail')), []);
});
