/** Each field of every namespace, by the name of its row in docs/compatibility-cdo.md. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type CdoError,
  CONFIGURATION_FIELDS,
  Configuration,
  cdoConstants,
  createHost,
  ENUMERATIONS,
  type FieldValue,
  HTTPMAIL_FIELDS,
  type HttpGetRequest,
  MAILHEADER_CONSTANTS,
  Message,
  messageForSink,
  NAMESPACE,
  type NntpPostRequest,
  runArrivalSinks,
  STRING_CONSTANTS,
} from '../../src/cdo/index.ts';
import { domainName, type Mailbox } from '../../src/envelope/index.ts';
import { C, makeBench, NOW_MS, temporaryFolder } from './support.ts';

type Fields = Readonly<Record<string, FieldValue>>;

const configured = (fields: Fields, host = makeBench({ fields: {} }).host): Configuration => {
  const configuration = new Configuration(host);
  for (const [name, value] of Object.entries(fields)) configuration.fields.set(C + name, value);
  configuration.fields.update();
  return configuration;
};

/** The SMTP request that a configuration leads to. */
async function requestOf(fields: Fields) {
  const bench = makeBench({ fields: {} });
  const configuration = configured({ sendusing: 2, smtpserver: 'mx', ...fields }, bench.host);
  await new Message({ host: bench.host, configuration, from: 'a@x', to: 'b@x', textBody: 't' }).send();
  return bench.sent[0]!;
}

async function postOf(fields: Fields): Promise<NntpPostRequest> {
  const posted: NntpPostRequest[] = [];
  const nntp = {
    post: async (request: NntpPostRequest) => {
      posted.push(request);
      return { outcome: 'posted', response: '240 ok' } as const;
    },
  };
  const host = createHost({ nntp });
  const message = new Message({
    host,
    configuration: configured({ postusing: 2, nntpserver: 'news', ...fields }, host),
    from: 'a@x',
    subject: 's',
  });
  message.newsgroups = 'alt.test';
  await message.post();
  return posted[0]!;
}

async function fetchOf(fields: Fields): Promise<HttpGetRequest> {
  const asked: HttpGetRequest[] = [];
  const http = {
    get: async (request: HttpGetRequest) => {
      asked.push(request);
      return {
        status: 200,
        statusText: 'OK',
        url: request.url,
        contentType: 'text/plain',
        bytes: Buffer.from('x'),
      };
    },
  };
  const host = createHost({ http });
  await new Message({ host, configuration: configured(fields, host) }).addAttachment('http://h/x.txt');
  return asked[0]!;
}

async function fileOf(
  fields: Fields,
  prepare: (message: Message) => void | Promise<void> = () => {},
): Promise<string> {
  const bench = makeBench({ fields: {} });
  const configuration = configured(
    { sendusing: 1, smtpserverpickupdirectory: bench.pickup, ...fields },
    bench.host,
  );
  const message = new Message({ host: bench.host, configuration, from: 'a@x', to: 'b@x', textBody: 't' });
  await prepare(message);
  await message.send();
  return bench.files()[0]!;
}

/** Fields that are accepted and change nothing that is sent. */
const inert = async (name: string): Promise<void> => {
  assert.equal(await fileOf({ [name]: 'anything@x' }), await fileOf({}));
  assert.equal(configured({ [name]: 'kept@x' }).text(name as never), 'kept@x');
};

