/** Each error of the table, raised where programs meet it; those of Exchange alone by number and text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeSyncDisk } from '../../src/base/index.ts';
import {
  CDO_ERRORS,
  CdoError,
  type CdoErrorName,
  createHost,
  DropDirectory,
  fileError,
  Message,
  type SmtpSubmissionResult,
  Stream,
  SYSTEM_ERRORS,
} from '../../src/cdo/index.ts';
import { C, makeBench, script } from './support.ts';

async function raised(act: () => unknown): Promise<CdoError> {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof CdoError, String(error));
    return error;
  }
  throw new Error('nothing was thrown');
}

const answered = (failure: Partial<Extract<SmtpSubmissionResult, { kind: 'failed' }>>) => () =>
  new Message({
    host: makeBench({
      fields: { sendusing: 2, smtpserver: 'mx' },
      answer: () => ({
        kind: 'failed',
        stage: 'connect',
        cause: 'refused',
        reason: 'for people',
        ...failure,
      }),
    }).host,
    from: 'a@x',
    to: 'b@x',
  }).send();

const fetched =
  (status: number, statusText = 'Answer') =>
  () =>
    new Message({
      host: createHost({
        http: {
          get: async (request) => ({
            status,
            statusText,
            url: request.url,
            contentType: '',
            bytes: Buffer.alloc(0),
          }),
        },
      }),
    }).addAttachment('http://h/x');

const posted = (outcome: 'refused' | 'not-connected' | 'dropped' | 'logon-refused') => () => {
  const host = createHost({ nntp: { post: async () => ({ outcome, response: '441 no' }) } });
  const message = new Message({ host, from: 'a@x', subject: 's' });
  message.newsgroups = 'alt.x';
  message.configuration.fields.set(`${C}postusing`, 2).set(`${C}nntpserver`, 'news').update();
  return message.post();
};

const sent =
  (fields: Readonly<Record<string, string | number>>, message: object = { from: 'a@x', to: 'b@x' }) =>
  () =>
    new Message({ host: makeBench({ fields }).host, ...message }).send();

const fresh = (): Message => new Message({ host: makeBench().host });

/** Error → what raises it, and the text when the server's words are part of it. */
const RAISED: Readonly<Partial<Record<CdoErrorName, [act: () => unknown, text?: string]>>> = {
  CDO_E_NOT_OPENED: [() => fresh().dataSource.save()],
  CDO_E_UNSUPPORTED_DATASOURCE: [() => fresh().dataSource.openObject(fresh(), 'IUnheardOf')],
  CDO_E_INVALID_PROPERTYNAME: [() => fresh().fields.set('subject', 'x')],
  CDO_E_NOT_AVAILABLE: [() => fresh().envelopeFields],
  CDO_E_NO_DEFAULT_DROP_DIR: [() => new DropDirectory(createHost()).getMessages()],
  CDO_E_SMTP_SERVER_REQUIRED: [sent({ sendusing: 2 })],
  CDO_E_NNTP_SERVER_REQUIRED: [
    () => {
      const message = fresh();
      message.configuration.fields.set(`${C}postusing`, 2);
      return message.post();
    },
  ],
  CDO_E_RECIPIENT_MISSING: [sent({ sendusing: 1, smtpserverpickupdirectory: '/x' }, { from: 'a@x' })],
  CDO_E_FROM_MISSING: [sent({ sendusing: 1, smtpserverpickupdirectory: '/x' }, { to: 'b@x' })],
  CDO_E_SENDER_REJECTED: [
    answered({ stage: 'mail', response: '550 5.1.8 who', replyCode: 550 }),
    'The server rejected the sender address. The server response was: 550 5.1.8 who',
  ],
  CDO_E_RECIPIENTS_REJECTED: [
    answered({ stage: 'rcpt', response: '550 5.1.1 nobody', replyCode: 550 }),
    'The server rejected one or more recipient addresses. The server response was: 550 5.1.1 nobody',
  ],
  CDO_E_NNTP_POST_FAILED: [
    posted('refused'),
    'The message could not be posted to the NNTP server. The transport error code was 0x800ccc61. The server response was 441 no',
  ],
  CDO_E_SMTP_SEND_FAILED: [
    answered({ stage: 'end-of-data', response: '552 5.3.4 too large', replyCode: 552 }),
    'The message could not be sent to the SMTP server. The transport error code was 0x800ccc6d. The server response was 552 5.3.4 too large',
  ],
  CDO_E_CONNECTION_DROPPED: [answered({ stage: 'end-of-data', cause: 'dropped' })],
  CDO_E_FAILED_TO_CONNECT: [answered({ stage: 'connect', cause: 'not-connected' })],
  CDO_E_INVALID_POST: [
    () => {
      const message = fresh();
      message.configuration.fields.set(`${C}postusing`, 2).set(`${C}nntpserver`, 'news');
      return message.post();
    },
  ],
  CDO_E_AUTHENTICATION_FAILURE: [
    answered({ stage: 'auth', response: '535 5.7.8 no', replyCode: 535 }),
    'The server rejected the logon attempt due to authentication failure. The server response was: 535 5.7.8 no',
  ],
  CDO_E_INVALID_CONTENT_TYPE: [() => fresh().createMhtmlBody(`${import.meta.dirname}/support.ts`)],
  CDO_E_LOGON_FAILURE: [sent({ sendusing: 2, smtpserver: 'mx', smtpauthenticate: 2 })],
  CDO_E_HTTP_NOT_FOUND: [
    fetched(404),
    'The requested resource could not be found. The server response was: 404 Answer.',
  ],
  CDO_E_HTTP_FORBIDDEN: [
    fetched(403),
    'Access to the requested resource is denied. The server response was: 403 Answer.',
  ],
  CDO_E_HTTP_FAILED: [fetched(500), 'The HTTP request failed.  The server response was: 500 Answer.'],
  CDO_E_MULTIPART_NO_DATA: [
    () => {
      const message = fresh();
      message.htmlBody = '<p>h</p>';
      message.bodyPart.getDecodedContentStream();
    },
  ],
  CDO_E_INVALID_ENCODING_FOR_MULTIPART: [
    () => {
      const message = fresh();
      message.htmlBody = '<p>h</p>';
      message.bodyPart.contentTransferEncoding = 'base64';
    },
  ],
  CDO_E_UNSAFE_OPERATION: [
    () => {
      const message = Message.from(Buffer.from('Content-Type: application/pdf\r\n\r\nx'));
      message.attachments.delete(1);
    },
  ],
  CDO_E_INVALID_SEND_OPTION: [sent({})],
  CDO_E_INVALID_POST_OPTION: [() => fresh().post()],
  CDO_E_NO_PICKUP_DIR: [sent({ sendusing: 1 })],
  CDO_E_NOT_ALL_DELETED: [
    async () => {
      const bench = makeBench();
      nodeSyncDisk.writeFile(`${bench.drop}/1.eml`, Buffer.from('Subject: x\r\n\r\n'), 'refuse');
      const perform: typeof bench.host.perform = async (work) => {
        if (work.operation === 'file.delete') throw Object.assign(new Error('busy'), { code: 'EBUSY' });
        return bench.host.perform(work);
      };
      const messages = await new DropDirectory({ ...bench.host, perform }).getMessages();
      await messages.deleteAll();
    },
  ],
  CDO_E_PROP_READONLY: [() => fresh().fields.set('urn:schemas:httpmail:hasattachment', true)],
  CDO_E_PROP_CANNOT_DELETE: [() => fresh().fields.delete('urn:schemas:httpmail:hasattachment')],
  CDO_E_BAD_DATA: [
    () => {
      const message = fresh();
      message.fields.set('urn:schemas:httpmail:importance', 9).update();
    },
  ],
  CDO_E_PROP_NONHEADER: [() => fresh().bodyPart.getFieldParameter('urn:schemas:httpmail:subject', 'x')],
  CDO_E_INVALID_CHARSET: [
    () => {
      fresh().bodyPart.charset = 'klingon';
    },
  ],
  CDO_E_ADOSTREAM_NOT_BOUND: [
    () => {
      const stream = fresh().getStream();
      stream.close();
      stream.readText();
    },
  ],
  CDO_E_SELF_BINDING: [
    () => {
      const message = fresh();
      message.dataSource.saveToObject(message, 'IMessage');
    },
  ],
  CDO_E_ARGUMENT1: [() => script(makeBench().create('CDO.Configuration')).call('Load', 5)],
  CDO_E_NOT_FOUND: [() => fresh().attachments.item(1)],
  CDO_E_INVALID_ENCODING_TYPE: [
    () => {
      fresh().bodyPart.contentTransferEncoding = 'rot13';
    },
  ],
};

