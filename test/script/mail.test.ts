/** The mail scripts under test/script/mail, sent to Pickup files and to an SMTP server, and read back by Python. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SinkServer } from '../support/sink-server.ts';
import { checkMessages, checkRun, JobFolder, mailScripts, pickupFile } from './support/mail-scripts.ts';

let folder: JobFolder;
let pickup: string;
let sink: SinkServer;

before(async () => {
  folder = new JobFolder();
  pickup = folder.makeFolder('pickup');
  sink = await SinkServer.start();
});
after(async () => {
  await sink.stop();
  await folder.remove();
});

for (const script of mailScripts())
  test(`${script.name} prints and sends what it should`, async () => {
    sink.messages.length = 0;
    for (const name of readdirSync(pickup)) rmSync(join(pickup, name));
    const run = await folder.run(script, pickup, sink.port);
    checkRun(run, script.expected, folder);
    const dropped = readdirSync(pickup).map((name) => {
      assert.match(name, /^[^.].*\.eml$/);
      return pickupFile(readFileSync(join(pickup, name)));
    });
    const sent = sink.messages.map((message) => ({
      sender: message.sender,
      recipients: message.recipients,
      message: message.content,
    }));
    const wanted = (via: 'pickup' | 'smtp') =>
      script.expected.messages.filter((each) => (each.via ?? 'pickup') === via);
    checkMessages(dropped, wanted('pickup'));
    checkMessages(sent, wanted('smtp'));
  });