const CONFIGURATION: Readonly<Record<string, () => void | Promise<void>>> = {
  'configuration:sendusing': async () => {
    assert.match(await fileOf({ sendusing: '1' }), /^x-sender/);
    await assert.rejects(fileOf({ sendusing: 3 }), { code: 'CDO_E_INVALID_SEND_OPTION' });
  },
  'configuration:postusing': async () => {
    assert.equal((await postOf({ postusing: 2 })).server, 'news');
    await assert.rejects(postOf({ postusing: 0 }), { code: 'CDO_E_INVALID_POST_OPTION' });
  },
  'configuration:smtpserver': async () => {
    assert.equal((await requestOf({ smtpserver: ' mx.example.net ' })).server, 'mx.example.net');
    await assert.rejects(requestOf({ smtpserver: '' }), { code: 'CDO_E_SMTP_SERVER_REQUIRED' });
  },
  'configuration:smtpserverport': async () => {
    assert.equal((await requestOf({})).port, 25);
    assert.equal((await requestOf({ smtpserverport: '2525' })).port, 2525);
  },
  'configuration:smtpserverpickupdirectory': async () => {
    await assert.rejects(fileOf({ smtpserverpickupdirectory: '' }), { code: 'CDO_E_NO_PICKUP_DIR' });
    await assert.rejects(fileOf({ smtpserverpickupdirectory: '/no/such/folder' }), {
      code: 'ERROR_PATH_NOT_FOUND',
    });
  },
  'configuration:smtpauthenticate': async () => {
    assert.deepEqual((await requestOf({ sendusername: 'u', sendpassword: 'p' })).authentication, {
      method: 'none',
    });
    assert.deepEqual(
      (await requestOf({ smtpauthenticate: '1', sendusername: 'u', sendpassword: 'p' })).authentication,
      {
        method: 'basic',
        user: 'u',
        password: 'p',
      },
    );
    assert.equal(
      (await requestOf({ smtpauthenticate: 2, sendusername: 'D\\u', sendpassword: 'p' })).authentication
        .method,
      'ntlm',
    );
    await assert.rejects(requestOf({ smtpauthenticate: 2 }), (error: CdoError) =>
      /needs sendusername/.test(error.hint!),
    );
  },
  'configuration:sendusername': () =>
    assert.equal(configured({ sendusername: 'u' }).fields.get(`${C}sendusername`), 'u'),
  'configuration:sendpassword': () => {
    assert.equal(configured({ sendpassword: 'secret' }).fields.get(`${C}sendpassword`), undefined);
  },
  'configuration:smtpusessl': async () => {
    const tls = async (fields: Fields): Promise<string> => (await requestOf(fields)).tls;
    assert.equal(await tls({ smtpusessl: 'False' }), 'none');
    assert.equal(await tls({ smtpusessl: 1 }), 'starttls');
    assert.equal(await tls({ smtpusessl: true, smtpserverport: 587 }), 'starttls');
    assert.equal(await tls({ smtpusessl: 'True', smtpserverport: '465' }), 'implicit');
    const bench = makeBench({ fields: {} });
    const configuration = new Configuration(bench.host, {
      sendUsing: 'port',
      smtpServer: 'mx',
      smtpServerPort: 2525,
      smtpUseSsl: true,
      tlsMode: 'starttls',
    });
    await new Message({ host: bench.host, configuration, from: 'a@x', to: 'b@x' }).send();
    assert.equal(bench.sent[0]!.tls, 'starttls');
  },
  'configuration:smtpconnectiontimeout': async () => {
    assert.equal((await requestOf({})).connectionTimeoutMs, 30_000);
    assert.equal((await requestOf({ smtpconnectiontimeout: '60' })).connectionTimeoutMs, 60_000);
  },
  'configuration:smtpaccountname': () => inert('smtpaccountname'),
  'configuration:sendemailaddress': async () => {
    await inert('sendemailaddress');
    const message = new Message({ host: makeBench().host, to: 'b@x' });
    message.configuration.fields.set(`${C}sendemailaddress`, 'me@x').update();
    await assert.rejects(message.send(), { code: 'CDO_E_FROM_MISSING' });
  },
  'configuration:senduserreplyemailaddress': () => inert('senduserreplyemailaddress'),
  'configuration:postemailaddress': () => inert('postemailaddress'),
  'configuration:postuserreplyemailaddress': () => inert('postuserreplyemailaddress'),
  'configuration:postusername': async () => {
    assert.equal((await postOf({ nntpauthenticate: 1, postusername: 'u' })).user, 'u');
    assert.equal((await postOf({ postusername: 'u' })).user, undefined);
  },
  'configuration:postpassword': async () => {
    assert.equal((await postOf({ nntpauthenticate: 1, postpassword: 'p' })).password, 'p');
    assert.equal(configured({ postpassword: 'p' }).fields.get(`${C}postpassword`), undefined);
  },
  'configuration:nntpserver': async () => {
    assert.equal((await postOf({ nntpserver: 'news.example.net' })).server, 'news.example.net');
    await assert.rejects(postOf({ nntpserver: '' }), { code: 'CDO_E_NNTP_SERVER_REQUIRED' });
  },
  'configuration:nntpserverport': async () => {
    assert.equal((await postOf({})).port, 119);
    assert.equal((await postOf({ nntpserverport: 1119 })).port, 1119);
  },
  'configuration:nntpserverpickupdirectory': async () => {
    await assert.rejects(postOf({ postusing: 1 }), { code: 'CDO_E_NO_PICKUP_DIR' });
  },
  'configuration:nntpauthenticate': async () => {
    assert.equal((await postOf({ nntpauthenticate: 0, postusername: 'u' })).user, undefined);
  },
  'configuration:nntpusessl': async () => assert.equal((await postOf({ nntpusessl: '1' })).tls, true),
  'configuration:nntpconnectiontimeout': async () => {
    assert.equal((await postOf({ nntpconnectiontimeout: 5 })).connectionTimeoutMs, 5000);
  },
  'configuration:nntpaccountname': () => inert('nntpaccountname'),
  'configuration:flushbuffersonwrite': async () => {
    const flushes: boolean[] = [];
    for (const flushbuffersonwrite of [undefined, false]) {
      const host = makeBench({ fields: {} }).host;
      const perform = async (work: { request: unknown }): Promise<void> => {
        flushes.push((work.request as { flush: boolean }).flush);
      };
      const configuration = configured(
        { sendusing: 1, smtpserverpickupdirectory: '/x', flushbuffersonwrite },
        host,
      );
      await new Message({ host: { ...host, perform }, configuration, from: 'a@x', to: 'b@x' }).send();
    }
    assert.deepEqual(flushes, [true, false]);
  },
  'configuration:autopromotebodyparts': async () => {
    const deleteAll = async (message: Message): Promise<void> => {
      await message.addAttachment({ content: 'x', fileName: 'x.txt' });
      message.attachments.deleteAll();
    };
    assert.doesNotMatch(await fileOf({}, deleteAll), /multipart/);
    assert.match(await fileOf({ autopromotebodyparts: false }, deleteAll), /multipart\/mixed/);
  },
  'configuration:languagecode': () => inert('languagecode'),
  'configuration:usemessageresponsetext': () => {
    const host = makeBench().host;
    const original = Message.from(
      Buffer.from(
        'From: <a@x>\r\nTo: <b@x>\r\nCc: <c@x>\r\nDate: Mon, 3 Mar 2014 09:00:00 +0000\r\nSubject: s\r\n\r\ntext',
      ),
      { host },
    );
    assert.equal(original.reply().textBody, '');
    original.configuration.fields.set(`${C}usemessageresponsetext`, true).update();
    assert.equal(
      original.reply().textBody,
      '\r\n\r\n-----Original Message-----\r\nFrom: <a@x>\r\nSent: Mon, 3 Mar 2014 10:00:00 +0100\r\nTo: <b@x>\r\nCc: <c@x>\r\nSubject: s\r\n\r\ntext',
    );
    original.htmlBody = '<p>html</p>';
    assert.match(original.forward().htmlBody, /From: &lt;a@x&gt;<br>[\s\S]*<p>html<\/p>/);
  },
  'configuration:urlproxyserver': async () =>
    assert.equal((await fetchOf({ urlproxyserver: 'p:8080' })).proxy, 'p:8080'),
  'configuration:urlproxybypass': async () => {
    assert.equal((await fetchOf({ urlproxybypass: '<local>' })).proxyBypass, '<local>');
  },
  'configuration:urlgetlatestversion': async () => {
    assert.equal((await fetchOf({})).fresh, false);
    assert.equal((await fetchOf({ urlgetlatestversion: 1 })).fresh, true);
  },
  'configuration:httpcookies': async () =>
    assert.equal((await fetchOf({ httpcookies: 'a=b' })).cookies, 'a=b'),
  'configuration:savesentitems': () =>
    assert.equal(configured({ savesentitems: true }).boolean('savesentitems'), true),
};

