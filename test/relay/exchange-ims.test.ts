/** The Internet Mail Service face: the imcdata tree at work, from a program's file to what the next host gets. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadConfig, type RawSettings } from '../../src/config/index.ts';
import { RelayHere } from '../support/in-process.ts';
import { keeper, shopMessage } from '../support/kept.ts';
import { runMailroot } from '../support/relay-process.ts';
import { SinkServer } from '../support/sink-server.ts';

const scratch = mkdtempSync(join(tmpdir(), 'mailroot-ims-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const keep = keeper();

const ims: RawSettings = { layout: 'exchange-ims', listen: [], domains: { default: 'local.test' } };

describe('layout exchange-ims', () => {
  it('has the imcdata tree, sends what programs put into Pickup, and keeps local mail in In', async () => {
    const sink = keep(await SinkServer.start());
    const relay = keep(
      await RelayHere.start({ ...ims, delivery: { smartHost: `[127.0.0.1]:${sink.port}` } }),
    );
    assert.deepEqual(readdirSync(relay.mailroot).sort(), ['BAD', 'In', 'Log', 'Out', 'Pickup', 'Work']);
    for (const name of ['In', 'Out', 'Pickup'])
      assert.ok(existsSync(join(relay.mailroot, name, 'Archive')), name);
    writeFileSync(join(relay.pickup, 'far'), shopMessage('ann@far.test'));
    writeFileSync(join(relay.pickup, 'near'), shopMessage('bob@local.test'));
    await sink.reached(1);
    assert.deepEqual(sink.messages[0]!.recipients, ['ann@far.test']);
    await relay.told(({ name }) => name === 'outcome.dropped');
    const [local] = readdirSync(join(relay.mailroot, 'In')).filter((name) => name !== 'Archive');
    assert.match(readFileSync(join(relay.mailroot, 'In', local!), 'utf8'), /To: bob@local\.test/);
  });

  it('moves what is no message to Pickup/Archive under its name (event 4164), and replaces nothing there', async () => {
    const relay = keep(await RelayHere.start(ims));
    const archive = join(relay.pickup, 'Archive');
    writeFileSync(join(archive, 'form.txt'), 'of an earlier day');
    writeFileSync(join(relay.pickup, 'form.txt'), 'Subject: nobody gets it\r\n\r\nx\r\n');
    await relay.told(({ name }) => name === 'pickup.archived');
    const event = relay.events.find(({ name }) => name === 'pickup.archived')!;
    assert.equal(event.fields['file'], 'form.txt');
    assert.equal(readFileSync(join(archive, 'form.txt'), 'utf8'), 'of an earlier day');
    const other = readdirSync(archive).find((name) => name !== 'form.txt')!;
    assert.equal(other, event.fields['archived']);
    assert.match(other, /^[0-9A-Z]{16}-form\.txt$/);
    assert.equal(readFileSync(join(archive, other), 'utf8'), 'Subject: nobody gets it\r\n\r\nx\r\n');
    writeFileSync(join(relay.pickup, 'second.txt'), 'no header');
    await relay.told(({ name, fields }) => name === 'pickup.archived' && fields['file'] === 'second.txt');
    assert.ok(existsSync(join(archive, 'second.txt')));
    assert.deepEqual(readdirSync(join(relay.mailroot, 'BAD')), []);
  });

  it('leaves files that are too large where they are, and says so once', async () => {
    const relay = keep(
      await RelayHere.start({ ...ims, limits: { messageSize: '1 KB', sessionSize: '1 KB' } }),
    );
    const large = `${shopMessage('ann@far.test')}${'x'.repeat(3000)}\r\n`;
    writeFileSync(join(relay.pickup, 'large.txt'), large);
    await relay.told(({ name, fields }) => name === 'pickup.refused' && fields['file'] === 'large.txt');
    assert.equal(readFileSync(join(relay.pickup, 'large.txt'), 'utf8'), large);
    assert.deepEqual(readdirSync(join(relay.pickup, 'Archive')), []);
    const control = await relay.control();
    const { mailroots } = await control.ask('status', {});
    control.close();
    assert.deepEqual(
      mailroots[0]!.stuckFiles.map(({ file }) => file),
      ['large.txt'],
    );
    assert.match(mailroots[0]!.stuckFiles[0]!.reason, /It has 3\d{3} bytes and stays in .*the limit is 1024/);
  });

  it('runs without Pickup, with an event, when its Archive cannot be created', async () => {
    const mailroot = mkdtempSync(join(scratch, 'off-'));
    mkdirSync(join(mailroot, 'Pickup'));
    writeFileSync(join(mailroot, 'Pickup/Archive'), 'a file in its place');
    writeFileSync(join(mailroot, 'Pickup/waiting.txt'), shopMessage('ann@far.test'));
    const relay = await RelayHere.start({ ...ims, listen: ['127.0.0.1:0'] }, mailroot);
    keep(relay.relay);
    const event = relay.events.find(({ name }) => name === 'pickup.switched-off')!;
    assert.equal(event.level, 'error');
    assert.match(
      String(event.fields['reason']),
      /Something else has this name already.*Pickup\/Archive.*Mail in Pickup is not taken/,
    );
    assert.ok(relay.smtpPort > 0, 'the rest of the service runs');
    await relay.relay.stop();
    assert.ok(existsSync(join(mailroot, 'Pickup/waiting.txt')));
    rmSync(join(mailroot, 'Pickup/Archive'));
    const sink = keep(await SinkServer.start());
    keep(await RelayHere.start({ ...ims, delivery: { smartHost: `[127.0.0.1]:${sink.port}` } }, mailroot));
    await sink.reached(1);
  });

  it('stops the start, as ever, when the other folders cannot be had', async () => {
    const mailroot = mkdtempSync(join(scratch, 'bad-'));
    writeFileSync(join(mailroot, 'Work'), 'a file in its place');
    await assert.rejects(RelayHere.start(ims, mailroot), /Something else has this name already.*Work/);
  });
});

describe('useExchange', () => {
  const folder = mkdtempSync(join(scratch, 'use-'));
  const script = join(folder, 'form.vbs');
  writeFileSync(
    script,
    [
      'Set m = CreateObject("CDONTS.NewMail")',
      'm.Send "shop@local.test", "ann@far.test", "by CDONTS", "text"',
      'Set n = CreateObject("CDO.Message")',
      'n.From = "shop@local.test"',
      'n.To = "ann@far.test"',
      'n.Subject = "by CDO"',
      'n.TextBody = "text"',
      'n.Send',
    ].join('\r\n'),
  );
  const run = async (
    useExchange: boolean | undefined,
    servers: RawSettings,
  ): Promise<Record<string, string[]>> => {
    rmSync(join(folder, 'smtp'), { recursive: true, force: true });
    rmSync(join(folder, 'imcdata'), { recursive: true, force: true });
    for (const name of ['smtp/Pickup', 'imcdata/Pickup']) mkdirSync(join(folder, name), { recursive: true });
    const file = join(folder, 'mailroot.yaml');
    writeFileSync(file, JSON.stringify({ ...(useExchange !== undefined && { useExchange }), servers }));
    const { code, stderr } = await runMailroot(['script', '--config', file, script]);
    assert.equal(code, 0, stderr);
    const subjects = (name: string): string[] =>
      readdirSync(join(folder, name, 'Pickup'))
        .map((file) =>
          /^Subject: (.*)$/m.exec(readFileSync(join(folder, name, 'Pickup', file), 'utf8'))![1]!.trim(),
        )
        .sort();
    return { smtp: subjects('smtp'), exchange: subjects('imcdata') };
  };
  const smtp = { mailroot: 'smtp', listen: [] };
  const exchange = { mailroot: 'imcdata', layout: 'exchange-ims', listen: [] };

  it('decides which Pickup folder CDONTS writes to; CDO always writes to that of the SMTP service', async () => {
    const both = { smtp, exchange };
    assert.deepEqual(await run(true, both), { smtp: ['by CDO'], exchange: ['by CDONTS'] });
    assert.deepEqual(await run(false, both), { smtp: ['by CDO', 'by CDONTS'], exchange: [] });
    assert.deepEqual(await run(undefined, both), { smtp: ['by CDO', 'by CDONTS'], exchange: [] });
    assert.deepEqual(await run(undefined, { exchange }), { smtp: [], exchange: ['by CDO', 'by CDONTS'] });
  });

  it('is refused where it would send mail to a folder that nobody serves', () => {
    const problems = (settings: RawSettings): string => {
      const loaded = loadConfig(JSON.stringify(settings), '/etc/mailroot.yaml');
      return loaded.ok ? '' : loaded.problems.map(({ path, text }) => `${path}: ${text}`).join('\n');
    };
    assert.match(problems({ useExchange: true }), /^useExchange: no server has 'layout: exchange-ims'/);
    assert.match(problems({ useExchange: false, servers: { exchange } }), /^useExchange: every server has/);
    assert.equal(problems({ useExchange: true, servers: { exchange } }), '');
    assert.match(
      problems({ servers: { a: smtp, b: { ...smtp, layout: 'exchange-ims' } } }),
      /their 'layout' must be the same/,
    );
  });
});