for (const [name, [act, text]] of Object.entries(RAISED)) {
  test(`${name} is raised with its number and text`, async () => {
    const error = await raised(act);
    assert.equal(error.code, name);
    assert.equal(error.hresult, CDO_ERRORS[name as CdoErrorName].hresult);
    assert.equal(error.message, text ?? CDO_ERRORS[name as CdoErrorName].text);
  });
}

/** In the table of the original for Exchange, or for what cannot happen here. Number and text are kept for programs. */
const NEVER_RAISED: Readonly<Partial<Record<CdoErrorName, [long: number, text?: string]>>> = {
  CDO_E_UNCAUGHT_EXCEPTION: [-2147220991, 'Exception %1 was generated at address %2'],
  CDO_E_PROP_UNSUPPORTED: [-2147220987],
  CDO_E_INACTIVE: [-2147220986],
  CDO_E_NO_SUPPORT_FOR_OBJECTS: [-2147220985],
  CDO_E_PROP_NOT_FOUND: [-2147220962],
  CDO_E_NO_METHOD: [-2147220956],
  CDO_E_CONTENTPROPXML_NOT_FOUND: [-2147220947],
  CDO_E_CONTENTPROPXML_WRONG_CHARSET: [-2147220946],
  CDO_E_CONTENTPROPXML_PARSE_FAILED: [-2147220945],
  CDO_E_CONTENTPROPXML_CONVERT_FAILED: [-2147220944],
  CDO_E_NO_DIRECTORIES_SPECIFIED: [-2147220943],
  CDO_E_DIRECTORIES_UNREACHABLE: [-2147220942],
  CDO_E_BAD_SENDER: [-2147220941, "Could not find the Sender's mailbox."],
  CDO_E_BAD_ATTENDEE_DATA: [-2147220939],
  CDO_E_ROLE_NOMORE_AVAILABLE: [-2147220938],
  CDO_E_BAD_TASKTYPE_ONASSIGN: [-2147220937],
  CDO_E_NOT_ASSIGNEDTO_USER: [-2147220936],
  CDO_E_OUTOFDATE: [-2147220935],
  CDO_E_ARGUMENT2: [-2147205119, 'The second argument is invalid.'],
  CDO_E_ARGUMENT3: [-2147205118, 'The third argument is invalid.'],
  CDO_E_ARGUMENT4: [-2147205117, 'The fourth argument is invalid.'],
  CDO_E_ARGUMENT5: [-2147205116, 'The fifth argument is invalid.'],
};