test('configuration: names outside the namespace are kept, letter case matters', () => {
  const { host } = makeBench();
  const configuration = new Configuration(host);
  configuration.fields.set('CalendarLocation', 'room').set(`${C}SMTPServer`, 'mx').update();
  assert.equal(configuration.fields.get('CalendarLocation'), 'room');
  assert.equal(configuration.text('smtpserver'), '');
  assert.equal(configuration.warnings[0]!.kind, 'name-case');
  assert.throws(() => configuration.fields.set(`${C}smtpserverport`, 'many'), {
    code: 'DISP_E_TYPEMISMATCH',
  });
});

test('configuration: urn:schemas:calendar:timezoneid is kept, and dates stay in local time', () => {
  const { host } = makeBench();
  const message = new Message({ host });
  message.configuration.fields.set(NAMESPACE.timeZoneId, ENUMERATIONS.CdoTimeZoneId.cdoTokyo).update();
  assert.equal(message.configuration.fields.get(NAMESPACE.timeZoneId), 20);
  message.fields.set('urn:schemas:httpmail:date', new Date(NOW_MS)).update();
  assert.match(message.toBuffer().toString(), /Date: Mon, 3 Mar 2014 10:20:30 \+0100/);
});

test('configuration: every field of the table has a check of its own here', () => {
  assert.deepEqual(
    Object.keys(CONFIGURATION).sort(),
    CONFIGURATION_FIELDS.map((row) => `configuration:${row.name}`).sort(),
  );
});

