/**
 * The envelope of a pickup file: from x-sender and x-receiver lines, or else from Sender, From, To, Cc and Bcc.
 * Owns: which source wins, ESMTP parameters behind addresses, unqualified names, duplicates.
 * Leaves: address syntax (message), the rest of the file (pickup-file).
 * Fails: with a reason class and a sentence that names the line; a file is taken whole or goes to Badmail whole.
 * Sources: KB 306043, KB 319285; doc "CDO protocol rules in bindings" (Sender before From); RFC 3461 §4; RFC 6531 §3.4;
 * observed: comma lists, duplicates, display names and Replay parameters as .NET, FogBugz and Exchange write them.
 */
import {
  type BodyType,
  domainName,
  type Mailbox,
  mailboxKey,
  type NotifyWhen,
  NULL_REVERSE_PATH,
  needsSmtpUtf8,
  type OriginalRecipient,
  type Recipient,
  type ReversePath,
} from '../envelope/index.ts';
import { decodeXtext } from '../mailroot/index.ts';
import { type AddressEntry, type HeaderBlock, type HeaderField, parseAddressList } from '../message/index.ts';

export type PickupEnvelope = {
  readonly reversePath: ReversePath;
  /** Never empty, without duplicates. */
  readonly recipients: readonly Recipient[];
  /** BODY= as the file says it; the content decides in the end. */
  readonly declaredBody?: BodyType;
  readonly smtpUtf8: boolean;
  readonly returnContent?: 'full' | 'headers';
  readonly envelopeId?: string;
  /** Things an operator may want to know; the message is sent all the same. */
  readonly warnings: readonly string[];
};

export type EnvelopeFailure = {
  readonly ok: false;
  readonly reasonClass: 'Bad Pickup File' | 'No Recipients';
  /** Sentences for the operator. */
  readonly detail: string;
};

type Result<T> = { readonly ok: true; readonly value: T } | EnvelopeFailure;

/** Header fields that are envelope and never sent. */
export const ENVELOPE_KEYS: ReadonlySet<string> = new Set(['x-sender', 'x-receiver']);

/** Lines that Exchange's Replay folder has among the envelope lines; at the top of a file they are skipped and not sent. */
export const REPLAY_KEYS: ReadonlySet<string> = new Set([
  'x-createdby',
  'x-endofinjectedxheaders',
  'x-extendedmessageprops',
  'x-helodomain',
  'x-source',
  'x-sourceipaddress',
]);

/** The fields at the top of the file that are envelope: they end at the first other field. */
export function envelopeFields(header: HeaderBlock): readonly HeaderField[] {
  const end = header.fields.findIndex(({ key }) => !ENVELOPE_KEYS.has(key) && !REPLAY_KEYS.has(key));
  const top = end < 0 ? header.fields : header.fields.slice(0, end);
  return top.some(({ key }) => ENVELOPE_KEYS.has(key)) ? top : [];
}

export function readEnvelope(header: HeaderBlock, defaultDomain: string): Result<PickupEnvelope> {
  return new EnvelopeReader(header, defaultDomain).read();
}

const KNOWN_PARAMETERS = /^(?:BODY|RET|ENVID|NOTIFY|ORCPT|AUTH|SIZE|SMTPUTF8)$/;
const NOBODY = /^undisclosed[- ]recipients?$/i;

class EnvelopeReader {
  readonly #header: HeaderBlock;
  readonly #defaultDomain: string;
  readonly #warnings: string[] = [];

  constructor(header: HeaderBlock, defaultDomain: string) {
    this.#header = header;
    this.#defaultDomain = defaultDomain;
  }