for (const [name, [long, text]] of Object.entries(NEVER_RAISED)) {
  test(`${name} has its number and text`, () => {
    const row = CDO_ERRORS[name as CdoErrorName];
    assert.equal(row.hresult, long);
    if (text !== undefined) assert.equal(row.text, text);
  });
}

test('every error of the table is in one of the two lists', () => {
  assert.deepEqual(
    [...Object.keys(RAISED), ...Object.keys(NEVER_RAISED)].sort(),
    Object.keys(CDO_ERRORS).sort(),
  );
});

test('the failures of a dialogue have the numbers of the decision list', async () => {
  const cases: [Partial<Extract<SmtpSubmissionResult, { kind: 'failed' }>>, string, RegExp?][] = [
    [{ stage: 'greeting', response: '554 no' }, 'CDO_E_FAILED_TO_CONNECT'],
    [{ stage: 'starttls', cause: 'not-connected' }, 'CDO_E_FAILED_TO_CONNECT'],
    [
      { stage: 'auth', cause: 'unavailable' },
      'CDO_E_SMTP_SEND_FAILED',
      /0x80040217\. The server response was not available$/,
    ],
    [{ stage: 'auth', cause: 'dropped' }, 'CDO_E_CONNECTION_DROPPED'],
    [{ stage: 'mail', cause: 'dropped' }, 'CDO_E_CONNECTION_DROPPED'],
    [{ stage: 'data', response: '451 later', replyCode: 451 }, 'CDO_E_SMTP_SEND_FAILED', /0x800ccc6a/],
    [{ stage: 'end-of-data', response: '599 odd', replyCode: 599 }, 'CDO_E_SMTP_SEND_FAILED', /0x800ccc61/],
  ];
  for (const [failure, code, text] of cases) {
    const error = await raised(answered(failure));
    assert.equal(error.code, code);
    assert.equal(error.hint, 'for people');
    if (text !== undefined) assert.match(error.message, text);
  }
  assert.equal((await raised(posted('not-connected'))).code, 'CDO_E_FAILED_TO_CONNECT');
  assert.equal((await raised(posted('dropped'))).code, 'CDO_E_CONNECTION_DROPPED');
  assert.equal((await raised(posted('logon-refused'))).code, 'CDO_E_AUTHENTICATION_FAILURE');
});