for (const [row, check] of Object.entries(CONFIGURATION)) test(row, check);

// ── httpmail ───────────────────────────────────────────────────────────────────────────────────────────────────────

const H = NAMESPACE.httpMail;
const at = new Date(NOW_MS);

/** Field → value that is put, value that is read, header line that is written. */
const HTTPMAIL: Readonly<Record<string, { put: FieldValue; read?: FieldValue; line?: RegExp }>> = {
  'httpmail:attachmentfilename': {
    put: 'a.txt',
    line: /Content-Disposition: attachment;\r\n\tfilename="a\.txt"/,
  },
  'httpmail:bcc': { put: 'h@x', read: '<h@x>' },
  'httpmail:cc': { put: 'c@x;d@x', read: '<c@x>, <d@x>', line: /Cc: <c@x>,\r\n\t<d@x>/ },
  'httpmail:content-disposition-type': { put: 'inline', line: /Content-Disposition: inline/ },
  'httpmail:content-media-type': { put: 'text/x-log', line: /Content-Type: text\/x-log/ },
  'httpmail:date': { put: at, read: at, line: /Date: Mon, 3 Mar 2014 10:20:30 \+0100/ },
  'httpmail:from': { put: 'Shop <f@x>', read: '"Shop" <f@x>', line: /From: "Shop" <f@x>/ },
  'httpmail:htmldescription': { put: '<p>h</p>', line: /<p>h<\/p>/ },
  'httpmail:importance': { put: '2', read: 2, line: /Importance: high/ },
  'httpmail:priority': { put: -1, line: /Priority: non-urgent/ },
  'httpmail:reply-to': { put: 'r@x', read: '<r@x>', line: /Reply-To: <r@x>/ },
  'httpmail:sender': { put: 's@x', read: '<s@x>', line: /Sender: <s@x>/ },
  'httpmail:subject': { put: 'Order', line: /Subject: Order/ },
  'httpmail:textdescription': { put: 'text', line: /\r\n\r\ntext/ },
  'httpmail:thread-topic': { put: 'topic', line: /Thread-Topic: topic/ },
  'httpmail:to': { put: 't@x,', read: '<t@x>', line: /To: <t@x>/ },
};

