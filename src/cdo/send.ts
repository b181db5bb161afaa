/**
 * Send and Post: the checks, the envelope, and the way the message leaves.
 * Owns: the order of checks, the pickup file, what a server's refusal means in numbers.
 * Leaves: composing (message.ts), the dialogue (submission port), the file itself (host).
 * Fails: CdoError; nothing of the message remains in the pickup folder then.
 * Sources: reference A4 (decision list), A5.6–A5.8; KB 816789, KB 265527.
 */

import { isAscii } from 'node:buffer';
import {
  type Envelope,
  mailboxKey,
  type NotifyWhen,
  needsSmtpUtf8,
  type Recipient,
} from '../envelope/index.ts';
import { formatEnvelopeLines } from '../mailroot/index.ts';
import { addressMailboxes } from './addresses.ts';
import { toText } from './coerce.ts';
import { type Configuration, TLS_MODE_FIELD } from './configuration.ts';
import { NAMESPACE } from './constants.ts';
import { CdoError, fileError } from './errors.ts';
import { PortMissing } from './host.ts';
import { identifierHost } from './identifiers.ts';
import type { Message } from './message.ts';
import { ask, type NntpPostAnswer, type Steps } from './steps.ts';
import type { SmtpSubmissionRequest, SmtpSubmissionResult } from './submission.ts';

const PICKUP = 1;
const PORT = 2;

export function* sendSteps(message: Message): Steps<void> {
  message.settle();
  const { configuration } = message;
  const way = configuration.has('sendusing') ? configuration.long('sendusing') : 0;
  if (way !== PICKUP && way !== PORT)
    throw new CdoError('CDO_E_INVALID_SEND_OPTION', {
      hint: 'Set sendusing to 1 (pickup folder) or 2 (SMTP server); no local service supplies a default.',
    });
  if (way === PICKUP && configuration.text('smtpserverpickupdirectory') === '')
    throw new CdoError('CDO_E_NO_PICKUP_DIR', { hint: 'Set smtpserverpickupdirectory.' });
  if (way === PORT && configuration.text('smtpserver').trim() === '')
    throw new CdoError('CDO_E_SMTP_SERVER_REQUIRED', {
      hint: 'Set smtpserver; names of fields are all lower case.',
    });
  const envelope = envelopeOf(message);
  if (way === PICKUP) yield* putIntoPickup(message, envelope);
  else yield* submitMessage(message, envelope);
}

/** Sender, else the first From address; To, CC and BCC in this order, nobody twice. */
export function envelopeOf(message: Message): Envelope {
  const domain = identifierHost(message.host);
  const [reversePath] = [
    ...addressMailboxes(message.sender, domain),
    ...addressMailboxes(message.from, domain),
  ];
  if (reversePath === undefined) throw new CdoError('CDO_E_FROM_MISSING', { hint: 'Set From.' });
  const recipients = new Map<string, Recipient>();
  const notify = notifyOf(message.dsnOptions);
  for (const list of [message.to, message.cc, message.bcc]) {
    for (const forwardPath of addressMailboxes(list, domain)) {
      const key = mailboxKey(forwardPath);
      if (!recipients.has(key))
        recipients.set(key, notify === undefined ? { forwardPath } : { forwardPath, notify });
    }
  }
  if (recipients.size === 0)
    throw new CdoError('CDO_E_RECIPIENT_MISSING', { hint: 'Set To, CC or BCC to at least one address.' });
  const all = [...recipients.values()];
  return {
    reversePath,
    recipients: all,
    body: '8bitmime',
    smtpUtf8: needsSmtpUtf8(reversePath) || all.some((recipient) => needsSmtpUtf8(recipient.forwardPath)),
  };
}

/** CdoDSNOptions as NOTIFY says it; undefined: the servers' default. */
function notifyOf(options: number): NotifyWhen | undefined {
  if (options === 0) return undefined;
  if ((options & 1) !== 0) return 'never';
  return { success: (options & 4) !== 0, failure: (options & 2) !== 0, delay: (options & 8) !== 0 };
}

// ── Pickup ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function* putIntoPickup(message: Message, envelope: Envelope): Steps<void> {
  const { configuration, host } = message;
  const folder = host.mapPath(configuration.text('smtpserverpickupdirectory'));
  const name = `${host.newName()}.eml`;
  const content = message.toChunks(host, 'send');
  const chunks = gathered([envelopeLines(envelope), ...content]);
  try {
    const flush = configuration.boolean('flushbuffersonwrite');
    yield* ask('message.put', { folder, name, chunks, flush, by: 'cdo' });
  } catch (failure) {
    throw fileError(failure, folder, 'ERROR_PATH_NOT_FOUND');
  }
  host.log.event('info', 'cdo.message-written', { folder, name, messageId: messageIdIn(content) });
}

