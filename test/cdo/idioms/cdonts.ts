/** The idioms of the reference's list D3. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MISSING, NOTHING } from '../../../src/automation/index.ts';
import { script } from '../support.ts';
import type { Idiom } from './cdosys.ts';

export const CDONTS_IDIOMS: readonly Idiom[] = [
  {
    number: 67,
    name: 'five-argument-send',
    run: (b) => void b.nts('CDONTS.NewMail').call('Send', 'a@x', 'b@y', 's', 'body', 1),
  },
  {
    number: 67,
    name: 'send-with-skipped-argument',
    run: (b) => void b.nts('CDONTS.NewMail').call('Send', 'a@x', 'b@y', 's', MISSING, 2),
  },
  {
    number: 69,
    name: 'property-style',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.put('From', 'a@x');
      m.put('To', 'b@y');
      m.put('Cc', 'c@y');
      m.put('Bcc', 'd@y');
      m.put('Subject', 's');
      m.put('Body', 'line one\r\n.dot line');
      m.call('Send');
    },
  },
  {
    number: 70,
    name: 'html-pair',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.put('BodyFormat', 0);
      m.put('MailFormat', 0);
      m.call('Send', 'a@x', 'b@y', 's', '<p>html</p>');
    },
  },
  {
    number: 70,
    name: 'undeclared-constants-are-empty',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.put('BodyFormat', undefined);
      m.put('MailFormat', undefined);
      m.put('Importance', undefined);
      m.call('Send', 'a@x', 'b@y', 's', '<p>html</p>');
    },
  },
  {
    number: 71,
    name: 'extra-headers',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.put('Value', 'Reply-To', 'c@x');
      m.put('', 'X-Default', 'member');
      m.put('Value', 'ReplyTo', 'literal');
      m.call('Send', 'a@x', 'b@y', 's', 't');
    },
  },
  {
    number: 72,
    name: 'repeated-header',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.put('Value', 'X-A', '1');
      m.put('Value', 'X-A', '2');
      m.call('Send', 'a@x', 'b@y', 's', 't');
    },
  },
  {
    number: 73,
    name: 'attachment-base64',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.call('AttachFile', b.file('a.doc', Buffer.from([1, 2, 3])), 'a.doc', 1);
      m.call('Send', 'a@x', 'b@y', 's', 't');
    },
  },
  {
    number: 73,
    name: 'attachments-uuencoded-in-a-loop',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      for (const name of ['1.bin', '2.bin']) m.call('AttachFile', b.file(name, name));
      m.call('Send', 'a@x', 'b@y', 's', 't');
    },
  },
  {
    number: 75,
    name: 'mhtml-resources',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.put('BodyFormat', 0);
      m.put('MailFormat', 0);
      m.put('ContentBase', 'http://h/');
      m.call('AttachURL', b.file('logo.gif', 'GIF89a'), 'logo.gif');
      m.call('Send', 'a@x', 'b@y', 's', '<img src="logo.gif">');
    },
  },
  {
    number: 76,
    name: 'reuse-after-send',
    run: (b) => {
      const m = b.nts('CDONTS.NewMail');
      m.call('Send', 'a@x', 'b@y', 's', 't');
      b.fails(() => m.call('Send', 'a@x', 'b@y', 's', 't'));
    },
  },
  {
    number: 78,
    name: 'session-send',
    run: (b) => {
      const s = b.nts('CDONTS.Session');
      s.call('LogonSMTP', 'Me', 'me@x');
      const g = script(s.of('Outbox').of('Messages').call('Add', 'sub', 'text') as never);
      g.of('Recipients').call('Add', 'Bob', 'b@y', 1);
      g.call('Send');
      s.call('Logoff');
    },
  },
  {
    number: 79,
    name: 'inbox-reader',
    run: (b) => {
      writeFileSync(
        join(b.drop, '1.eml'),
        'x-receiver: me@x\r\nFrom: Ann <ann@y>\r\nSubject: hello\r\nReceived: by x; Mon, 3 Mar 2014 10:00:00 +0000\r\n\r\nbody',
      );
      const s = b.nts('CDONTS.Session');
      s.call('LogonSMTP', 'Me', 'me@x');
      for (const message of { [Symbol.iterator]: () => s.of('Inbox').of('Messages').object.enumerate!() }) {
        const g = script(message as never);
        b.note(
          `${String(g.get('Subject'))} ${String(g.of('Sender').get('Address'))} ${String(g.of('Sender').get('Name'))} ${String(g.get('Text'))}`,
        );
      }
    },
  },
  {
    number: 80,
    name: 'jscript-walk-until-null',
    run: (b) => {
      for (const name of ['1', '2'])
        writeFileSync(join(b.drop, `${name}.eml`), `x-receiver: me@x\r\nSubject: ${name}\r\n\r\n`);
      const s = b.nts('CDONTS.Session');
      s.call('LogonSMTP', 'Me', 'me@x');
      const messages = s.of('Inbox').of('Messages');
      for (let g = messages.call('GetFirst'); g !== NOTHING; g = messages.call('GetNext'))
        b.note(script(g as never).get(''));
    },
  },
  {
    number: 85,
    name: 'command-line-mailer',
    run: (b) => {
      const options: Record<string, string> = { t: 'b@y', f: 'a@x', s: 'from the command line', b: 'body' };
      const m = b.nts('CDONTS.NewMail');
      m.put('To', options['t']!);
      m.put('From', options['f']!);
      m.put('Subject', options['s']!);
      m.put('Body', options['b']!);
      m.call('Send');
    },
  },
];
