/** Runs one idiom and prints what came of it: notes, pickup files, dialogues. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AutomationError } from '../../../src/automation/index.ts';
import { Message, selfOf, smtpSubmission } from '../../../src/cdo/index.ts';
import { createCdontsObject } from '../../../src/cdonts/index.ts';
import {
  type Bench,
  type BenchOptions,
  C,
  makeBench,
  type Script,
  script,
  temporaryFolder,
} from '../support.ts';
import { startWireServer, type WireScript, type WireServer } from '../wire-server.ts';

export class IdiomBench {
  readonly #bench: Bench;
  readonly #notes: string[] = [];
  readonly #servers: WireServer[] = [];
  readonly folder: string = temporaryFolder();

  constructor(options: BenchOptions = {}) {
    // Dialogues are real: the relay's own client speaks to a scripted server.
    this.#bench = makeBench({ ...options, http: PAGES, ...{ smtp: smtpSubmission() } } as BenchOptions);
  }

  get host(): Bench['host'] {
    return this.#bench.host;
  }

  get drop(): string {
    return this.#bench.drop;
  }

  create(progId: string): Script {
    return script(this.#bench.create(progId));
  }

  nts(progId: 'CDONTS.NewMail' | 'CDONTS.Session'): Script {
    const places = { pickupFolder: this.#bench.pickup, dropFolder: this.#bench.drop };
    return script(createCdontsObject(progId, this.host, places)!);
  }

  /** A CDO.Message with From, To and Subject. */
  message(text: string | null = 'text'): Script {
    const m = this.create('CDO.Message');
    m.put('From', 'shop@example.com');
    m.put('To', 'ann@example.net');
    m.put('Subject', 'Order 17');
    if (text !== null) m.put('TextBody', text);
    return m;
  }

  file(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  read(path: string): string {
    return readFileSync(path, 'latin1');
  }

  note(text: unknown): void {
    this.#notes.push(`# ${String(text)}`);
  }

  /** Notes number and text of what `act` throws. */
  fails(act: () => unknown): void {
    try {
      act();
      this.note('no error');
    } catch (error) {
      this.#noteError(error);
    }
  }

  #noteError(error: unknown): void {
    if (!(error instanceof AutomationError)) throw error;
    this.note(`error ${(error.hresult >>> 0).toString(16).toUpperCase()} ${error.source}: ${error.message}`);
  }

  async server(wire: WireScript = {}): Promise<WireServer> {
    const server = await startWireServer(wire);
    this.#servers.push(server);
    return server;
  }

  /** sendusing 2 to a scripted server; `put` is the fields' collection. */
  async usePort(fields: Script, wire: WireScript = {}): Promise<WireServer> {
    const server = await this.server(wire);
    fields.put('Item', `${C}sendusing`, 2);
    fields.put('Item', `${C}smtpserver`, '127.0.0.1');
    fields.put('Item', `${C}smtpserverport`, server.port);
    return server;
  }

  /** `m.Send`, waited for. */
  async send(m: Script): Promise<void> {
    const self = selfOf(m.object);
    if (!(self instanceof Message)) throw new Error('not a Message');
    try {
      await self.send();
    } catch (error) {
      this.#noteError(error);
    }
  }

  /** Waits until every dialogue has ended, so that what the client says last is always in it. */
  async result(): Promise<string> {
    for (const server of this.#servers) await server.ended();
    const files = this.#bench.files().map((file, index) => `--- pickup ${index + 1}\n${file}\n`);
    const wires = this.#servers.map(
      (server, index) => `--- wire ${index + 1}\n${server.dialogue.join('\n')}\n`,
    );
    const text = [...this.#notes.map((note) => `${note}\n`), ...files, ...wires].join('');
    // Ports and temporary folders differ from run to run; nothing else does.
    return text.replaceAll(this.folder, 'FOLDER').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
  }
}

const PAGES = {
  async get(request: { readonly url: string }) {
    const page = { status: 200, statusText: 'OK', url: request.url };
    if (request.url.endsWith('/news.htm'))
      return {
        ...page,
        contentType: 'text/html; charset=utf-8',
        bytes: Buffer.from('<html><body><img src="logo.gif"><p>News</p></body></html>'),
      };
    if (request.url.endsWith('/logo.gif'))
      return { ...page, contentType: 'image/gif', bytes: Buffer.from('GIF89a') };
    if (request.url.includes('/report.asp'))
      return { ...page, contentType: 'text/plain', bytes: Buffer.from('report') };
    return { ...page, status: 404, statusText: 'Not Found', contentType: '', bytes: Buffer.alloc(0) };
  },
};