for (const [row, { put, read, line }] of Object.entries(HTTPMAIL)) {
  test(row, () => {
    const { host } = makeBench();
    const message = new Message({ host });
    const name = row.replace('httpmail:', H);
    assert.equal(message.fields.set(name, put).get(name), put);
    message.fields.update();
    assert.deepEqual(message.fields.get(name), read ?? put);
    const written = message.toBuffer().toString('latin1');
    if (line !== undefined) assert.match(written, line);
    assert.doesNotMatch(written, /^bcc:/im);
    if (row !== 'httpmail:content-media-type') {
      message.fields.set(name, null).update();
      assert.ok([undefined, '', null].includes(message.fields.get(name) as never));
    }
  });
}

const READ_ONLY: Readonly<Record<string, FieldValue>> = {
  'httpmail:datereceived': new Date(Date.UTC(2014, 2, 3, 10)),
  'httpmail:hasattachment': false,
  'httpmail:normalizedsubject': 'hello',
};

for (const [row, value] of Object.entries(READ_ONLY)) {
  test(row, () => {
    const message = Message.from(
      Buffer.from('Received: by x; Mon, 3 Mar 2014 10:00:00 +0000\r\nSubject: RE: Fw: hello\r\n\r\n'),
      { host: makeBench().host },
    );
    const name = row.replace('httpmail:', H);
    assert.deepEqual(message.fields.get(name), value);
    assert.throws(() => message.fields.set(name, 'x'), { code: 'CDO_E_PROP_READONLY' });
    assert.throws(() => message.fields.delete(name), { code: 'CDO_E_PROP_CANNOT_DELETE' });
  });
}

test('httpmail: every field of the table has a check here; the names of Exchange are inert', () => {
  assert.deepEqual(
    [...Object.keys(HTTPMAIL), ...Object.keys(READ_ONLY)].sort(),
    HTTPMAIL_FIELDS.map((row) => `httpmail:${row.name}`).sort(),
  );
  const message = new Message({ host: makeBench().host });
  message.fields.set(`${H}saveinsent`, true).update();
  assert.equal(message.fields.get(`${H}saveinsent`), true);
  assert.throws(() => message.fields.set(`${H}unheardof`, 1), { code: 'CDO_E_INVALID_PROPERTYNAME' });
  assert.throws(() => message.fields.set(`${H}importance`, 'high'), { code: 'DISP_E_TYPEMISMATCH' });
  message.fields.set(`${H}importance`, 7);
  assert.throws(() => message.fields.update(), { code: 'CDO_E_BAD_DATA' });
});

// ── mailheader ─────────────────────────────────────────────────────────────────────────────────────────────────────

const STRUCTURE: Readonly<Record<string, string>> = {
  'content-disposition': 'attachment; filename="x.txt"',
  'content-transfer-encoding': 'base64',
  'content-type': 'text/x-log; charset="utf-8"',
};

const MAILHEADER = [
  'mailheader:approved',
  'mailheader:comment',
  'mailheader:content-base',
  'mailheader:content-description',
  'mailheader:content-disposition',
  'mailheader:content-id',
  'mailheader:content-language',
  'mailheader:content-location',
  'mailheader:content-transfer-encoding',
  'mailheader:content-type',
  'mailheader:control',
  'mailheader:disposition',
  'mailheader:disposition-notification-to',
  'mailheader:distribution',
  'mailheader:expires',
  'mailheader:followup-to',
  'mailheader:in-reply-to',
  'mailheader:lines',
  'mailheader:message-id',
  'mailheader:mime-version',
  'mailheader:newsgroups',
  'mailheader:organization',
  'mailheader:original-recipient',
  'mailheader:path',
  'mailheader:posting-version',
  'mailheader:received',
  'mailheader:references',
  'mailheader:relay-version',
  'mailheader:return-path',
  'mailheader:return-receipt-to',
  'mailheader:summary',
  'mailheader:thread-index',
  'mailheader:x-mailer',
  'mailheader:xref',
  'mailheader:x-unsent',
  'mailheader:x-cdostreamhighfidelity',
];

