/**
 * Conversations as files, the server's side scripted: reads one, plays the server, and tells what the client made of it.
 *
 * Lines of a `*.smtp` file:
 *   # title and remarks; the first one names the test
 *   @ word value     a setting of the session or the message, see `readDialog`
 *   S: text          the server says it;  S: [close] [reset] [tls] [silence MS] [raw "JSON string"] it does it
 *   C: text          the client must say it, `*` stands for anything;  C: [message] [closed] [nothing] [anything]
 *   > text           what is reported, in order: `a@example.test accepted 250`, `a@example.test rcpt rejected 550`,
 *                    `2: untried`, `closed`, `closed greeting timeout`
 * `BDAT n` on a client line takes the n bytes that follow with it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { type BodyType, domainName, type Mailbox, NULL_REVERSE_PATH } from '../../src/envelope/index.ts';
import type { AttemptFailure } from '../../src/smtp/client/contract.ts';
import { type ClientSession, SessionMaker, type SessionOwner } from '../../src/smtp/client/session.ts';
import { DEFAULT_TIMEOUTS } from '../../src/smtp/client/state.ts';
import {
  DEFAULT_PLAN_OPTIONS,
  type OutgoingMessage,
  planTransaction,
  recipientReports,
  type Transaction,
  type TransactionResult,
} from '../../src/smtp/client/transaction.ts';
import { type ManualClock, manualClock } from '../support/manual-clock.ts';

export type Dialog = {
  readonly title: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly script: readonly { readonly side: 'S' | 'C'; readonly text: string; readonly line: number }[];
  readonly expected: readonly string[];
};

const SETTINGS = [
  'recipients', // a@example.test b@example.test …
  'sender', // an address or <>
  'body', // 7bit 8bitmime binarymime
  'smtputf8', // yes
  'tls', // none opportunistic required implicit
  'verify', // no: take any certificate
  'host', // the name the certificate is compared with
  'auth', // user password
  'mechanism', // NTLM …
  'token', // an access token for XOAUTH2
  'plain-auth', // yes: allowed without TLS
  'helo', // yes: greet with HELO
  'message', // JSON string
  'streamed', // JSON strings: the pieces of a large body
  'unreadable', // yes: the body fails after its pieces
  'messages', // how many
  'pipeline-next', // yes: the next message may follow the end of data
  'quit-after', // yes: QUIT may follow the end of data
  'all-or-none', // yes
  'chunking', // no: DATA although the host offers CHUNKING
  'at-once', // no: BDAT only after the replies to RCPT
  'ret', // full headers
  'envid', // text
  'notify', // never or success,failure,delay
  'orcpt', // type;address
] as const;

export function readDialog(file: string): Dialog {
  const settings = new Map<string, string>();
  const script: Dialog['script'][number][] = [];
  const expected: string[] = [];
  let title = '';
  readFileSync(file, 'utf8')
    .split('\n')
    .forEach((text, index) => {
      const line = index + 1;
      if (text.startsWith('#')) title ||= text.slice(1).trim();
      else if (text.startsWith('@ ')) {
        const [word = '', ...value] = text.slice(2).trim().split(' ');
        assert.ok((SETTINGS as readonly string[]).includes(word), `${file}:${line}: unknown setting ${word}`);
        settings.set(word, value.join(' '));
      } else if (text.startsWith('S: ') || text.startsWith('C: ')) {
        script.push({ side: text[0] as 'S' | 'C', text: text.slice(3), line });
      } else if (text.startsWith('> ')) expected.push(text.slice(2).trim());
      else assert.equal(text.trim(), '', `${file}:${line}: neither remark, setting, line nor result`);
    });
  return { title, settings, script, expected };
}

/** Plays `dialog` and returns the results in the file's words. Throws where the client departs from the script. */
export async function playDialog(dialog: Dialog): Promise<readonly string[]> {
  const clock = manualClock();
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const serving = new Promise<void>((resolve, reject) => {
      server.once('connection', (socket) =>
        new ScriptedServer(socket, clock).play(dialog).then(resolve, reject),
      );
    });
    const { port } = server.address() as net.AddressInfo;
    const results = runClient(dialog, port, clock);
    await serving;
    return await results;
  } finally {
    server.close();
  }
}

