/**
 * The pages of the documents that Mailroot began with, over HTTP and with a relay behind them: as printed, step by step as the
 * doctor mends them, and mended, with the mail that arrives. The documents' other halves (services, rights, DNS) are in
 * test/doctor/documents.test.ts.
 *
 * test/asp/sources: `basic-*` and `remote-*` are the two samples of the migration checklist for IIS 7, `-printed` as they stand
 * there: on one line, with curly quotation marks and https names. Q306957 and Q260985 tell of pages with CDONTS and Q198022 of a
 * text file in Pickup, and print none: cdonts.asp and text-file.asp are the shortest such pages.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { scanTree } from '../../src/doctor/index.ts';
import { RelayProcess, runMailroot } from '../support/relay-process.ts';
import { SinkServer } from '../support/sink-server.ts';
import { RealSite } from './support/real-site.ts';

const FOLDER = join(import.meta.dirname, 'sources');
/** User and group of nobody. */
const NOBODY = 65_534;
const EVERYBODY_LISTENS = { listens: async () => true };

const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** Kinds of fault that the scan finds in one page of the documents, in order of line. */
async function faultsOf(name: string): Promise<string[]> {
  const { faults } = await scanTree(join(FOLDER, name), EVERYBODY_LISTENS);
  return faults.map(({ kind }) => kind).sort();
}

