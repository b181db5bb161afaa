/** A server that says what it is told and writes the dialogue down: for the wire side of the idioms. */
import { createServer, type Server, type Socket } from 'node:net';
import { after } from 'node:test';

export type WireServer = {
  readonly port: number;
  /** `S: …` and `C: …`, in order; the message's lines are indented. */
  readonly dialogue: string[];
  /** Resolves when every connection so far is closed. */
  ended(): Promise<void>;
};

export type WireScript = {
  /** Extensions behind the first EHLO line. */
  readonly extensions?: readonly string[];
  /** Verb (`RCPT`, `.` for the end of data) → the answer instead of the usual one. */
  readonly answers?: Readonly<Record<string, string>>;
};

export async function startWireServer(script: WireScript = {}): Promise<WireServer> {
  const dialogue: string[] = [];
  const closings: Promise<unknown>[] = [];
  const server: Server = createServer((socket) => {
    closings.push(new Promise((resolve) => socket.once('close', resolve)));
    converse(socket, script, dialogue);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    dialogue,
    ended: async () => void (await Promise.all(closings)),
  };
}

function converse(socket: Socket, script: WireScript, dialogue: string[]): void {
  let received = '';
  let mode: 'commands' | 'data' | 'user' | 'password' = 'commands';
  const say = (text: string): void => {
    dialogue.push(...text.split('\n').map((line) => `S: ${line}`));
    socket.write(`${text.replaceAll('\n', '\r\n')}\r\n`);
  };
  socket.on('error', () => {});
  socket.setEncoding('latin1');
  say(script.answers?.['greeting'] ?? '220 mx.example.net ESMTP');
  socket.on('data', (chunk: string) => {
    received += chunk;
    for (let end = received.indexOf('\r\n'); end >= 0; end = received.indexOf('\r\n')) {
      const line = received.slice(0, end);
      received = received.slice(end + 2);
      onLine(line);
    }
  });
  const onLine = (line: string): void => {
    dialogue.push(`${mode === 'data' ? 'C:   ' : 'C: '}${line}`);
    if (mode === 'data') {
      if (line !== '.') return;
      mode = 'commands';
      say(script.answers?.['.'] ?? '250 2.0.0 queued');
    } else if (mode === 'user') {
      mode = 'password';
      say('334 UGFzc3dvcmQ6');
    } else if (mode === 'password') {
      mode = 'commands';
      say(script.answers?.['password'] ?? '235 2.7.0 welcome');
    } else onCommand(line);
  };
  const onCommand = (line: string): void => {
    const verb = line.split(/[ :]/)[0]!.toUpperCase();
    const answer = script.answers?.[verb];
    if (answer !== undefined) say(answer);
    else if (verb === 'EHLO') {
      const lines = ['mx.example.net', ...(script.extensions ?? ['8BITMIME'])];
      say(lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\n'));
    } else if (verb === 'AUTH' && / LOGIN$/i.test(line)) {
      mode = 'user';
      say('334 VXNlcm5hbWU6');
    } else if (verb === 'AUTH') say('235 2.7.0 welcome');
    else if (verb === 'DATA') {
      mode = 'data';
      say('354 go on');
    } else if (verb === 'QUIT') {
      say('221 2.0.0 bye');
      socket.end();
    } else say('250 2.1.0 ok');
  };
}