test('a host without a port says which one is missing, in the hint', async () => {
  const bare = createHost({ defaults: () => ({ fields: { sendusing: 2, smtpserver: 'mx' } }) });
  const noSmtp = await raised(() => new Message({ host: bare, from: 'a@x', to: 'b@x' }).send());
  assert.deepEqual([noSmtp.code, /without SMTP/.test(noSmtp.hint!)], ['CDO_E_FAILED_TO_CONNECT', true]);
  const noHttp = await raised(() => new Message({ host: bare }).addAttachment('http://h/'));
  assert.deepEqual([noHttp.code, /allow hosts/.test(noHttp.hint!)], ['CDO_E_HTTP_FAILED', true]);
});

const SYSTEM: Readonly<Record<string, [code: string, hresult: number, text: string]>> = {
  ENOENT: ['ERROR_FILE_NOT_FOUND', 0x80070002, 'The system cannot find the file specified.'],
  ENOTDIR: ['ERROR_PATH_NOT_FOUND', 0x80070003, 'The system cannot find the path specified.'],
  EACCES: ['E_ACCESSDENIED', 0x80070005, 'Access is denied.'],
  ENOSPC: ['ERROR_DISK_FULL', 0x80070070, 'There is not enough space on the disk.'],
  EEXIST: ['ERROR_FILE_EXISTS', 0x80070050, 'The file exists.'],
  ENAMETOOLONG: [
    'ERROR_INVALID_NAME',
    0x8007007b,
    'The filename, directory name, or volume label syntax is incorrect.',
  ],
  EIO: ['E_FAIL', 0x80004005, 'Unspecified error'],
};

for (const [system, [code, hresult, text]] of Object.entries(SYSTEM)) {
  test(`${code}: what the system calls ${system}, with the path in the hint`, () => {
    const error = fileError(Object.assign(new Error('x'), { code: system }), '/the/path');
    assert.deepEqual(
      [error.code, error.hresult, error.message, error.hint],
      [code, hresult | 0, text, '/the/path'],
    );
  });
}

test('E_NOTIMPL, E_NOINTERFACE, E_INVALIDARG, DISP_E_TYPEMISMATCH and DISP_E_BADINDEX have the numbers of Windows', () => {
  assert.deepEqual(
    (['E_NOTIMPL', 'E_NOINTERFACE', 'E_INVALIDARG', 'DISP_E_TYPEMISMATCH', 'DISP_E_BADINDEX'] as const).map(
      (name) => SYSTEM_ERRORS[name].hresult >>> 0,
    ),
    [0x80004001, 0x80004002, 0x80070057, 0x80020005, 0x8002000b],
  );
});

test('a full disk, a missing right and a vanished folder reach the program, and leave no file', async () => {
  for (const [step, system, code] of [
    ['write', 'ENOSPC', 'ERROR_DISK_FULL'],
    ['openNew', 'EACCES', 'E_ACCESSDENIED'],
    ['rename', 'ENOENT', 'ERROR_PATH_NOT_FOUND'],
  ] as const) {
    const syncDisk = {
      ...nodeSyncDisk,
      [step]: () => {
        throw Object.assign(new Error(step), { code: system });
      },
    };
    const bench = makeBench({ syncDisk });
    const m = script(bench.create('CDO.Message'));
    m.put('From', 'a@x');
    m.put('To', 'b@x');
    assert.equal((await raised(() => m.call('Send'))).code, code);
    assert.deepEqual(bench.files(), []);
  }
});

test('a stream of its own is closed with the number of ADO, not of CDO', () => {
  assert.throws(() => new Stream().readText(), { hresult: 0x800a0e78 | 0 });
});