test('mailheader: every name with a constant has a check here', () => {
  assert.deepEqual(MAILHEADER.map((row) => row.slice(11)).sort(), Object.keys(MAILHEADER_CONSTANTS).sort());
});

for (const row of MAILHEADER) {
  test(row, () => {
    const header = row.slice('mailheader:'.length);
    const message = new Message({ host: makeBench().host });
    const name = NAMESPACE.mailHeader + header;
    const value = STRUCTURE[header] ?? 'value of 1';
    message.fields.set(name, value).update();
    assert.equal(
      message.fields.get(
        name.toUpperCase().replace(NAMESPACE.mailHeader.toUpperCase(), NAMESPACE.mailHeader),
      ),
      value,
    );
    const written = message
      .toBuffer()
      .toString('latin1')
      .replace(/;\r\n\t/g, '; ');
    const line = new RegExp(`^${header}: (.*)$`, 'im').exec(written);
    assert.equal(line?.[1], value, written);
    if (header in STRUCTURE) return;
    message.fields.delete(name);
    assert.equal(message.fields.get(name), undefined);
  });
}

test('mailheader: values are raw both ways, the twins in httpmail are decoded', () => {
  const message = new Message({ host: makeBench().host });
  message.fields.set('urn:schemas:mailheader:subject', '=?utf-8?Q?gr=C3=BCn?=').update();
  assert.equal(message.fields.get('urn:schemas:mailheader:subject'), '=?utf-8?Q?gr=C3=BCn?=');
  assert.equal(message.fields.get('urn:schemas:httpmail:subject'), 'grün');
  assert.equal(message.subject, 'grün');
  message.bodyPart.charset = 'utf-8';
  message.subject = 'blau ü';
  assert.equal(message.fields.get('urn:schemas:mailheader:subject'), '=?utf-8?B?YmxhdSDDvA==?=');
  assert.throws(() => message.fields.set('urn:schemas:mailheader:X: y', 'v'), {
    code: 'CDO_E_INVALID_PROPERTYNAME',
  });
});

// ── Other namespaces ───────────────────────────────────────────────────────────────────────────────────────────────

const OTHERS: Readonly<Record<string, () => void>> = {
  'DAV:contentclass': () => {
    const message = new Message({ host: makeBench().host });
    assert.equal(message.fields.get(NAMESPACE.contentClass), 'urn:content-classes:message');
    message.fields.set(NAMESPACE.contentClass, 'urn:content-classes:x').update();
    assert.equal(message.contentClass, 'urn:content-classes:x');
  },
  'DAV:getcontenttype': () => {
    const message = new Message({ host: makeBench().host });
    assert.equal(message.fields.get(NAMESPACE.getContentType), 'text/plain');
    assert.throws(() => message.fields.set(NAMESPACE.getContentType, 'x'), { code: 'CDO_E_PROP_READONLY' });
  },
  'exchange/sensitivity': () => {
    const message = new Message({ host: makeBench().host });
    message.fields.set(NAMESPACE.sensitivity, 3).update();
    assert.match(message.toBuffer().toString(), /Sensitivity: company-confidential\r\n/);
    assert.equal(message.fields.get(NAMESPACE.sensitivity), 3);
  },
  'office#Keywords': () => {
    const message = new Message({ host: makeBench().host });
    message.fields.set(NAMESPACE.keywords, ['one', 'two']).update();
    assert.equal(message.keywords, 'one, two');
    assert.deepEqual(message.fields.get(NAMESPACE.keywords), ['one', 'two']);
  },
};
for (const [row, check] of Object.entries(OTHERS)) test(row, check);

// ── Envelope ───────────────────────────────────────────────────────────────────────────────────────────────────────

