import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { createIdSource, silentLogger, systemClock } from '../../base/index.ts';
import { SmtpServer } from './server.ts';
import { defaultServerSettings, type ServerSettings } from './settings.ts';
import { MemorySink, noAuthentication, openPolicy, unwatched } from './testing.ts';

/** Ended after each test, also a failed one: an open listener would keep the process alive. */
const running: { server: SmtpServer; lines: Line[] }[] = [];
afterEach(async () => {
  for (const { server, lines } of running.splice(0)) {
    for (const { socket } of lines) socket.destroy();
    await server.stop(1000);
  }
});

async function begin(
  change: Partial<ServerSettings> = {},
  parts: Partial<ConstructorParameters<typeof SmtpServer>[1]> = {},
): Promise<{ server: SmtpServer; sink: MemorySink; dial: () => Promise<Line> }> {
  const sink = new MemorySink();
  const settings = {
    ...defaultServerSettings({ name: 'test', fqdn: 'relay.test' }),
    bindings: [{ address: '127.0.0.1', port: 0, tls: 'starttls' as const }],
    ...change,
  };
  const server = new SmtpServer(settings, {
    policy: openPolicy(),
    sink,
    authenticator: noAuthentication,
    clock: systemClock,
    ids: createIdSource(Date.now),
    logger: silentLogger,
    readFile: async () => Buffer.alloc(0),
    trace: unwatched,
    ...parts,
  });
  await server.start();
  const lines: Line[] = [];
  running.push({ server, lines });
  return {
    server,
    sink,
    async dial() {
      const line = await Line.dial(server.addresses[0]!.port);
      lines.push(line);
      return line;
    },
  };
}

class Line {
  readonly socket: Socket;
  #text = '';
  #isClosed = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#text += chunk.toString();
      this.#wake();
    });
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
    socket.on('error', () => {});
  }

  static async dial(port: number): Promise<Line> {
    const socket = connect(port, '127.0.0.1');
    const line = new Line(socket);
    await once(socket, 'connect');
    return line;
  }

  /** The next whole reply, multi-line ones joined by `|`. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#text);
      if (match) {
        this.#text = this.#text.slice(match[0].length);
        return match[0].slice(0, -2).replaceAll('\r\n', '|');
      }
      if (this.#isClosed) return 'closed';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ask(text: string): Promise<string> {
    this.socket.write(text);
    return this.reply();
  }
}

test('takes a message in a plain dialogue', async () => {
  const { sink, dial } = await begin();
  const line = await dial();
  assert.match(await line.reply(), /^220 relay\.test ESMTP Mailroot ready at {2}\w/);
  assert.match(
    await line.ask('EHLO client.test\r\n'),
    /^250-relay\.test Hello \[127\.0\.0\.1\]\|.*SIZE 26214400\|.*250 OK$/,
  );
  assert.equal(await line.ask('MAIL FROM:<a@b.test>\r\n'), '250 2.1.0 a@b.test....Sender OK');
  assert.equal(await line.ask('RCPT TO:<c@d.test>\r\n'), '250 2.1.5 c@d.test ');
  assert.equal(await line.ask('DATA\r\n'), '354 Start mail input; end with <CRLF>.<CRLF>');
  assert.equal(
    await line.ask('Subject: x\r\n\r\n..dot\r\nend\r\n.\r\n'),
    '250 2.6.0 <id@test> Queued mail for delivery',
  );
  assert.equal(await line.ask('QUIT\r\n'), '221 2.0.0 relay.test Service closing transmission channel');
  assert.equal(await line.reply(), 'closed');
  assert.equal(sink.messages[0]!.content.toString(), 'Subject: x\r\n\r\n.dot\r\nend\r\n');
});

test('answers a pipelined group in one segment', async () => {
  const { sink, dial } = await begin();
  const line = await dial();
  await line.reply();
  await line.ask('EHLO client.test\r\n');
  const chunks: string[] = [];
  line.socket.on('data', (chunk) => chunks.push(chunk.toString()));
  line.socket.write('MAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<e@d.test>\r\nDATA\r\n');
  for (let count = 0; count < 4; count += 1) await line.reply();
  assert.equal(chunks.length, 1);
  assert.match(await line.ask('x\r\n.\r\nMAIL FROM:<>\r\n'), /^250 2\.6\.0/);
  assert.equal(await line.reply(), '250 2.1.0 <>....Sender OK');
  assert.equal(sink.messages[0]!.recipients.length, 2);
});

test('takes a message by BDAT and swallows the octets of a refused chunk', async () => {
  const { sink, dial } = await begin();
  const line = await dial();
  await line.reply();
  await line.ask('EHLO client.test\r\n');
  assert.match(await line.ask('BDAT 6\r\nQUIT\r\nNOOP\r\n'), /^503 5\.5\.2/);
  assert.equal(await line.reply(), '250 2.0.0 OK');
  line.socket.write('MAIL FROM:<a@b.test> BODY=BINARYMIME\r\nRCPT TO:<c@d.test>\r\n');
  await line.reply();
  await line.reply();
  assert.equal(await line.ask('BDAT 4\r\na\0\nb'), '250 2.0.0 4 octets received');
  assert.match(await line.ask('MAIL FROM:<x@y.test>\r\n'), /^503 5\.5\.1/);
  assert.match(await line.ask('BDAT 2 LAST\r\ncd'), /^250 2\.6\.0/);
  assert.equal(sink.messages[0]!.content.toString('latin1'), 'a\0\nbcd');
});

test('a client that leaves before the reply does not undo its message', async () => {
  const { server, sink, dial } = await begin();
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { answer } = sink;
  const line = await dial();
  await line.reply();
  await line.ask('HELO x\r\n');
  await line.ask('MAIL FROM:<a@b.test>\r\n');
  await line.ask('RCPT TO:<c@d.test>\r\n');
  await line.ask('DATA\r\n');
  const committing = new Promise<void>((resolve) => {
    sink.answer = async (message) => {
      resolve();
      await held;
      return answer(message);
    };
  });
  line.socket.write('x\r\n.\r\n');
  await committing;
  line.socket.resetAndDestroy();
  while (server.sessionCount > 0) await new Promise(setImmediate);
  release();
  await held;
  await new Promise(setImmediate);
  assert.equal(sink.messages.length, 1);
  assert.equal(sink.aborted, 0);
});