  read(): Result<PickupEnvelope> {
    // KB 319285: a message must have From, recipients and data.
    const from = this.#header.first('from');
    if (from === undefined || from.value === '')
      return bad(
        `The file has ${from === undefined ? 'no From field' : 'an empty From field'}. Add a line like "From: name@example.com".`,
      );
    const top = envelopeFields(this.#header);
    const senders = top.filter(({ key }) => key === 'x-sender');
    const receivers = top.filter(({ key }) => key === 'x-receiver');
    this.#warnAboutLateLines(top.length);
    const sender = senders.length > 0 ? this.#senderLines(senders) : this.#senderOfHeader(from);
    if (!sender.ok) return sender;
    const recipients = receivers.length > 0 ? this.#receiverLines(receivers) : this.#recipientsOfHeader();
    if (!recipients.ok) return recipients;
    const { reversePath, parameters } = sender.value;
    const paths = [reversePath, ...recipients.value.map(({ forwardPath }) => forwardPath)];
    const returned = parameters.get('RET');
    const envelopeId = this.#xtext(parameters.get('ENVID'), 'ENVID');
    const declaredBody = this.#bodyType(parameters.get('BODY'));
    if (returned !== undefined && !/^(?:FULL|HDRS)$/i.test(returned))
      this.#warn(`RET=${returned} is unknown`);
    return {
      ok: true,
      value: {
        reversePath,
        recipients: recipients.value,
        smtpUtf8: parameters.has('SMTPUTF8') || paths.some(needsSmtpUtf8),
        ...(declaredBody !== undefined && { declaredBody }),
        ...(returned !== undefined &&
          /^(?:FULL|HDRS)$/i.test(returned) && {
            returnContent: returned.toUpperCase() === 'FULL' ? ('full' as const) : ('headers' as const),
          }),
        ...(envelopeId !== undefined && { envelopeId }),
        warnings: this.#warnings,
      },
    };
  }

  #warnAboutLateLines(topLength: number): void {
    const late = this.#header.fields.slice(topLength).filter(({ key }) => ENVELOPE_KEYS.has(key));
    if (late.length > 0)
      this.#warn(
        `${late.length} x-sender or x-receiver line(s) stand below other header fields; they are removed, not used`,
      );
  }

  #senderLines(
    lines: readonly HeaderField[],
  ): Result<{ reversePath: ReversePath; parameters: ReadonlyMap<string, string> }> {
    let found: { reversePath: ReversePath; parameters: ReadonlyMap<string, string> } | undefined;
    for (const line of lines) {
      const { addresses, parameters } = this.#splitParameters(line.value);
      const one = this.#onePath(addresses, 'x-sender');
      if (!one.ok) return one;
      if (found !== undefined && pathKey(found.reversePath) !== pathKey(one.value))
        return bad('The file has two different x-sender lines. A message has one sender.');
      found ??= { reversePath: one.value, parameters };
    }
    return { ok: true, value: found! };
  }

  #onePath(text: string, where: string): Result<ReversePath> {
    if (/^<\s*>$/.test(text)) return { ok: true, value: NULL_REVERSE_PATH };
    const mailboxes = this.#mailboxes(text, where);
    if (!mailboxes.ok) return mailboxes;
    const [only, second] = mailboxes.value;
    if (only === undefined)
      return bad(
        `The ${where} line is empty. Write an address, or "<>" for a message that nobody may answer.`,
      );
    if (second !== undefined) return bad(`The ${where} line names more than one address.`);
    return { ok: true, value: only };
  }

  /** Sender wins over From; the first address of From speaks for all of them. */
  #senderOfHeader(
    from: HeaderField,
  ): Result<{ reversePath: ReversePath; parameters: ReadonlyMap<string, string> }> {
    const field = this.#header.first('sender') ?? from;
    const where = field === from ? 'From' : 'Sender';
    const mailboxes = this.#mailboxes(field.value, where);
    if (!mailboxes.ok) return mailboxes;
    const [first] = mailboxes.value;
    if (first === undefined) return bad(`The ${where} field holds no address: "${excerpt(field.value)}".`);
    return { ok: true, value: { reversePath: first, parameters: new Map() } };
  }

  #receiverLines(lines: readonly HeaderField[]): Result<readonly Recipient[]> {
    const recipients = new Map<string, Recipient>();
    for (const line of lines) {
      const { addresses, parameters } = this.#splitParameters(line.value);
      const mailboxes = this.#mailboxes(addresses, 'x-receiver');
      if (!mailboxes.ok) return mailboxes;
      const notify = this.#notify(parameters.get('NOTIFY'));
      const originalRecipient = this.#originalRecipient(parameters.get('ORCPT'));
      for (const forwardPath of mailboxes.value) {
        const key = mailboxKey(forwardPath);
        if (recipients.has(key)) continue;
        recipients.set(key, {
          forwardPath,
          ...(notify !== undefined && { notify }),
          ...(originalRecipient !== undefined && { originalRecipient }),
        });
      }
    }
    if (recipients.size === 0) return nobody('Its x-receiver lines are empty.');
    return { ok: true, value: [...recipients.values()] };
  }

  #recipientsOfHeader(): Result<readonly Recipient[]> {
    const recipients = new Map<string, Recipient>();
    for (const field of this.#header.fields) {
      const { key } = field;
      if (key !== 'to' && key !== 'cc' && key !== 'bcc') continue;
      const mailboxes = this.#mailboxes(field.value, key === 'to' ? 'To' : key === 'cc' ? 'Cc' : 'Bcc');
      if (!mailboxes.ok) return mailboxes;
      for (const forwardPath of mailboxes.value) {
        const id = mailboxKey(forwardPath);
        if (!recipients.has(id)) recipients.set(id, { forwardPath });
      }
    }
    if (recipients.size === 0)
      return nobody('It has neither x-receiver lines nor an address in To, Cc or Bcc.');
    return { ok: true, value: [...recipients.values()] };
  }

  #mailboxes(text: string, where: string): Result<readonly Mailbox[]> {
    const mailboxes: Mailbox[] = [];
    for (const entry of parseAddressList(text)) {
      if (entry.kind === 'mailbox') mailboxes.push(entry.mailbox);
      else if (entry.kind === 'group') mailboxes.push(...entry.members.map(({ mailbox }) => mailbox));
      else {
        const completed = this.#unqualified(entry);
        if (completed === 'nobody') continue;
        if (completed === undefined)
          return bad(`${where} holds "${excerpt(entry.text)}", which is not an address: ${entry.reason}.`);
        mailboxes.push(completed);
      }
    }
    return { ok: true, value: mailboxes };
  }

  /** A name without a domain belongs to the default domain. */
  #unqualified(entry: Extract<AddressEntry, { kind: 'text' }>): Mailbox | 'nobody' | undefined {
    if (NOBODY.test(entry.text)) return 'nobody';
    if (!/^[^\s@<>()[\]"\\,:;\x00-\x1f\x7f]+$/.test(entry.text)) return undefined;
    const domain = domainName(this.#defaultDomain);
    return domain && { localPart: entry.text, domain };
  }

  /** Takes ESMTP parameters off the end: `<a@b> NOTIFY=NEVER ORCPT=rfc822;a@b`. */
  #splitParameters(value: string): { addresses: string; parameters: ReadonlyMap<string, string> } {
    const parameters = new Map<string, string>();
    let addresses = value.trim();
    for (;;) {
      const match = /^(.*\S)\s+([A-Za-z][A-Za-z0-9-]*)(?:=(\S*))?$/s.exec(addresses);
      if (match === null) break;
      const [, rest, name, parameter] = match;
      const key = name!.toUpperCase();
      const isKnown = KNOWN_PARAMETERS.test(key) && (parameter !== undefined || key === 'SMTPUTF8');
      const isBehindAddress = rest!.lastIndexOf('>') > rest!.lastIndexOf('<');
      if (!isKnown && !(parameter !== undefined && isBehindAddress)) break;
      if (!isKnown) this.#warn(`the parameter ${name} is unknown and left out`);
      parameters.set(key, parameter ?? '');
      addresses = rest!.trim();
    }
    return { addresses, parameters };
  }

  #notify(text: string | undefined): NotifyWhen | undefined {
    if (text === undefined) return undefined;
    const wishes = text.toUpperCase().split(',');
    if (wishes.length === 1 && wishes[0] === 'NEVER') return 'never';
    if (!wishes.every((wish) => wish === 'SUCCESS' || wish === 'FAILURE' || wish === 'DELAY')) {
      this.#warn(`NOTIFY=${excerpt(text)} is unknown and left out`);
      return undefined;
    }
    return {
      success: wishes.includes('SUCCESS'),
      failure: wishes.includes('FAILURE'),
      delay: wishes.includes('DELAY'),
    };
  }

  #originalRecipient(text: string | undefined): OriginalRecipient | undefined {
    if (text === undefined) return undefined;
    const match = /^([A-Za-z0-9-]+);(.+)$/.exec(text);
    const address = match === null ? undefined : decodeXtext(match[2]!);
    if (match === null || address === undefined) {
      this.#warn(`ORCPT=${excerpt(text)} is unreadable and left out`);
      return undefined;
    }
    return { addressType: match[1]!, address };
  }

  #xtext(text: string | undefined, name: string): string | undefined {
    if (text === undefined || text === '') return undefined;
    const decoded = decodeXtext(text);
    if (decoded === undefined) this.#warn(`${name}=${excerpt(text)} is unreadable and left out`);
    return decoded;
  }

  #bodyType(text: string | undefined): BodyType | undefined {
    if (text === undefined) return undefined;
    const type = text.toLowerCase();
    if (type === '7bit' || type === '8bitmime' || type === 'binarymime') return type;
    this.#warn(`BODY=${excerpt(text)} is unknown and left out`);
    return undefined;
  }

  #warn(text: string): void {
    this.#warnings.push(text);
  }
}

function pathKey(path: ReversePath): string {
  return path === NULL_REVERSE_PATH ? '' : mailboxKey(path as Mailbox);
}

function excerpt(text: string): string {
  const plain = text.replace(/[\x00-\x1f\x7f]/g, '?');
  return plain.length <= 100 ? plain : `${plain.slice(0, 100)}…`;
}

function bad(detail: string): EnvelopeFailure {
  return { ok: false, reasonClass: 'Bad Pickup File', detail };
}

function nobody(detail: string): EnvelopeFailure {
  return { ok: false, reasonClass: 'No Recipients', detail: `The file names no recipients. ${detail}` };
}
