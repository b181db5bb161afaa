/** The mail scripts under test/script/mail, sent to Pickup files and to an SMTP server, and read back by Python. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parsedByPython } from '../support/python-mail.ts';
import { SinkServer } from '../support/sink-server.ts';
import {
  checkMessage,
  checkRun,
  type Delivered,
  type ExpectedMessage,
  JobFolder,
  mailScripts,
  pickupFile,
} from './support/mail-scripts.ts';

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
  folder.remove();
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
    check(dropped, wanted('pickup'));
    check(sent, wanted('smtp'));
  });

/** Pairs messages with expectations by recipients and subject, whatever their order in the folder. */
function check(
  found: readonly { sender: string; recipients: readonly string[]; message: Buffer }[],
  expected: readonly ExpectedMessage[],
): void {
  assert.equal(found.length, expected.length, 'number of messages');
  const parts = parsedByPython(found.map(({ message }) => message));
  const delivered: Delivered[] = found.map((each, index) => ({ ...each, part: parts[index]! }));
  for (const wanted of expected) {
    const failures: unknown[] = [];
    const match = delivered.findIndex((each) => {
      try {
        checkMessage(each, wanted);
        return true;
      } catch (failure) {
        failures.push(failure);
        return false;
      }
    });
    if (match < 0) throw failures[0] ?? new Error('no message is left for this expectation');
    delivered.splice(match, 1);
  }
}