const mailbox = (localPart: string): Mailbox => ({ localPart, domain: domainName('x.example')! });
const arrival = () => ({
  arrivedAtMs: NOW_MS,
  clientAddress: '192.0.2.1',
  pickupFileName: 'C:\\mailroot\\Pickup\\1.eml',
  reversePath: mailbox('sender'),
  recipients: [{ forwardPath: mailbox('one'), notify: 'never' as const }, { forwardPath: mailbox('two') }],
  message: Buffer.from('Subject: s\r\n\r\ntext'),
});
const S = NAMESPACE.smtpEnvelope;
const envelopeOf = (name: string): FieldValue =>
  messageForSink(makeBench().host, arrival()).message.envelopeFields.get(S + name);

const ENVELOPE: Readonly<Record<string, () => void | Promise<void>>> = {
  'smtpenvelope:arrivaltime': () => {
    const value = envelopeOf('arrivaltime') as Date;
    assert.deepEqual([value.getHours(), value.getMinutes()], [9, 20], 'the clock shows UTC');
  },
  'smtpenvelope:clientipaddress': () => assert.equal(envelopeOf('clientipaddress'), '192.0.2.1'),
  'smtpenvelope:pickupfilename': () =>
    assert.equal(envelopeOf('pickupfilename'), 'C:\\mailroot\\Pickup\\1.eml'),
  'smtpenvelope:senderemailaddress': () => {
    assert.equal(envelopeOf('senderemailaddress'), 'sender@x.example');
    const { message } = messageForSink(makeBench().host, arrival());
    assert.throws(() => message.envelopeFields.set(`${S}senderemailaddress`, 'x@x'), {
      code: 'CDO_E_PROP_READONLY',
    });
  },
  'smtpenvelope:messagestatus': async () => {
    for (const [status, fate] of [
      [0, 'deliver'],
      [2, 'drop'],
      [3, 'bad-mail'],
    ] as const) {
      const outcome = await runArrivalSinks(makeBench().host, arrival(), [
        (message) => {
          message.envelopeFields.set(`${S}messagestatus`, status).update();
          return 0;
        },
      ]);
      assert.equal(outcome.fate, fate);
    }
    const { message } = messageForSink(makeBench().host, arrival());
    assert.throws(() => message.envelopeFields.set(`${S}messagestatus`, 1), { code: 'CDO_E_BAD_DATA' });
  },
  'smtpenvelope:recipientlist': async () => {
    assert.equal(envelopeOf('recipientlist'), 'SMTP:one@x.example;SMTP:two@x.example;');
    let ran = 0;
    const outcome = await runArrivalSinks(makeBench().host, arrival(), [
      (message) => {
        message.envelopeFields.set(`${S}recipientlist`, 'SMTP:one@x.example;SMTP:new@x.example;').update();
        message.subject = 'changed';
        message.dataSource.save();
        return 1;
      },
      () => {
        ran += 1;
        return 0;
      },
    ]);
    assert.deepEqual(
      outcome.recipients.map((recipient) => [recipient.forwardPath.localPart, recipient.notify]),
      [
        ['one', 'never'],
        ['new', undefined],
      ],
    );
    assert.match(outcome.message.toString(), /Subject: changed\r\n/);
    assert.equal(ran, 0, 'the remaining sinks are skipped');
    const { message } = messageForSink(makeBench().host, arrival());
    assert.throws(() => message.envelopeFields.set(`${S}recipientlist`, 'SMTP:nobody;'), {
      code: 'CDO_E_BAD_DATA',
    });
  },
  'nntpenvelope:newsgrouplist': () => {
    const { message } = messageForSink(makeBench().host, arrival());
    message.envelopeFields.set(`${NAMESPACE.nntpEnvelope}newsgrouplist`, 'alt.test').update();
    assert.equal(message.envelopeFields.get(`${NAMESPACE.nntpEnvelope}newsgrouplist`), 'alt.test');
  },
  'nntpenvelope:nntpprocessing': () => {
    const { message } = messageForSink(makeBench().host, arrival());
    message.envelopeFields.set(`${NAMESPACE.nntpEnvelope}nntpprocessing`, 1).update();
    assert.equal(message.envelopeFields.get(`${NAMESPACE.nntpEnvelope}nntpprocessing`), 1);
    assert.throws(() => message.envelopeFields.get('unheard:of'), { code: 'CDO_E_INVALID_PROPERTYNAME' });
  },
};
for (const [row, check] of Object.entries(ENVELOPE)) test(row, check);