/** Header fields of our own making end well before this. */
const HEADER_BYTES = 64 * 1024;

/** The Message-ID that a message carries, without angle brackets; empty: it has none. For the log. */
export function messageIdIn(chunks: readonly Buffer[]): string {
  const start = Buffer.concat(chunks.slice(0, 4)).subarray(0, HEADER_BYTES).toString('latin1');
  const end = start.indexOf('\r\n\r\n');
  const header = end < 0 ? start : start.slice(0, end);
  return /^message-id:\s*<([^>\r\n]*)>/im.exec(header)?.[1] ?? '';
}

/** Small messages in one write: each write is a call to the system. */
function gathered(chunks: readonly Buffer[]): readonly Buffer[] {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  return bytes <= 65_536 ? [Buffer.concat(chunks, bytes)] : chunks;
}

/** `x-sender` and one `x-receiver` line each, with bare addresses; wishes for notifications follow in SMTP's own words. */
export function envelopeLines(envelope: Envelope): Buffer {
  return formatEnvelopeLines({ ...envelope, body: '7bit', smtpUtf8: false });
}

// ── SMTP ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function* submitMessage(message: Message, envelope: Envelope): Steps<void> {
  const bytes = Buffer.concat(message.toChunks(message.host, 'send'));
  const request = submissionRequest(message, envelope, bytes);
  let result: SmtpSubmissionResult;
  try {
    result = yield* ask('smtp.submit', request);
  } catch (failure) {
    const hint = failure instanceof PortMissing ? failure.message : undefined;
    throw new CdoError('CDO_E_FAILED_TO_CONNECT', { cause: failure, ...(hint !== undefined && { hint }) });
  }
  if (result.kind === 'failed') throw submissionError(result);
  message.host.log.event('info', 'cdo.message-submitted', {
    server: request.server,
    response: result.response,
    messageId: messageIdIn([bytes]),
  });
}

/** Everything the dialogue needs, from the configuration. */
export function submissionRequest(
  message: Message,
  envelope: Envelope,
  bytes: Buffer,
): SmtpSubmissionRequest {
  const { configuration, host } = message;
  const port = configuration.long('smtpserverport');
  return {
    server: configuration.text('smtpserver').trim(),
    port,
    connectionTimeoutMs: Math.max(1, configuration.long('smtpconnectiontimeout')) * 1000,
    tls: configuration.boolean('smtpusessl') ? tlsMode(configuration, port) : 'none',
    authentication: authenticationOf(configuration),
    heloName: host.computerName.replaceAll('-', ''),
    envelope: { ...envelope, body: isAscii(bytes) ? '7bit' : '8bitmime' },
    message: bytes,
  };
}

/** STARTTLS on the ports where servers speak it, also on 587 where the original failed; TLS at once everywhere else. */
function tlsMode(configuration: Configuration, port: number): 'starttls' | 'implicit' {
  const own = toText(configuration.raw(TLS_MODE_FIELD)).toLowerCase();
  if (own === 'starttls' || own === 'implicit') return own;
  return port === 25 || port === 587 ? 'starttls' : 'implicit';
}

function authenticationOf(configuration: Configuration): SmtpSubmissionRequest['authentication'] {
  const method = configuration.long('smtpauthenticate');
  if (method !== 1 && method !== 2) return { method: 'none' };
  const user = configuration.text('sendusername');
  const password = toText(configuration.raw(`${NAMESPACE.configuration}sendpassword`));
  if (method === 2 && user === '')
    throw new CdoError('CDO_E_LOGON_FAILURE', {
      hint:
        'smtpauthenticate 2 (NTLM) took the Windows account of the process; here it needs sendusername ' +
        '(DOMAIN\\user or user@domain) and sendpassword, or smtpauthenticate 1 with the same two fields.',
    });
  return { method: method === 1 ? 'basic' : 'ntlm', user, password };
}

/** The transport's own codes for a server's refusal, as they stand in the text of 80040211. */
const TRANSPORT_CODES: Readonly<Record<number, string>> = {
  421: '0x800ccc67',
  450: '0x800ccc68',
  451: '0x800ccc6a',
  452: '0x800ccc6c',
  500: '0x800ccc62',
  501: '0x800ccc63',
  502: '0x800ccc64',
  503: '0x800ccc65',
  504: '0x800ccc66',
  550: '0x800ccc69',
  551: '0x800ccc6b',
  552: '0x800ccc6d',
  553: '0x800ccc6e',
  554: '0x800ccc6f',
};

const OTHER_RESPONSE = '0x800ccc61';
const LOGON_FAILED = '0x80040217';