describe('the pages of the documents', () => {
  let sink: SinkServer;
  let relay: RelayProcess;
  let site: RealSite;
  before(async () => {
    sink = await SinkServer.start();
    relay = await RelayProcess.start(['--listen', '127.0.0.1:0', '--smart-host', `127.0.0.1:${sink.port}`]);
    site = await RealSite.start({}, { pickup: relay.pickup });
    // The host of the document is not here; the port is told beside it, as the document says that it can be.
    for (const name of readdirSync(FOLDER))
      site.write(
        name,
        read(name).replace(
          /^(.*)smtpserver("\) = .)smtp\.contoso\.com(.)$/m,
          `$1smtpserver$2127.0.0.1$3\n$1smtpserverport") = ${sink.port}`,
        ),
      );
  });
  after(async () => {
    await site?.stop();
    await relay?.dispose();
    await sink?.stop();
  });

  const ask = async (name: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${site.url}${name}`);
    return { status: response.status, text: (await response.text()).trim() };
  };

  /** Asks for a page that sends; gives the message that arrives. */
  async function sends(name: string): Promise<string> {
    const before = sink.messages.length;
    assert.deepEqual(await ask(name), { status: 200, text: 'sent' });
    await sink.reached(before + 1);
    const { sender, recipients, content } = sink.messages[before]!;
    assert.deepEqual([sender, recipients], ['robot@contoso.com', ['user@contoso.com']]);
    return String(content);
  }

  /** Asks for a page that fails before it sends anything. */
  async function fails(name: string, code: string, description: string, line: number): Promise<string> {
    const before = sink.messages.length;
    const { status, text } = await ask(name);
    assert.equal(status, 500);
    const plain = text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    assert.match(
      plain,
      new RegExp(`Microsoft VBScript compilation error '${code}' ${description} /${name} , line ${line}`),
    );
    assert.equal(sink.messages.length, before);
    return plain;
  }

  describe('the first sample of the checklist', () => {
    test('as printed it is one line: it does not compile, and the scan says where lines belong', async () => {
      const shown = await fails('basic-printed.asp', '800a0401', 'Expected end of statement', 2);
      assert.match(shown, /-{39}\^/, 'below the place where the second statement begins');
      assert.deepEqual(await faultsOf('basic-printed.asp'), ['run-together']);
    });

    test('on lines of its own it runs, and its mail goes through Pickup', async () => {
      assert.deepEqual(await faultsOf('basic-lines.asp'), []);
      const mail = await sends('basic-lines.asp');
      assert.match(mail, /^Subject: CDOSYS Email\r$/m);
      assert.match(mail, /^This message is using CDOSYS\.\r$/m);
      assert.match(
        mail,
        /^Received: from [^\n]* with Microsoft SMTPSVC|^Received: /m,
        'the relay sent it on',
      );
    });
  });

  describe('the second sample of the checklist', () => {
    test('as printed it does not compile, and the scan finds all three reasons', async () => {
      await fails('remote-printed.asp', '800a0401', 'Expected end of statement', 2);
      assert.deepEqual(await faultsOf('remote-printed.asp'), [
        'https-schema',
        'run-together',
        'typographic-quotes',
      ]);
    });

    test('on lines of its own the curly marks are left over', async () => {
      await fails('remote-lines.asp', '800a0408', 'Invalid character', 7);
      assert.deepEqual(await faultsOf('remote-lines.asp'), [
        'https-schema',
        'https-schema',
        'typographic-quotes',
      ]);
    });

    test('with plain marks it runs. Windows took the https names for others and the mail to Pickup; here they count, with a warning', async () => {
      assert.deepEqual(await faultsOf('remote-quotes.asp'), ['https-schema', 'https-schema']);
      const direct = sink.messages.length;
      await sends('remote-quotes.asp');
      assert.doesNotMatch(String(sink.messages[direct]!.content), /^Received: /m, 'not through the relay');
      const warnings = site.told('asp.page-warning');
      assert.deepEqual(
        warnings.map(({ file, line }) => `${file} ${line}`),
        ['/remote-quotes.asp 6', '/remote-quotes.asp 7', '/remote-quotes.asp 8'],
      );
      assert.match(String(warnings[0]!['reason']), /https:\S+sendusing' was read as 'http:\S+'. Write http:/);
      await sends('remote-quotes.asp');
      assert.equal(site.told('asp.page-warning').length, 3, 'each place is told once');
    });

    test('with http names Update is left; mail is sent without it', async () => {
      assert.deepEqual(await faultsOf('remote-names.asp'), ['update-missing']);
      await sends('remote-names.asp');
    });

    test('mended as the doctor says it is without fault, and its mail goes to the server that it names', async () => {
      assert.deepEqual(await faultsOf('remote-fixed.asp'), []);
      const before = sink.messages.length;
      const mail = await sends('remote-fixed.asp');
      assert.doesNotMatch(mail, /^Received: /m);
      assert.match(mail, /^Subject: CDOSYS Email\r$/m);
      assert.equal(sink.messages.length, before + 1);
      assert.ok(!site.told('asp.page-warning').some(({ file }) => file === '/remote-fixed.asp'));
    });
  });

  describe('Q198022: text files in Pickup', () => {
    test('a page that writes one sends it', async () => {
      const mail = await sends('text-file.asp');
      assert.match(mail, /^Subject: Text file\r\n(?:.+\r\n)*\r\nThis message is a file\.\r\n/m);
    });

    test('the page with CDONTS that the document tells of does, too', async () => {
      const mail = await sends('cdonts.asp');
      assert.match(mail, /^Subject: CDONTS Email\r$/m);
      assert.match(mail, /^This message is using CDONTS\.\r$/m);
    });

    test('newer Windows has no CDONTS: the scan says so, and nothing of the page that took its place', async () => {
      assert.deepEqual(await faultsOf('cdonts.asp'), ['object-missing']);
      assert.deepEqual(await faultsOf('cdonts-replaced.asp'), []);
      assert.match(await sends('cdonts-replaced.asp'), /^This message is using CDONTS\.\r$/m);
    });
  });

  test('Q306957: what CDONTS puts into the Pickup of Exchange stays there, until its folder is the one that is served', async () => {
    const imcdata = join(site.top, 'imcdata');
    const exchangePickup = join(imcdata, 'Pickup');
    mkdirSync(exchangePickup, { recursive: true });
    const exchange = await RealSite.start(
      { 'cdonts.asp': read('cdonts.asp') },
      { pickup: relay.pickup, exchangePickup },
    );
    const before = sink.messages.length;
    try {
      assert.equal((await (await fetch(`${exchange.url}cdonts.asp`)).text()).trim(), 'sent');
      assert.equal(messagesIn(exchangePickup).length, 1, 'the symptom: it remains in the folder');
      const config = join(site.top, 'ims.yaml');
      writeFileSync(
        config,
        `layout: exchange-ims\nmailroot: ${imcdata}\nlisten: []\ndelivery: { smartHost: "[127.0.0.1]:${sink.port}" }\n`,
      );
      const ims = await RelayProcess.start(['--config', config], imcdata);
      try {
        await sink.reached(before + 1);
        assert.match(String(sink.messages[before]!.content), /^Subject: CDONTS Email\r$/m);
        assert.equal((await (await fetch(`${exchange.url}cdonts.asp`)).text()).trim(), 'sent');
        await sink.reached(before + 2);
      } finally {
        await ims.kill();
      }
    } finally {
      await exchange.stop();
    }
  });

  test('Q260985: without the right to add files a page with CDONTS fails with Permission denied, and sends once it has it', async () => {
    const denied = await RealSite.start({ 'cdonts.asp': read('cdonts.asp') });
    const isRoot = process.geteuid?.() === 0;
    const become = (user: number): void => {
      if (!isRoot) return;
      // The group while it may be changed.
      if (user !== 0) process.setegid!(user);
      process.seteuid!(user);
      if (user === 0) process.setegid!(user);
    };
    // A page runs as its process: the web account of the document is this process without its rights.
    const asWebAccount = async (): Promise<string> => {
      become(NOBODY);
      try {
        return (await (await fetch(`${denied.url}cdonts.asp`)).text())
          .replace(/<[^>]*>/g, ' ')
          .replace(/\s+/g, ' ');
      } finally {
        become(0);
      }
    };
    try {
      // What the page needs is loaded with the rights of the server.
      assert.match(await (await fetch(`${denied.url}cdonts.asp`)).text(), /sent/);
      chmodSync(denied.top, 0o755);
      const [first] = messagesIn(denied.pickup);
      chmodSync(denied.pickup, isRoot ? 0o700 : 0o500);
      const told = await asWebAccount();
      assert.match(told, / error '800a0046' Permission denied \/cdonts\.asp , line 3/);
      if (isRoot) {
        const cured = await runMailroot([
          'setup-permissions',
          '--mailroot',
          denied.top,
          '--submitter',
          'nobody',
        ]);
        assert.equal(cured.code, 0, cured.stderr);
      } else chmodSync(denied.pickup, 0o700);
      assert.match(await asWebAccount(), /sent/);
      const names = messagesIn(denied.pickup);
      assert.equal(names.length, 2);
      assert.ok(names.includes(first!));
    } finally {
      await denied.stop();
    }
  });
});

function messagesIn(pickup: string): string[] {
  return readdirSync(pickup).filter((name) => !name.startsWith('.'));
}
