/**
 * Every reply the server gives, in one place: code, enhanced status code and words belong together here and nowhere else.
 * Owns: codes and texts.  Leaves: when a reply is due (server, intake), its bytes (reply-writer.ts).
 * Foreign words that enter a text pass `shown`, so none can break a line or the terminal of who reads a log.
 * compat: where the old service's text is known it is kept word for word; programs search replies for these words.
 * Sources: RFC 5321 §4.2, §4.3.2; RFC 3463; RFC 4954 §6; RFC 3207 §4; RFC 1985 §5.3; RFC 6531 §3.5; RFC 7504; KB 304897;
 * KB 289521; IANA registry of SMTP enhanced status codes.
 */
import { formatPath, type Mailbox, type Reply, type ReversePath, reply } from '../../envelope/index.ts';

/** Foreign text inside a reply: printable, on one line, bounded. Letters beyond ASCII stay; controls become `?`. */
export function shown(text: string, most = 120): string {
  const clean = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '?');
  return clean.length <= most ? clean : `${clean.slice(0, most)}…`;
}

/** The path as the client may read it back: without brackets, `<>` for the null reverse-path. */
function address(path: ReversePath): string {
  const text = formatPath(path);
  return text === '<>' ? text : shown(text.slice(1, -1), 320);
}