/** Number and text for what happened in the dialogue. */
export function submissionError(failure: Extract<SmtpSubmissionResult, { kind: 'failed' }>): CdoError {
  const response = failure.response ?? 'not available';
  const details = { inserts: [response] as [string], hint: failure.reason };
  if (failure.cause === 'not-connected')
    return new CdoError('CDO_E_FAILED_TO_CONNECT', { hint: failure.reason });
  switch (failure.stage) {
    case 'connect':
    case 'greeting':
    case 'starttls':
      return new CdoError('CDO_E_FAILED_TO_CONNECT', { hint: failure.reason });
    case 'auth':
      if (failure.cause === 'unavailable')
        return new CdoError('CDO_E_SMTP_SEND_FAILED', {
          inserts: ['not available', LOGON_FAILED],
          hint: failure.reason,
        });
      return failure.cause === 'dropped'
        ? new CdoError('CDO_E_CONNECTION_DROPPED', { hint: failure.reason })
        : new CdoError('CDO_E_AUTHENTICATION_FAILURE', details);
  }
  if (failure.cause === 'dropped') return new CdoError('CDO_E_CONNECTION_DROPPED', { hint: failure.reason });
  if (failure.stage === 'mail') return new CdoError('CDO_E_SENDER_REJECTED', details);
  if (failure.stage === 'rcpt') return new CdoError('CDO_E_RECIPIENTS_REJECTED', details);
  const code = TRANSPORT_CODES[failure.replyCode ?? 0] ?? OTHER_RESPONSE;
  return new CdoError('CDO_E_SMTP_SEND_FAILED', { inserts: [response, code], hint: failure.reason });
}

// ── News ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export function* postSteps(message: Message): Steps<void> {
  message.settle();
  const { configuration, host } = message;
  const way = configuration.has('postusing') ? configuration.long('postusing') : 0;
  if (way !== PICKUP && way !== PORT)
    throw new CdoError('CDO_E_INVALID_POST_OPTION', {
      hint: 'Set postusing to 1 (folder) or 2 (NNTP server).',
    });
  if (way === PICKUP && configuration.text('nntpserverpickupdirectory') === '')
    throw new CdoError('CDO_E_NO_PICKUP_DIR', { hint: 'Set nntpserverpickupdirectory.' });
  if (way === PORT && configuration.text('nntpserver') === '')
    throw new CdoError('CDO_E_NNTP_SERVER_REQUIRED', { hint: 'Set nntpserver.' });
  if (message.subject === '' || message.from === '' || message.newsgroups === '')
    throw new CdoError('CDO_E_INVALID_POST', { hint: 'Set Subject, From and Newsgroups.' });
  const chunks = message.toChunks(host, 'send');
  if (way === PORT) {
    yield* postToServer(configuration, Buffer.concat(chunks));
    return;
  }
  const folder = host.mapPath(configuration.text('nntpserverpickupdirectory'));
  try {
    const flush = configuration.boolean('flushbuffersonwrite');
    yield* ask('message.put', { folder, name: `${host.newName()}.nws`, chunks, flush, by: 'cdo' });
  } catch (failure) {
    throw fileError(failure, folder, 'ERROR_PATH_NOT_FOUND');
  }
}

function* postToServer(configuration: Configuration, article: Buffer): Steps<void> {
  const usesLogon = configuration.long('nntpauthenticate') === 1;
  let answer: NntpPostAnswer;
  try {
    answer = yield* ask('nntp.post', {
      server: configuration.text('nntpserver'),
      port: configuration.long('nntpserverport'),
      connectionTimeoutMs: Math.max(1, configuration.long('nntpconnectiontimeout')) * 1000,
      tls: configuration.boolean('nntpusessl'),
      ...(usesLogon && {
        user: configuration.text('postusername'),
        password: toText(configuration.raw(`${NAMESPACE.configuration}postpassword`)),
      }),
      message: article,
    });
  } catch (failure) {
    const hint = failure instanceof PortMissing ? failure.message : undefined;
    throw new CdoError('CDO_E_FAILED_TO_CONNECT', { cause: failure, ...(hint !== undefined && { hint }) });
  }
  if (answer.outcome === 'not-connected')
    throw new CdoError('CDO_E_FAILED_TO_CONNECT', { hint: answer.response });
  if (answer.outcome === 'dropped') throw new CdoError('CDO_E_CONNECTION_DROPPED', { hint: answer.response });
  if (answer.outcome === 'logon-refused')
    throw new CdoError('CDO_E_AUTHENTICATION_FAILURE', { inserts: [answer.response] });
  if (answer.outcome === 'refused')
    throw new CdoError('CDO_E_NNTP_POST_FAILED', { inserts: [answer.response, OTHER_RESPONSE] });
}