class ScriptedServer {
  #socket: net.Socket;
  readonly #clock: ManualClock;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(socket: net.Socket, clock: ManualClock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#listen(socket);
  }

  async play({ script }: Dialog): Promise<void> {
    try {
      for (const { side, text, line } of script) {
        if (side === 'C') await this.#hear(text, line);
        else await this.#say(text);
      }
      await this.#untilClosed();
      assert.equal(this.#received.toString('latin1', 0, 200), '', 'the client said more than the script');
    } finally {
      this.#socket.destroy();
    }
  }

  async #say(text: string): Promise<void> {
    const action = /^\[(\w+)(?: (.*))?\]$/.exec(text);
    if (action === null) {
      this.#socket.write(`${text}\r\n`);
      return;
    }
    const [, word, value = ''] = action;
    if (word === 'close') this.#socket.end();
    else if (word === 'reset') this.#socket.resetAndDestroy();
    else if (word === 'raw') this.#socket.write(Buffer.from(JSON.parse(value) as string, 'latin1'));
    else if (word === 'silence') {
      // The client has read everything when its own turn is over; only then does time pass.
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      this.#clock.advance(Number(value));
    } else if (word === 'tls') {
      const folder = join(import.meta.dirname, 'tls');
      this.#socket.removeAllListeners('data');
      this.#socket = new TLSSocket(this.#socket, {
        isServer: true,
        key: readFileSync(join(folder, 'mx.key')),
        cert: readFileSync(join(folder, 'mx.pem')),
      });
      this.#listen(this.#socket);
    } else assert.fail(`unknown action ${text}`);
  }

  async #hear(text: string, line: number): Promise<void> {
    if (text === '[closed]') {
      await this.#untilClosed();
      return;
    }
    if (text === '[anything]') {
      await this.#untilClosed();
      this.#received = Buffer.alloc(0);
      return;
    }
    if (text === '[nothing]') {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(this.#received.toString('latin1'), '', `line ${line}: the client should wait`);
      return;
    }
    if (text === '[message]') {
      while ((await this.#line(line)) !== '.');
      return;
    }
    const heard = await this.#line(line);
    const pattern = text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    assert.match(heard, new RegExp(`^${pattern}$`, 's'), `line ${line}`);
    const chunk = /^BDAT (\d+)/.exec(heard);
    if (chunk) await this.#bytes(Number(chunk[1]), line);
  }

  async #line(line: number): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\r\n');
      if (end >= 0) {
        const text = this.#received.toString('utf8', 0, end);
        this.#received = this.#received.subarray(end + 2);
        return text;
      }
      assert.ok(!this.#isClosed, `line ${line}: the client closed the connection`);
      await this.#woken();
    }
  }

  async #bytes(count: number, line: number): Promise<void> {
    while (this.#received.length < count) {
      assert.ok(!this.#isClosed, `line ${line}: the client closed the connection inside BDAT`);
      await this.#woken();
    }
    this.#received = this.#received.subarray(count);
  }

  async #untilClosed(): Promise<void> {
    while (!this.#isClosed) await this.#woken();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #listen(socket: net.Socket): void {
    const wake = (): void => {
      const resolve = this.#wake;
      this.#wake = undefined;
      resolve?.();
    };
    socket.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      wake();
    });
    const closed = (): void => {
      this.#isClosed = true;
      wake();
    };
    socket.on('error', closed);
    socket.on('end', closed);
    socket.on('close', closed);
  }
}

function runClient({ settings }: Dialog, port: number, clock: ManualClock): Promise<readonly string[]> {
  const authority = readFileSync(join(import.meta.dirname, 'tls/ca.pem'), 'utf8');
  const is = (word: string): boolean => settings.get(word) === 'yes';
  const results: string[] = [];
  let begun = 0;
  const wanted = Number(settings.get('messages') ?? 1);
  const numbers = new Map<Transaction, number>();
  const plan = (session: ClientSession): Transaction | undefined => {
    if (begun >= wanted) return undefined;
    begun += 1;
    const planned = planTransaction(messageOf(settings), session.peer!, {
      ...DEFAULT_PLAN_OPTIONS,
      useChunking: settings.get('chunking') !== 'no',
      ...(settings.get('at-once') === 'no' ? { bodyAtOnceMaxBytes: 0 } : {}),
      allOrNone: is('all-or-none'),
    });
    if ('refused' in planned) {
      results.push(`${prefix(begun)}not sent: ${planned.refused.problem}`);
      return undefined;
    }
    numbers.set(planned, begun);
    return planned;
  };
  const prefix = (number: number): string => (wanted > 1 ? `${number}: ` : '');
  return new Promise((resolve, reject) => {
    const owner: SessionOwner = {
      onReady(session) {
        const transaction = plan(session);
        if (transaction === undefined) session.quit();
        else session.begin(transaction);
      },
      nextAfter(session) {
        const transaction = is('pipeline-next') ? plan(session) : undefined;
        return transaction ?? (is('quit-after') && begun >= wanted ? 'quit' : undefined);
      },
      onResult(session, result) {
        results.push(...describe(result, prefix(numbers.get(result.transaction)!), session));
      },
      onClosed(_session, why) {
        results.push(why === undefined ? 'closed' : `closed ${failureWords(why)}`);
        resolve(results);
      },
      onDefect: (_session, defect) => reject(defect),
    };
    const [user, password] = (settings.get('auth') ?? '').split(' ');
    const maker = new SessionMaker({ clock, certificateAuthorities: authority });
    maker.open(
      {
        host: settings.get('host') ?? 'mx.test',
        address: '127.0.0.1',
        port,
        tls: (settings.get('tls') ?? 'none') as 'none' | 'opportunistic' | 'required' | 'implicit',
        verifyCertificate: settings.get('verify') !== 'no',
        greetWithHelo: is('helo'),
        ...(user === undefined || user === ''
          ? {}
          : {
              credentials: {
                user,
                password: password ?? '',
                allowPlainText: is('plain-auth'),
                ...(settings.has('mechanism') ? { mechanism: settings.get('mechanism')! } : {}),
                ...(settings.has('token') ? { accessToken: settings.get('token')! } : {}),
              },
            }),
      },
      { heloName: 'client.test', timeouts: DEFAULT_TIMEOUTS },
      owner,
    );
  });
}