export const replies = {
  // ── connection ──────────────────────────────────────────────────────────────────────────────────────────────────
  banner: (text: string): Reply => reply(220, undefined, text),
  accessDenied: reply(554, '5.7.1', 'Access denied: this computer is not allowed to connect'),
  tooManyConnections: reply(421, '4.3.2', 'Too many connections, try again later'),
  tooManyConnectionsFromAddress: reply(
    421,
    '4.7.0',
    'Too many connections from your address, try again later',
  ),
  connectionRate: reply(421, '4.7.0', 'Too many new connections from your address, try again later'),
  shuttingDown: (fqdn: string): Reply => reply(421, '4.3.2', `${fqdn} Service is stopping, try again later`),
  idleTimeout: (fqdn: string): Reply =>
    reply(421, '4.4.2', `${fqdn} Timeout waiting for client input, closing`),
  tooManyErrors: reply(421, '4.7.0', 'Too many errors on this connection, closing'),
  tooManyCommands: reply(421, '4.7.0', 'Too many commands without a message, closing'),
  messageLimitOfConnection: reply(421, '4.5.3', 'Too many messages on this connection, connect again'),
  sessionSizeExceeded: reply(421, '4.3.4', 'Session size limit reached, connect again'),
  internalError: (sessionId: string): Reply => reply(451, '4.3.0', `Internal error, session ${sessionId}`),
  internalClose: (sessionId: string): Reply =>
    reply(421, '4.3.0', `Internal error, session ${sessionId}, closing`),

  // ── command lines ───────────────────────────────────────────────────────────────────────────────────────────────
  lineTooLong: reply(500, '5.5.2', 'Line too long'),
  unrecognized: reply(500, '5.3.3', 'Unrecognized command'),
  bareLineEnd: reply(500, '5.5.2', 'Lines must end in CRLF, a lone CR or LF is not accepted; closing'),
  badBytes: reply(500, '5.5.2', 'The line holds bytes that no command may hold'),
  notUtf8: reply(500, '5.5.2', 'The line is not valid UTF-8'),
  notOffered: reply(502, '5.5.1', 'Command not offered here'),
  noArguments: (verb: string): Reply => reply(501, '5.5.4', `${verb} takes no argument`),
  badArguments: (problem: string): Reply => reply(501, '5.5.4', `Invalid arguments: ${problem}`),
  tlsNeeded: reply(530, '5.7.0', 'Must issue a STARTTLS command first'),
  authNeeded: reply(530, '5.7.0', 'Authentication required'),
  pipelined: (verb: string): Reply =>
    reply(503, '5.5.0', `Nothing may follow ${verb} before its reply has been read; closing`),

  // ── HELO, EHLO, HELP, NOOP, RSET, QUIT, VRFY ────────────────────────────────────────────────────────────────────
  hello: (fqdn: string, address: string): Reply => reply(250, undefined, `${fqdn} Hello [${address}]`),
  helloExtended: (fqdn: string, address: string, keywords: readonly string[]): Reply =>
    reply(250, undefined, `${fqdn} Hello [${address}]`, ...keywords, 'OK'),
  helloInvalid: (problem: string): Reply => reply(501, '5.5.4', `Invalid domain name: ${problem}`),
  helloFirst: reply(503, '5.5.2', 'Send hello first'),
  help: (verbs: string): Reply =>
    reply(214, undefined, 'This server supports the following commands:', verbs),
  ok: reply(250, '2.0.0', 'OK'),
  resetting: reply(250, '2.0.0', 'Resetting'),
  closing: (fqdn: string): Reply => reply(221, '2.0.0', `${fqdn} Service closing transmission channel`),
  cannotVerify: (asked: string): Reply =>
    reply(252, '2.1.5', `Cannot VRFY user, but will take message for ${shown(asked)}`),

  // ── MAIL and RCPT ───────────────────────────────────────────────────────────────────────────────────────────────
  senderOk: (path: ReversePath): Reply => reply(250, '2.1.0', `${address(path)}....Sender OK`),
  senderAlready: reply(503, '5.5.2', 'Sender already specified'),
  senderInvalid: (problem: string): Reply => reply(501, '5.1.7', `Invalid address: ${problem}`),
  recipientOk: (path: Mailbox): Reply => reply(250, '2.1.5', `${address(path)} `),
  recipientInvalid: (problem: string): Reply => reply(501, '5.1.3', `Invalid address: ${problem}`),
  relayDenied: (path: Mailbox): Reply => reply(550, '5.7.1', `Unable to relay for ${address(path)}`),
  recipientsFull: reply(452, '4.5.3', 'Too many recipients'),
  mailboxFull: reply(452, '4.2.2', 'Mailbox Full'),
  mailFirst: reply(503, '5.5.2', 'Need mail command'),
  rcptFirst: reply(503, '5.5.2', 'Need Rcpt command'),
  parameterUnknown: (problem: string): Reply =>
    reply(555, '5.5.4', `Unsupported parameter: ${shown(problem)}`),
  parameterInvalid: (problem: string): Reply => reply(501, '5.5.4', `Invalid parameter: ${shown(problem)}`),
  needsSmtpUtf8: reply(553, '5.6.7', 'Address is not ASCII; SMTPUTF8 must be given with MAIL'),
  tooBig: reply(552, '5.3.4', 'Message size exceeds fixed maximum message size'),
  messageRate: reply(452, '4.7.1', 'Too many messages from you, try again later'),
  // RFC 3030 §3: BINARYMIME and DATA exclude each other.
  binaryNeedsBdat: reply(503, '5.5.1', 'A BINARYMIME message must be sent with BDAT'),

  // ── DATA and BDAT ───────────────────────────────────────────────────────────────────────────────────────────────
  startInput: reply(354, undefined, 'Start mail input; end with <CRLF>.<CRLF>'),
  chunkOk: (octets: number): Reply => reply(250, '2.0.0', `${octets} octets received`),
  chunkFirst: reply(503, '5.5.1', 'Finish the BDAT sequence or send RSET'),
  queued: (messageId: string): Reply =>
    reply(250, '2.6.0', `${shown(messageId, 400)} Queued mail for delivery`),
  queuedAs: (messageId: string, id: string): Reply =>
    reply(250, '2.6.0', `${shown(messageId, 400)} [InternalId=${id}] Queued mail for delivery`),
  bareLineEndInMessage: reply(550, '5.6.0', 'Message holds a CR or LF alone; lines must end in CRLF'),
  nulInMessage: reply(550, '5.6.0', 'Message holds a NUL byte'),
  headerTooBig: reply(552, '5.3.4', 'Header exceeds the maximum size'),
  tooManyHops: reply(554, '5.4.6', 'Hop count exceeded, possible mail loop'),
  storageFull: reply(452, '4.3.1', 'Insufficient system storage, try again later'),
  storageFailed: (sessionId: string): Reply =>
    reply(451, '4.3.0', `Message not stored, session ${sessionId}`),

  // ── STARTTLS ────────────────────────────────────────────────────────────────────────────────────────────────────
  tlsReady: reply(220, '2.0.0', 'SMTP server ready'),
  tlsUnavailable: reply(454, '4.7.0', 'TLS is not available now'),
  tlsActive: reply(503, '5.5.1', 'TLS is already active'),

  // ── AUTH ────────────────────────────────────────────────────────────────────────────────────────────────────────
  challenge: (base64: string): Reply => reply(334, undefined, base64),
  authOk: reply(235, '2.7.0', 'Authentication successful.'),
  authAlready: reply(503, '5.5.1', 'Already authenticated'),
  authInTransaction: reply(503, '5.5.1', 'AUTH is not allowed during a mail transaction'),
  authFailed: reply(535, '5.7.8', 'Authentication unsuccessful'),
  authMalformed: reply(501, '5.5.2', 'Cannot decode the authentication response'),
  authCancelled: reply(501, '5.7.0', 'Authentication cancelled'),
  authMechanismUnknown: reply(504, '5.5.4', 'Unrecognized authentication type'),
  authBusy: reply(454, '4.7.0', 'Temporary authentication failure, try again later'),
  authNeedsTls: reply(538, '5.7.11', 'Encryption required for requested authentication mechanism'),
  authBlocked: reply(421, '4.7.0', 'Too many failed authentications from your address, try again later'),

  // ── ETRN ────────────────────────────────────────────────────────────────────────────────────────────────────────
  etrnStarted: (node: string): Reply => reply(250, '2.0.0', `OK, queuing for node ${shown(node)} started`),
  etrnNothing: (node: string): Reply =>
    reply(251, '2.0.0', `OK, no messages waiting for node ${shown(node)}`),
  etrnPending: (node: string, count: number): Reply =>
    reply(253, '2.0.0', `OK, ${count} pending messages for node ${shown(node)} started`),
  etrnUnable: (node: string): Reply =>
    reply(458, '4.3.0', `Unable to queue messages for node ${shown(node)}`),
  etrnRefused: (node: string): Reply => reply(459, '4.7.1', `Node ${shown(node)} not allowed`),
} as const;
