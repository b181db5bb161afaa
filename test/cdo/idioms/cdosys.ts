/** The idioms of the reference's lists D1 and D2, each as the statements of a script. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MISSING, Scalar, VT } from '../../../src/automation/index.ts';
import { Configuration, cdoConstants, DropDirectory, Message, selfOf } from '../../../src/cdo/index.ts';
import { C, script } from '../support.ts';
import type { IdiomBench } from './bench.ts';

export type Idiom = {
  readonly number: number;
  readonly name: string;
  readonly options?: ConstructorParameters<typeof IdiomBench>[0];
  readonly run: (b: IdiomBench) => void | Promise<void>;
};

const MAILHEADER = 'urn:schemas:mailheader:';
const HTTPMAIL = 'urn:schemas:httpmail:';
const constants = cdoConstants();

export const CDOSYS_IDIOMS: readonly Idiom[] = [
  { number: 1, name: 'bare-minimum', run: (b) => void b.message().call('Send') },
  {
    number: 1,
    name: 'bare-minimum-without-service',
    options: { fields: {} },
    run: (b) => b.fails(() => b.message().call('Send')),
  },
  {
    number: 2,
    name: 'progid-in-any-case',
    run: (b) => {
      const m = b.create('cdo.MESSAGE.1');
      m.put('from', 'a@x');
      m.put('to', 'b@y');
      m.call('send');
    },
  },
  {
    number: 3,
    name: 'configuration-one-liners',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      await b.usePort(m.of('Configuration').of('Fields'));
      await b.send(m);
    },
  },
  {
    number: 5,
    name: 'separate-configuration-by-set',
    options: { fields: {} },
    run: async (b) => {
      const c = b.create('CDO.Configuration');
      await b.usePort(c.of('Fields'));
      c.of('Fields').call('Update');
      const m = b.message();
      m.set('Configuration', c.object);
      await b.send(m);
    },
  },
  {
    number: 6,
    name: 'separate-configuration-without-set',
    options: { fields: {} },
    run: async (b) => {
      const c = b.create('CDO.Configuration');
      await b.usePort(c.of('Fields'));
      const m = b.message();
      m.put('Configuration', c.object);
      await b.send(m);
    },
  },
  {
    number: 7,
    name: 'aliased-fields-with-update',
    options: { fields: {} },
    run: async (b) => {
      const c = b.create('CDO.Configuration');
      const flds = c.of('Fields');
      await b.usePort(flds);
      flds.call('Update');
      b.note(`sendusing ${String(c.of('Fields').of('Item', `${C}sendusing`).get('Value'))}`);
      const m = b.message();
      m.set('Configuration', c.object);
      await b.send(m);
    },
  },
  {
    number: 8,
    name: 'update-omitted-strictly',
    options: { fields: {}, updates: 'strict' },
    run: async (b) => {
      const m = b.message();
      await b.usePort(m.of('Configuration').of('Fields'));
      await b.send(m);
    },
  },
  {
    number: 9,
    name: 'default-member-of-configuration',
    run: (b) => {
      const c = b.create('CDO.Configuration');
      c.put('', `${C}smtpserver`, 'mx.example.net');
      b.note(c.of('', `${C}smtpserver`).get(''));
      b.note(c.of('Fields', `${C}smtpserver`).get('Value'));
    },
  },
  {
    number: 10,
    name: 'explicit-value',
    run: (b) => {
      const c = b.create('CDO.Configuration');
      c.of('Fields', `${C}smtpserverport`).put('Value', 2525);
      b.note(c.of('Fields').of('Item', `${C}smtpserverport`).get('Value'));
    },
  },
  {
    number: 14,
    name: 'named-constants',
    options: { fields: {} },
    run: async (b) => {
      const server = await b.server();
      const c = b.create('CDO.Configuration');
      const f = c.of('Fields');
      f.put('Item', constants['cdoSendUsingMethod']!, constants['cdoSendUsingPort']!);
      f.put('Item', constants['cdoSMTPServer']!, '127.0.0.1');
      f.put('Item', constants['cdoSMTPServerPort']!, server.port);
      f.call('Update');
      const m = b.message();
      m.set('Configuration', c.object);
      await b.send(m);
    },
  },
  {
    number: 15,
    name: 'constants-that-are-empty',
    run: (b) => {
      const m = b.message();
      m.of('Configuration').of('Fields').put('Item', undefined, undefined);
      m.of('Configuration').of('Fields').call('Update');
      m.call('Send');
    },
  },
  {
    number: 18,
    name: 'values-in-odd-types',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      const server = await b.usePort(f);
      f.put('Item', `${C}sendusing`, '2');
      f.put('Item', `${C}smtpserverport`, String(server.port));
      f.put('Item', `${C}smtpconnectiontimeout`, '60');
      f.put('Item', `${C}smtpusessl`, 'False');
      f.put('Item', `${C}smtpauthenticate`, new Scalar(VT.integer, 0));
      b.fails(() => f.put('Item', `${C}smtpserverport`, 'twenty-five'));
      await b.send(m);
    },
  },
  {
    number: 19,
    name: 'authenticated-gateway',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      await b.usePort(f, { extensions: ['AUTH LOGIN'] });
      f.put('Item', `${C}smtpauthenticate`, 1);
      f.put('Item', `${C}sendusername`, 'user');
      f.put('Item', `${C}sendpassword`, 'secret');
      f.call('Update');
      b.note(`password reads back as '${String(f.of('Item', `${C}sendpassword`).get('Value') ?? '')}'`);
      await b.send(m);
    },
  },
  {
    number: 19,
    name: 'authentication-refused',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      await b.usePort(f, { extensions: ['AUTH LOGIN'], answers: { password: '535 5.7.8 bad password' } });
      f.put('Item', `${C}smtpauthenticate`, 1);
      f.put('Item', `${C}sendusername`, 'user');
      f.put('Item', `${C}sendpassword`, 'wrong');
      await b.send(m);
    },
  },
  {
    number: 19,
    name: 'authentication-not-offered',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      await b.usePort(f);
      f.put('Item', `${C}smtpauthenticate`, 1);
      f.put('Item', `${C}sendusername`, 'user');
      f.put('Item', `${C}sendpassword`, 'secret');
      await b.send(m);
    },
  },
  {
    number: 20,
    name: 'ntlm-without-account',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      await b.usePort(f);
      f.put('Item', `${C}smtpauthenticate`, 2);
      await b.send(m);
    },
  },
  {
    number: 21,
    name: 'explicit-pickup-through-path-mapping',
    options: { fields: {} },
    run: (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      f.put('Item', `${C}sendusing`, 1);
      f.put('Item', `${C}smtpserverpickupdirectory`, 'c:\\inetpub\\mailroot\\pickup');
      f.call('Update');
      b.fails(() => m.call('Send'));
    },
  },
  {
    number: 22,
    name: 'https-field-names',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      const server = await b.server();
      const https = C.replace('http:', 'https:');
      const f = m.of('Configuration').of('Fields');
      f.put('Item', `${https}sendusing`, 2);
      f.put('Item', `${https}smtpserver`, '127.0.0.1');
      f.put('Item', `${https}smtpserverport`, server.port);
      await b.send(m);
      const message = selfOf(m.object) as Message;
      for (const warning of message.configuration.warnings) b.note(warning.message);
    },
  },
  {
    number: 22,
    name: 'https-field-names-as-the-original-took-them',
    options: { httpsNames: 'ignore' },
    run: (b) => {
      const m = b.message();
      m.of('Configuration')
        .of('Fields')
        .put('Item', `${C.replace('http:', 'https:')}sendusing`, 2);
      m.call('Send');
    },
  },
  {
    number: 24,
    name: 'with-block-html',
    run: (b) => {
      const m = b.create('CDO.Message');
      m.put('To', 'ann@example.net');
      m.put('From', 'shop@example.com');
      m.put('HTMLBody', '<html><body><h1>Hello</h1><p>Thanks for <b>your</b> order.</p></body></html>');
      m.call('Send');
    },
  },
  {
    number: 26,
    name: 'server-refuses-recipient',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      await b.usePort(m.of('Configuration').of('Fields'), { answers: { RCPT: '550 5.7.1 Unable to relay' } });
      await b.send(m);
    },
  },
  {
    number: 26,
    name: 'server-refuses-sender',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      await b.usePort(m.of('Configuration').of('Fields'), { answers: { MAIL: '501 5.1.7 bad sender' } });
      await b.send(m);
    },
  },
  {
    number: 26,
    name: 'server-refuses-the-message',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      await b.usePort(m.of('Configuration').of('Fields'), { answers: { '.': '554 5.6.0 not wanted' } });
      await b.send(m);
    },
  },
  {
    number: 27,
    name: 'error-numbers-of-missing-parts',
    options: { fields: { sendusing: 2 } },
    run: (b) => {
      const m = b.create('CDO.Message');
      b.fails(() => m.call('Send'));
      m.of('Configuration').of('Fields').put('Item', `${C}smtpserver`, 'mx');
      b.fails(() => m.call('Send'));
      m.put('From', 'a@x');
      b.fails(() => m.call('Send'));
      m.of('Configuration').of('Fields').put('Item', `${C}SMTPServer`, 'mx');
      b.note((selfOf(m.object) as Message).configuration.warnings[0]?.message);
    },
  },
  {
    number: 29,
    name: 'one-object-per-loop-turn',
    run: (b) => {
      for (const to of ['a@x.de', 'b@x.de']) {
        const m = b.message();
        m.put('To', to);
        m.call('Send');
      }
    },
  },
  {
    number: 30,
    name: 'one-message-sent-again',
    run: (b) => {
      const m = b.message();
      for (const to of ['a@x.de', 'b@x.de']) {
        m.put('To', to);
        m.call('Send');
      }
    },
  },
  {
    number: 31,
    name: 'one-configuration-for-many',
    options: { fields: {} },
    run: async (b) => {
      const c = b.create('CDO.Configuration');
      await b.usePort(c.of('Fields'));
      c.of('Fields').call('Update');
      for (const to of ['a@x.de', 'b@x.de']) {
        const m = b.message();
        m.set('Configuration', c.object);
        m.put('To', to);
        await b.send(m);
      }
    },
  },
  {
    number: 32,
    name: 'bodies-read-and-written-again',
    run: (b) => {
      const m = b.message('first\nsecond');
      m.put('TextBody', `${String(m.get('TextBody'))}\r\nthird`);
      b.note(JSON.stringify(m.get('TextBody')));
      m.call('Send');
    },
  },
  {
    number: 34,
    name: 'form-fields-with-line-ends',
    run: (b) => {
      const m = b.message();
      m.put('Subject', 'Contact\r\nBcc: victim@example.com\r\n\r\nforged');
      m.put('ReplyTo', 'a@x\r\nX-Forged: yes');
      m.call('Send');
    },
  },
  {
    number: 35,
    name: 'attachment-by-path',
    run: (b) => {
      const m = b.message();
      m.call('AddAttachment', b.file('a.pdf', Buffer.from('%PDF-1.4\n\xff', 'latin1')));
      m.call('AddAttachment', b.file('readme.txt', 'plain text\r\n'));
      b.fails(() => m.call('AddAttachment', join(b.folder, 'missing.pdf')));
      b.fails(() => m.call('AddAttachment', 'relative.pdf'));
      m.call('Send');
    },
  },
  {
    number: 35,
    name: 'attachment-without-body',
    run: (b) => {
      const m = b.message(null);
      m.call('AddAttachment', b.file('data.zip', Buffer.from([80, 75, 3, 4])));
      m.call('Send');
    },
  },
  {
    number: 36,
    name: 'attachment-of-a-url',
    run: async (b) => {
      const message = new Message({ host: b.host, from: 'a@x', to: 'b@y', subject: 's', textBody: 't' });
      await message.addAttachment('http://host.example/report.asp?id=3');
      await message.send();
    },
  },
  {
    number: 37,
    name: 'whole-page',
    run: async (b) => {
      const message = new Message({ host: b.host, from: 'a@x', to: 'b@y', subject: 'News' });
      await message.createMhtmlBody('http://host.example/news.htm');
      await message.send();
    },
  },
  {
    number: 37,
    name: 'whole-page-from-disk-without-images',
    run: (b) => {
      b.file('logo.gif', 'GIF89a');
      const m = b.message(null);
      m.call(
        'CreateMHTMLBody',
        `file://${b.file('p.htm', '<p>page</p><img src="logo.gif">')}`,
        constants['cdoSuppressImages']!,
      );
      m.call('Send');
    },
  },
  {
    number: 38,
    name: 'inline-image',
    run: (b) => {
      const m = b.message(null);
      m.put('HTMLBody', '<img src="cid:logo.gif">');
      const bp = script(
        m.call(
          'AddRelatedBodyPart',
          b.file('logo.gif', 'GIF89a'),
          'logo.gif',
          constants['cdoRefTypeId']!,
        ) as never,
      );
      bp.of('Fields').put('Item', 'urn:schemas:mailheader:Content-ID', '<logo.gif>');
      bp.of('Fields').call('Update');
      m.call('Send');
    },
  },
  {
    number: 39,
    name: 'inline-image-by-location',
    run: (b) => {
      const m = b.message(null);
      m.put('HTMLBody', '<img src="logo.gif">');
      m.call('AddRelatedBodyPart', b.file('logo.gif', 'GIF89a'), 'logo.gif', 1);
      m.call('Send');
    },
  },
  {
    number: 40,
    name: 'charset-of-all-parts',
    run: (b) => {
      const m = b.message(null);
      m.put('Subject', 'Grüße');
      m.of('BodyPart').put('Charset', 'utf-8');
      m.put('HTMLBody', '<p>Grüße</p>');
      m.of('HTMLBodyPart').put('Charset', 'utf-8');
      m.of('TextBodyPart').put('Charset', 'utf-8');
      m.call('Send');
    },
  },
  {
    number: 40,
    name: 'charset-set-behind-the-text',
    run: (b) => {
      const m = b.message('Grüße aus Köln');
      m.of('TextBodyPart').put('Charset', 'iso-8859-1');
      m.call('Send');
      b.note(String(m.get('HTMLBodyPart') === undefined));
    },
  },
  {
    number: 40,
    name: 'charset-of-chinese-subject',
    run: (b) => {
      const m = b.message('你好');
      m.of('BodyPart').put('Charset', 'gb2312');
      m.put('Subject', '订单已经收到，我们会尽快为您处理，谢谢您的支持，请耐心等待我们的回复');
      m.call('Send');
    },
  },
  {
    number: 40,
    name: 'no-charset-with-umlauts',
    run: (b) => {
      const m = b.message('Grüße');
      m.put('Subject', 'Grüße');
      m.call('Send');
    },
  },
  {
    number: 41,
    name: 'priority-trio',
    run: (b) => {
      const m = b.message();
      const f = m.of('Fields');
      f.put('Item', `${HTTPMAIL}importance`, 2);
      f.put('Item', `${HTTPMAIL}priority`, 1);
      f.put('Item', `${MAILHEADER}X-Priority`, 1);
      f.put('Item', `${MAILHEADER}X-MSMail-Priority`, 'High');
      f.call('Update');
      m.call('Send');
    },
  },
  {
    number: 42,
    name: 'custom-header',
    run: (b) => {
      const m = b.message();
      m.put('Fields', 'urn:schemas:mailheader:X-Source', 'web');
      m.of('Fields').call('Update');
      m.call('Send');
    },
  },
  {
    number: 43,
    name: 'custom-header-by-append',
    run: (b) => {
      const m = b.message();
      m.of('Fields').call('Append', `${MAILHEADER}X-A`, 8, 50, MISSING, 'v');
      m.of('Fields').call('Update');
      m.call('Send');
    },
  },
  {
    number: 44,
    name: 'receipts',
    run: (b) => {
      const m = b.message();
      m.put('DSNOptions', constants['cdoDSNSuccessFailOrDelay']!);
      m.put('MDNRequested', true);
      m.put('Fields', constants['cdoDispositionNotificationTo']!, 'shop@example.com');
      m.put('Fields', constants['cdoReturnReceiptTo']!, 'shop@example.com');
      m.of('Fields').call('Update');
      m.call('Send');
    },
  },
  {
    number: 44,
    name: 'receipts-over-smtp',
    options: { fields: {} },
    run: async (b) => {
      const m = b.message();
      await b.usePort(m.of('Configuration').of('Fields'), { extensions: ['DSN'] });
      m.put('DSNOptions', 14);
      m.put('MDNRequested', true);
      await b.send(m);
    },
  },
  {
    number: 45,
    name: 'display-names',
    run: (b) => {
      for (const from of ['"Shop" <a@x>', 'Shop <a@x>', 'a@x (Shop)', 'a@x', 'Anonymous']) {
        const m = b.message();
        m.put('From', from);
        b.note(m.get('From'));
        m.call('Send');
      }
    },
  },
  {
    number: 46,
    name: 'recipient-lists',
    run: (b) => {
      const m = b.message();
      m.put('To', 'a@x,b@x');
      m.put('CC', 'c@x; d@x;');
      m.put('BCC', '"Lee, Ann" <e@x>, ');
      b.note(m.get('To'));
      b.note(m.get('CC'));
      b.note(m.get('BCC'));
      m.call('Send');
      m.put('CC', '');
      m.put('BCC', '');
      m.call('Send');
    },
  },
  {
    number: 47,
    name: 'generated-text-turned-off',
    run: (b) => {
      const m = b.message(null);
      m.put('AutoGenerateTextBody', false);
      m.put('MimeFormatted', true);
      m.put('HTMLBody', '<p>only HTML</p>');
      m.call('Send');
    },
  },
  {
    number: 47,
    name: 'text-and-html-of-one-s-own',
    run: (b) => {
      const m = b.message('my text');
      m.put('HTMLBody', '<p>my HTML</p>');
      m.call('Send');
    },
  },
  {
    number: 47,
    name: 'uuencoded-attachments',
    run: (b) => {
      const m = b.message('text before');
      m.call('AddAttachment', b.file('a.bin', Buffer.from([0, 1, 2, 3, 4])));
      m.put('MimeFormatted', false);
      m.call('Send');
    },
  },
  {
    number: 48,
    name: 'save-a-copy',
    run: (b) => {
      const m = b.message();
      const path = join(b.folder, 'x.eml');
      m.of('GetStream').call('SaveToFile', path, 2);
      b.note(JSON.stringify(b.read(path)));
      b.fails(() => m.of('GetStream').call('SaveToFile', path));
    },
  },
  {
    number: 49,
    name: 'load-and-send',
    run: (b) => {
      const path = b.file(
        'in.eml',
        'From: <a@x>\r\nTo: <b@y>\r\nSubject: loaded\r\nDate: Mon, 3 Mar 2014 09:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\nloaded text\r\n',
      );
      const s = b.create('ADODB.Stream');
      s.call('Open');
      s.put('Type', 2);
      s.put('Charset', 'us-ascii');
      s.call('LoadFromFile', path);
      const m = b.create('CDO.Message');
      m.of('DataSource').call('OpenObject', s.object, constants['cdoAdoStream']!);
      b.note(m.get('Subject'));
      m.call('Send');
    },
  },
  {
    number: 50,
    name: 'page-as-archive-without-mail',
    run: async (b) => {
      const message = new Message({ host: b.host });
      await message.createMhtmlBody('http://host.example/news.htm');
      b.note(JSON.stringify(message.toBuffer().toString('latin1')));
    },
  },
  {
    number: 51,
    name: 'drop-folder-reader',
    run: (b) => {
      for (const name of ['2.eml', '1.eml', 'x.txt'])
        writeFileSync(
          join(b.drop, name),
          `x-sender: s@x\r\nx-receiver: r@x\r\nFrom: <s@x>\r\nSubject: ${name}\r\n\r\nbody of ${name}`,
        );
      const messages = script(b.create('CDO.DropDirectory').call('GetMessages', b.drop) as never);
      for (const message of { [Symbol.iterator]: () => messages.object.enumerate!() }) {
        const m = script(message as never);
        b.note(
          `${String(m.get('Subject'))}: ${String(m.get('TextBody'))} from ${String(m.get('From'))} for ${String(m.of('Fields', `${MAILHEADER}x-receiver`).get(''))}`,
        );
      }
      messages.call('Delete', 1);
      b.note(messages.get('Count'));
      messages.call('DeleteAll');
      b.note(messages.get('Count'));
    },
  },
  {
    number: 52,
    name: 'attachments-saved',
    run: (b) => {
      const m = b.message();
      m.call('AddAttachment', b.file('a.bin', Buffer.from([0, 255, 10])));
      for (const part of { [Symbol.iterator]: () => m.of('Attachments').object.enumerate!() }) {
        const p = script(part as never);
        const path = join(b.folder, `saved-${String(p.get('FileName'))}`);
        p.call('SaveToFile', path);
        b.note(JSON.stringify(b.read(path)));
      }
    },
  },
  {
    number: 54,
    name: 'decoys-have-no-effect',
    run: (b) => {
      const m = b.message();
      const f = m.of('Configuration').of('Fields');
      for (const name of ['smtpaccountname', 'sendemailaddress', 'languagecode', 'sendtls', 'smtpusetls'])
        f.put('Item', C + name, 'x');
      f.call('Update');
      m.call('Send');
    },
  },
  {
    number: 58,
    name: 'jscript-object-put',
    run: (b) => {
      const c = b.create('CDO.Configuration');
      const m = b.message();
      m.put('configuration', c.object);
      b.note(m.get('Configuration') === c.object);
    },
  },
  {
    number: 59,
    name: 'members-in-any-case',
    run: (b) => {
      const m = b.create('CDO.Message');
      m.put('to', 'ann@example.net');
      m.put('FROM', 'shop@example.com');
      m.put('textbody', 'text');
      m.of('fields').call('update');
      m.call('send');
    },
  },
  {
    number: 61,
    name: 'enumerator-over-attachments',
    run: (b) => {
      const m = b.message();
      m.call('AddAttachment', b.file('one.txt', '1'));
      m.call('AddAttachment', b.file('two.txt', '2'));
      const names: unknown[] = [];
      for (const e = m.of('Attachments').object.enumerate!(); ; ) {
        const next = e.next();
        if (next.done) break;
        names.push(script(next.value as never).get('FileName'));
      }
      b.note(names);
    },
  },
  {
    number: 62,
    name: 'error-number-is-a-signed-long',
    options: { fields: {} },
    run: (b) => {
      const m = b.message();
      try {
        m.call('Send');
      } catch (ex) {
        const { hresult } = ex as { hresult: number };
        b.note(`${hresult} ${hresult & 0xffff}`);
      }
    },
  },
  {
    number: 63,
    name: 'value-of-item-put-later',
    run: (b) => {
      const m = b.message();
      m.of('Configuration').of('Fields').of('Item', `${C}sendusing`).put('Value', 1);
      m.call('Send');
    },
  },
  {
    number: 65,
    name: 'load-defaults',
    run: (b) => {
      const c = b.create('CDO.Configuration');
      c.of('Fields').put('Item', `${C}smtpserver`, 'x');
      c.of('Fields').call('Update');
      c.call('Load', constants['cdoDefaults']!);
      b.note(c.of('Fields').get('Count'));
      c.call('Load', constants['cdoOutlookExpress']!);
      b.note(c.of('Fields').get('Count'));
      b.fails(() => c.call('Load', 7));
    },
  },
  {
    number: 49,
    name: 'typescript-open-change-save',
    run: async (b) => {
      const message = Message.from(
        Buffer.from('From: <a@x>\r\nTo: <b@y>\r\nX-Keep:  as it\r\n\tstood\r\nSubject: one\r\n\r\nbody'),
        {
          host: b.host,
          configuration: new Configuration(b.host),
        },
      );
      message.subject = 'two';
      await message.send();
    },
  },
  {
    number: 51,
    name: 'typescript-drop-folder',
    run: async (b) => {
      writeFileSync(join(b.drop, '1.eml'), 'From: <s@x>\r\nSubject: s\r\n\r\nbody');
      for await (const message of await new DropDirectory(b.host).getMessages()) b.note(message.subject);
    },
  },
  ...profiles(),
];

/** One message in each generation and in the standards profile. */
function profiles(): Idiom[] {
  return (
    ['windows-2000', 'windows-xp', 'windows-2003', 'windows-2008r2', 'windows-2012', 'standards'] as const
  ).map((profile) => ({
    number: 24,
    name: `html-with-attachment-${profile}`,
    options: { profile },
    run: (b) => {
      const m = b.message(null);
      m.put('Subject', 'Grüße');
      m.put(
        'HTMLBody',
        '<p>Dear Ann, thank you for your order of the twelfth of March, which we have received. Grüße</p><hr><table><tr><td>1</td><td>2</td></tr></table>',
      );
      m.call('AddAttachment', b.file('a.gif', 'GIF89a'));
      m.call('Send');
    },
  }));
}