function describe(result: TransactionResult, prefix: string, session: ClientSession): readonly string[] {
  const reports = recipientReports(result, {
    host: 'mx.test',
    address: '127.0.0.1',
    tls: session.peer?.tls?.protocol,
    hostKeepsDsn: session.peer?.dsn === true,
  });
  if (reports === undefined) return [`${prefix}untried`];
  return reports.map((report, n) => {
    const { localPart, domain } = result.transaction.message.recipients[n]!.forwardPath;
    const mailbox = `${localPart}@${domain.kind === 'name' ? domain.ascii : domain.address}`;
    const words = report.accepted ? `accepted ${report.reply.code}` : failureWords(report.failure);
    return `${prefix}${mailbox} ${words}`;
  });
}

function failureWords({ stage, problem, reply }: AttemptFailure): string {
  return `${stage} ${problem}${reply === undefined ? '' : ` ${reply.code}`}`;
}

function messageOf(settings: ReadonlyMap<string, string>): OutgoingMessage {
  const text = settings.has('message')
    ? (JSON.parse(settings.get('message')!) as string)
    : 'Subject: test\r\n\r\nhello\r\n';
  const whole = Buffer.from(text, 'utf8');
  const pieces = settings.has('streamed')
    ? (JSON.parse(settings.get('streamed')!) as string[]).map((piece) => Buffer.from(piece, 'utf8'))
    : undefined;
  const notify = settings.get('notify');
  const words = notify?.split(',') ?? [];
  const orcpt = settings.get('orcpt')?.split(';');
  const sender = settings.get('sender') ?? 'from@example.test';
  return {
    reversePath: sender === '<>' ? NULL_REVERSE_PATH : mailbox(sender),
    recipients: (settings.get('recipients') ?? 'a@example.test').split(' ').map((address, recipientId) => ({
      recipientId,
      forwardPath: mailbox(address),
      ...(notify === undefined
        ? {}
        : {
            notify:
              notify === 'never'
                ? ('never' as const)
                : {
                    success: words.includes('success'),
                    failure: words.includes('failure'),
                    delay: words.includes('delay'),
                  },
          }),
      ...(orcpt === undefined ? {} : { originalRecipient: { addressType: orcpt[0]!, address: orcpt[1]! } }),
    })),
    body: (settings.get('body') ?? '7bit') as BodyType,
    smtpUtf8: settings.get('smtputf8') === 'yes',
    ...(settings.has('ret') ? { returnContent: settings.get('ret') as 'full' | 'headers' } : {}),
    ...(settings.has('envid') ? { envelopeId: settings.get('envid')! } : {}),
    content: {
      bytes: pieces === undefined ? whole.length : Buffer.concat(pieces).length,
      small: pieces === undefined ? whole : undefined,
      async *chunks() {
        yield* pieces ?? [whole];
        if (settings.get('unreadable') === 'yes') throw new Error('the body file is gone');
      },
    },
    isCanonical: false,
  };
}

function mailbox(address: string): Mailbox {
  const at = address.lastIndexOf('@');
  return { localPart: address.slice(0, at), domain: domainName(address.slice(at + 1))! };
}
