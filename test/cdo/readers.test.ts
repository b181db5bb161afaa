/**
 * Mail written by these objects goes through the real relay to a real Postfix and is read back by two parsers that share
 * nothing with ours: Python's email package and npm's mailparser.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ParsedMail, simpleParser } from 'mailparser';
import { CdoError, Message, type ProfileName, standardHost } from '../../src/cdo/index.ts';
import { NewMail } from '../../src/cdonts/index.ts';
import { PostfixMailbox } from '../support/postfix.ts';
import { type ForeignPart, foreignField, parsedByPython } from '../support/python-mail.ts';
import { RelayProcess } from '../support/relay-process.ts';

type Case = {
  readonly id: string;
  readonly profile: ProfileName;
  readonly charset?: string;
  readonly subject: string;
  readonly name: string;
  readonly text: string;
  readonly html?: string;
  readonly files?: readonly { readonly fileName: string; readonly content: Buffer }[];
  readonly way?: 'smtp';
};

const TEN_MB = Buffer.alloc(10 * 1024 * 1024);
for (let at = 0; at < TEN_MB.length; at += 1) TEN_MB[at] = (at * 2654435761) >>> 24;

const LATIN = 'Grüße aus Köln, ça va? ¿Qué tal?';
const JAPANESE = '日本語の本文です。ご注文ありがとうございます。';
const ARABIC = 'مرحبا بالعالم، شكرا على طلبك';
const FILES = [
  { fileName: 'empty.bin', content: Buffer.alloc(0) },
  { fileName: 'one.bin', content: Buffer.from([0xff]) },
  { fileName: 'say "hi"; bye.txt', content: Buffer.from('quotes and semicolons') },
  { fileName: 'smile 😀 日本.dat', content: Buffer.from([0, 1, 2, 3]) },
];

const CASES: readonly Case[] = [
  { id: 'latin-standards', profile: 'standards', subject: LATIN, name: 'Jürgen "J" Groß', text: LATIN },
  {
    id: 'latin-original',
    profile: 'windows-2016',
    charset: 'iso-8859-1',
    subject: LATIN,
    name: 'Jürgen',
    text: LATIN,
  },
  {
    id: 'latin-2000',
    profile: 'windows-2000',
    charset: 'windows-1252',
    subject: LATIN,
    name: 'Jürgen',
    text: LATIN,
    html: `<p>${LATIN}</p>`,
  },
  {
    id: 'utf8-original',
    profile: 'windows-2016',
    charset: 'utf-8',
    subject: `${ARABIC} 😀`,
    name: 'مرحبا',
    text: `${ARABIC}\r\n😀`,
  },
  {
    id: 'japanese-jis',
    profile: 'windows-2016',
    charset: 'iso-2022-jp',
    subject: JAPANESE,
    name: '山田',
    text: JAPANESE,
  },
  {
    id: 'japanese-sjis',
    profile: 'windows-2003',
    charset: 'shift-jis',
    subject: JAPANESE,
    name: '山田',
    text: JAPANESE,
  },
  {
    id: 'japanese-standards',
    profile: 'standards',
    subject: JAPANESE.repeat(5),
    name: '山田',
    text: JAPANESE.repeat(50),
    html: `<p>${JAPANESE}</p>`,
  },
  {
    id: 'arabic-standards',
    profile: 'standards',
    subject: ARABIC,
    name: ARABIC,
    text: ARABIC,
    html: `<p dir="rtl">${ARABIC}</p>`,
  },
  {
    id: 'files-standards',
    profile: 'standards',
    subject: 'files',
    name: 'Lee, Ann',
    text: 'see files',
    files: FILES,
  },
  {
    id: 'files-original',
    profile: 'windows-2016',
    subject: 'files',
    name: 'Lee, Ann',
    text: 'see files',
    html: '<p>see files</p>',
    files: FILES,
  },
  {
    id: 'ten-megabytes',
    profile: 'standards',
    subject: 'large',
    name: 'Bob',
    text: 'large',
    files: [{ fileName: 'large.bin', content: TEN_MB }],
  },
  {
    id: 'dots-and-lines',
    profile: 'standards',
    subject: 'dots',
    name: 'Bob',
    text: `.\r\n..\r\n.x\r\n${'long '.repeat(400)}\r\nend`,
  },
  {
    id: 'by-smtp',
    profile: 'standards',
    subject: 'by SMTP ü',
    name: 'Bob',
    text: `.\r\n${LATIN}`,
    way: 'smtp',
  },
];

describe('mail of the objects, through the relay and Postfix, read by other parsers', () => {
  let postfix: PostfixMailbox;
  let relay: RelayProcess;
  const arrived = new Map<string, Buffer>();
  const foreign = new Map<string, ForeignPart>();

  before(async () => {
    postfix = await PostfixMailbox.start(['shop.test'], {
      settings: ['message_size_limit = 0', 'virtual_mailbox_limit = 0'],
    });
    relay = await RelayProcess.start([
      '--smart-host',
      `[127.0.0.1]:${postfix.instance.port}`,
      '--listen',
      '127.0.0.1:0',
      '--fqdn',
      'relay.test',
    ]);
    for (const item of CASES) await compose(item).then((message) => message.send());
    const places = { pickupFolder: relay.pickup };
    const mail = new NewMail({ host: standardHost(), places });
    mail.addHeader('X-Case', 'cdonts');
    await mail.send('"Shop" <shop@shop.test>', 'cdonts@shop.test', 'CDONTS ü', 'body ü');
    for (const text of await postfix.reached(CASES.length + 1)) {
      const id = /^X-Case: (.*)\r?$/m.exec(text)?.[1]?.trim();
      arrived.set(id ?? '', Buffer.from(text, 'latin1'));
    }
    const ids = [...arrived.keys()];
    parsedByPython([...arrived.values()]).forEach((part, index) => {
      foreign.set(ids[index]!, part);
    });
  });
  after(async () => {
    await relay.dispose();
    postfix.stop();
  });

  async function compose(item: Case): Promise<Message> {
    const host = standardHost({ profile: item.profile });
    const message = new Message({
      host,
      configuration:
        item.way === 'smtp'
          ? { sendUsing: 'port', smtpServer: '127.0.0.1', smtpServerPort: relay.smtpPort }
          : { sendUsing: 'pickup', smtpServerPickupDirectory: relay.pickup },
    });
    if (item.charset !== undefined) message.bodyPart.charset = item.charset;
    message.from = 'shop@shop.test';
    message.to = `"${item.name.replace(/["\\]/g, '\\$&')}" <${item.id}@shop.test>`;
    message.subject = item.subject;
    message.textBody = item.text;
    if (item.html !== undefined) message.htmlBody = item.html;
    for (const part of [message.textBodyPart, message.htmlBodyPart])
      if (part !== undefined && item.charset !== undefined) part.charset = item.charset;
    for (const file of item.files ?? [])
      await message.addAttachment({ ...file, contentType: 'application/octet-stream' });
    message.fields.set('urn:schemas:mailheader:X-Case', item.id).update();
    return message;
  }

  const leaves = (part: ForeignPart): ForeignPart[] =>
    part.parts === undefined ? [part] : part.parts.flatMap((child) => leaves(child));

  /** Python's text has no line end at the end; SMTP adds one. */
  const trimmed = (text: string): string => text.replace(/(\r?\n)+$/, '').replaceAll('\r\n', '\n');

  for (const item of CASES) {
    it(`Python reads '${item.id}' as it was written`, () => {
      const root = foreign.get(item.id);
      assert.equal(foreignField(root!.headers, 'Subject'), item.subject);
      // Python undoes encoded words but not quotes.
      const to = foreignField(root!.headers, 'To')!.replace(/\\(.)/g, '$1');
      assert.ok(to.includes(item.name), to);
      const parts = leaves(root!);
      for (const part of [root!, ...parts]) assert.deepEqual(part.defects, []);
      const text = parts.find((part) => part.type === 'text/plain')!;
      const decoder = new TextDecoder(text.charset === 'us-ascii' ? 'utf-8' : (text.charset ?? 'utf-8'));
      assert.equal(trimmed(decoder.decode(text.content)), trimmed(item.text));
      const files = parts.filter((part) => part.headers.some(([, value]) => value.startsWith('attachment')));
      assert.deepEqual(
        files.map((file) => file.content!.length),
        (item.files ?? []).map((file) => file.content.length),
      );
      files.forEach((file, index) => {
        assert.ok(file.content!.equals(item.files![index]!.content));
      });
    });

    it(`mailparser reads '${item.id}' as it was written`, async () => {
      const mail: ParsedMail = await simpleParser(arrived.get(item.id)!);
      assert.equal(mail.subject, item.subject);
      assert.deepEqual(
        mail.to!.value.map((to) => [to.name, to.address]),
        [[item.name, `${item.id}@shop.test`]],
      );
      assert.equal(trimmed(mail.text!), trimmed(item.text));
      if (item.html !== undefined) assert.equal(trimmed(mail.html as string), item.html);
      assert.deepEqual(
        mail.attachments.map((file) => file.filename),
        (item.files ?? []).map((file) => file.fileName),
      );
      mail.attachments.forEach((file, index) => {
        assert.ok(file.content.equals(item.files![index]!.content), file.filename);
      });
    });

    it(`Message reads '${item.id}' as it was written`, () => {
      const mail = Message.from(arrived.get(item.id)!);
      assert.equal(mail.subject, item.subject);
      assert.equal(trimmed(mail.textBody), trimmed(item.text));
      assert.equal(trimmed(mail.htmlBody), item.html ?? '');
      assert.deepEqual(
        [...mail.attachments].map((part) => part.fileName),
        (item.files ?? []).map((file) => file.fileName),
      );
    });
  }

  it('a server whose certificate cannot be verified is not spoken to, on the error number of the original', async () => {
    for (const tlsMode of ['starttls', 'implicit'] as const) {
      const message = new Message({
        configuration: {
          sendUsing: 'port',
          smtpServer: '127.0.0.1',
          smtpServerPort: relay.smtpPort,
          smtpUseSsl: true,
          smtpConnectionTimeoutSeconds: 5,
          tlsMode,
        },
        from: 'a@shop.test',
        to: 'nobody@shop.test',
      });
      await assert.rejects(message.send(), (error: unknown) => {
        assert.ok(error instanceof CdoError);
        assert.equal(error.code, 'CDO_E_FAILED_TO_CONNECT');
        assert.notEqual(error.hint, undefined);
        return true;
      });
    }
  });

  it('a mail of CDONTS arrives too', async () => {
    const mail = await simpleParser(arrived.get('cdonts')!);
    assert.equal(mail.subject, 'CDONTS ü');
    assert.equal(trimmed(mail.text!), 'body ü');
  });
});