// ── Constants ──────────────────────────────────────────────────────────────────────────────────────────────────────

test('the constants of the type library have the values that scripts rely on', () => {
  const constants = cdoConstants();
  const expected: Record<string, string | number> = {
    cdoSendUsingMethod: `${C}sendusing`,
    cdoPostUsingMethod: `${C}postusing`,
    cdoSMTPServer: `${C}smtpserver`,
    cdoSendPassword: `${C}sendpassword`,
    cdoURLProxyServer: `${C}urlproxyserver`,
    cdoHTTPCookies: `${C}httpcookies`,
    cdoSubject: 'urn:schemas:httpmail:subject',
    cdoDispositionNotificationTo: 'urn:schemas:mailheader:disposition-notification-to',
    cdoXMailer: 'urn:schemas:mailheader:x-mailer',
    cdoRecipientList: `${S}recipientlist`,
    cdoSendUsingPort: 2,
    cdoBasic: 1,
    cdoRefTypeLocation: 1,
    cdoDSNSuccessFailOrDelay: 14,
    cdoISO_8859_15: 'iso-8859-15',
    cdoAdoStream: '_Stream',
    cdoKeywords: 'urn:schemas-microsoft-com:office:office#Keywords',
    cdoInvalidTimeZone: 82,
    cdoSydney2000: 76,
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(constants[name], value, name);
  assert.equal(Object.keys(ENUMERATIONS.CdoTimeZoneId).length, 83);
  for (const module of [
    'CdoCharset',
    'CdoEncodingType',
    'CdoContentTypeValues',
    'CdoInterfaces',
    'CdoNamespace',
    'CdoDAV',
    'CdoExchange',
    'CdoOffice',
    'CdoCalendar',
  ])
    assert.ok(module in STRING_CONSTANTS, module);
});

const ENUMS: Readonly<Record<keyof typeof ENUMERATIONS, readonly number[]>> = {
  CdoConfigSource: [-1, 1, 2],
  CdoSendUsing: [1, 2],
  CdoPostUsing: [1, 2],
  CdoProtocolsAuthentication: [0, 1, 2],
  CdoDSNOptions: [0, 1, 2, 4, 8, 14],
  CdoMHTMLFlags: [0, 1, 2, 4, 8, 16, 31],
  CdoReferenceType: [0, 1],
  cdoImportanceValues: [0, 1, 2],
  cdoPriorityValues: [-1, 0, 1],
  cdoSensitivityValues: [0, 1, 2, 3],
  CdoEventStatus: [0, 1],
  CdoEventType: [1, 2, 3, 4],
  CdoMessageStat: [0, 2, 3],
  CdoNNTPProcessingField: [1, 2, 4],
  CdoTimeZoneId: Array.from({ length: 83 }, (_, index) => index),
};

for (const [name, values] of Object.entries(ENUMS)) {
  test(`${name} has its values`, () => {
    assert.deepEqual(Object.values(ENUMERATIONS[name as keyof typeof ENUMERATIONS]), values);
  });
}

test('a folder of messages is read with paths mapped', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.txt'), 'mapped');
  const host = createHost({ mapPath: (path) => path.replace('C:\\data\\', `${folder}/`) });
  const message = new Message({ host });
  const part = await message.addAttachment('C:\\data\\a.txt');
  assert.equal(part.content().toString(), 'mapped');
  assert.equal(part.fileName, 'a.txt');
});
