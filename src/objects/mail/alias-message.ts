/**
 * The message behind the mail components that are not Microsoft's, carried out by CDO.Message.
 * Owns: collecting what the components have in common and handing it to a CDO.Message.  Leaves: their members' names (one file each).
 * Fails: what CDO raises comes out with the component's name as its source; a header that would break the message is error 5.
 */
import { AutomationError, type AutomationObject, type AutomationValue } from '../../automation/index.ts';
import { runtimeError } from '../errors.ts';
import type { ObjectScope } from '../scope.ts';

const CONFIGURATION = 'http://schemas.microsoft.com/cdo/configuration/';
const HEADER = 'urn:schemas:mailheader:';
const HTTPMAIL = 'urn:schemas:httpmail:';

export type Correspondent = { readonly address: string; readonly name: string };

export type SmtpServer = {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly useTls?: boolean | undefined;
};

/** 1 high, 3 normal, 5 low, as X-Priority counts. */
export type Priority = 1 | 2 | 3 | 4 | 5;

export class AliasMessage {
  readonly scope: ObjectScope;
  /** What Err.Source shows. */
  readonly source: string;
  from: Correspondent = { address: '', name: '' };
  replyTo: Correspondent[] = [];
  to: Correspondent[] = [];
  cc: Correspondent[] = [];
  bcc: Correspondent[] = [];
  subject = '';
  text = '';
  html = '';
  charset = '';
  priority: Priority = 3;
  attachments: string[] = [];
  images: { path: string; id: string }[] = [];
  headers: { name: string; value: string }[] = [];
  wantsReceipt = false;
  /** Tried in order; none: the machine's own mail service takes the message. */
  servers: SmtpServer[] = [];

  constructor(scope: ObjectScope, source: string) {
    this.scope = scope;
    this.source = source;
  }

  attach(path: string): void {
    // Checked at once, as the components do; CDO reads the file when the message is sent.
    this.scope.files.file(path);
    this.attachments.push(path);
  }

  addHeader(name: string, value: string): void {
    if (!/^[!-9;-~]+$/.test(name)) throw runtimeError(5);
    this.headers.push({ name, value: oneLine(value) });
  }

  /** The content of a text file, for the components' "body from file". */
  fileText(path: string): string {
    const stream = this.scope
      .createObject('Scripting.FileSystemObject')
      .invoke('call', 'OpenTextFile', [path]);
    if (stream === undefined || typeof stream !== 'object' || stream === null || !('invoke' in stream))
      throw runtimeError(53);
    try {
      return stream.invoke('get', 'AtEndOfStream', []) === true
        ? ''
        : String(stream.invoke('call', 'ReadAll', []));
    } finally {
      stream.invoke('call', 'Close', []);
    }
  }

  /** Sends by the first server that takes it. */
  send(): void {
    const servers: (SmtpServer | undefined)[] = this.servers.length > 0 ? this.servers : [undefined];
    for (const [index, server] of servers.entries()) {
      try {
        this.#message(server).invoke('call', 'Send', []);
        return;
      } catch (thrown) {
        if (!(thrown instanceof AutomationError)) throw thrown;
        if (index < servers.length - 1) continue;
        throw new AutomationError(thrown.hresult, thrown.message, { source: this.source, cause: thrown });
      }
    }
  }

  #message(server: SmtpServer | undefined): AutomationObject {
    const message = this.scope.createObject('CDO.Message');
    if (server !== undefined) configure(message, server);
    if (this.charset !== '')
      objectOf(message.invoke('get', 'BodyPart', [])).invoke('put', 'Charset', [this.charset]);
    const put = (member: string, value: AutomationValue): void => {
      message.invoke('put', member, [value]);
    };
    put('From', list([this.from]));
    if (this.replyTo.length > 0) put('ReplyTo', list(this.replyTo));
    put('To', list(this.to));
    if (this.cc.length > 0) put('CC', list(this.cc));
    if (this.bcc.length > 0) put('BCC', list(this.bcc));
    put('Subject', oneLine(this.subject));
    if (this.html !== '') put('HTMLBody', this.html);
    if (this.text !== '' || this.html === '') put('TextBody', this.text);
    if (this.charset !== '') {
      if (this.html !== '')
        objectOf(message.invoke('get', 'HTMLBodyPart', [])).invoke('put', 'Charset', [this.charset]);
      if (this.text !== '')
        objectOf(message.invoke('get', 'TextBodyPart', [])).invoke('put', 'Charset', [this.charset]);
    }
    for (const path of this.attachments) message.invoke('call', 'AddAttachment', [path]);
    for (const { path, id } of this.images) message.invoke('call', 'AddRelatedBodyPart', [path, id, 0]);
    if (this.wantsReceipt) put('MDNRequested', true);
    const fields = objectOf(message.invoke('get', 'Fields', []));
    if (this.priority !== 3) {
      fields.invoke('put', 'Item', [`${HTTPMAIL}importance`, this.priority < 3 ? 2 : 0]);
      fields.invoke('put', 'Item', [`${HEADER}X-Priority`, String(this.priority)]);
    }
    for (const { name, value } of this.headers) fields.invoke('put', 'Item', [HEADER + name, value]);
    if (this.priority !== 3 || this.headers.length > 0) fields.invoke('call', 'Update', []);
    return message;
  }
}

function configure(message: AutomationObject, server: SmtpServer): void {
  const fields = objectOf(objectOf(message.invoke('get', 'Configuration', [])).invoke('get', 'Fields', []));
  const set = (name: string, value: AutomationValue): void => {
    fields.invoke('put', 'Item', [CONFIGURATION + name, value]);
  };
  set('sendusing', 2);
  set('smtpserver', server.host);
  if (server.port !== undefined) set('smtpserverport', server.port);
  if (server.user !== undefined && server.user !== '') {
    set('smtpauthenticate', 1);
    set('sendusername', server.user);
    set('sendpassword', server.password ?? '');
  }
  if (server.useTls) set('smtpusessl', true);
  fields.invoke('call', 'Update', []);
}

/** `user:password@host:port`, any part but the host may be missing. */
export function parseServer(text: string): SmtpServer {
  const at = text.lastIndexOf('@');
  const [user, ...password] = at < 0 ? [undefined] : text.slice(0, at).split(':');
  const [host = '', port] = text
    .slice(at + 1)
    .trim()
    .split(':');
  return {
    host,
    ...(port !== undefined && /^\d+$/.test(port) && { port: Number(port) }),
    ...(user !== undefined && { user, password: password.join(':') }),
  };
}

/** Several servers in one text, parted by semicolons or commas. */
export function parseServers(text: string): SmtpServer[] {
  return text
    .split(/[;,]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseServer);
}

function list(correspondents: readonly Correspondent[]): string {
  return correspondents
    .filter(({ address }) => address.trim() !== '')
    .map(({ address, name }) => {
      const plain = oneLine(address).trim();
      if (oneLine(name).trim() === '') return plain;
      return `"${oneLine(name).replace(/["\\]/g, '\\$&')}" <${plain}>`;
    })
    .join(', ');
}

/** A value for one header line: what would begin a new line becomes a space. */
function oneLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ');
}

/** The object a member answered with; 424 for anything else. */
export function objectOf(value: AutomationValue): AutomationObject {
  if (typeof value === 'object' && value !== null && 'invoke' in value) return value;
  throw runtimeError(424);
}

export function priorityOf(value: number): Priority {
  return value >= 1 && value <= 5 ? (Math.round(value) as Priority) : 3;
}
