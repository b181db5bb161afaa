/**
 * What is told of one session to the protocol log and to watchers.
 * Owns: which command a reply answers, its octets and its time; hiding of secrets.  Leaves: files and filters.
 * With neither log nor watcher each call costs a look at a flag.
 */
import type { Reply } from '../../envelope/index.ts';
import type { CommandLine } from '../protocol/command-line.ts';
import type { EndReply, SessionFacts } from './contract.ts';
import type { ProtocolLog, SessionTrace } from './observe.ts';

export type RecorderParts = {
  readonly protocolLog: ProtocolLog | undefined;
  readonly trace: SessionTrace;
  /** Exact monotonic milliseconds. */
  exactNowMs(): number;
};

export class Recorder {
  readonly #session: SessionFacts;
  readonly #parts: RecorderParts;
  /** The command that the next final reply answers. */
  #verb: string | undefined;
  #argument = '';
  #bytes = 0;
  #atMs = 0;
  #queueId: string | undefined;

  constructor(session: SessionFacts, parts: RecorderParts) {
    this.#session = session;
    this.#parts = parts;
  }

  /** A command line arrived; `line` is undefined when nobody knows its verb. `text` is made only for watchers. */
  command(line: CommandLine | undefined, bytes: number, text: () => string): void {
    const { trace, protocolLog } = this.#parts;
    const isAuth = line?.verb === 'AUTH';
    if (trace.isWatched)
      this.#tell('client', isAuth ? `AUTH ${line.argument.replace(/ .*/s, ' ****')}` : text());
    if (protocolLog === undefined) return;
    this.#verb = line?.verb ?? 'xxxx';
    this.#argument = isAuth ? line.argument.replace(/ .*/s, '') : (line?.argument ?? '');
    this.#bytes = bytes;
    this.#atMs = this.#parts.exactNowMs();
  }

  /** A line that belongs to no command: the next reply answers nothing that the log has a name for. */
  noCommand(): void {
    this.#verb = undefined;
  }

  /** A response inside AUTH. */
  secret(): void {
    if (this.#parts.trace.isWatched) this.#tell('client', '****');
  }

  /** The message that the next reply is about. */
  message(end: EndReply, octets: number): void {
    this.#argument = end.messageId;
    this.#bytes += octets;
    this.#queueId = end.queueId;
    this.note(`${octets} octets of content`);
  }

  reply(reply: Reply, text: string): void {
    if (this.#parts.trace.isWatched)
      for (const line of text.trimEnd().split('\r\n')) this.#tell('server', line);
    // Intermediate replies (354, 334) belong to an exchange that goes on.
    if (this.#verb === undefined || (reply.code >= 300 && reply.code < 400)) return;
    this.#parts.protocolLog?.exchange(this.#session, {
      verb: this.#verb,
      argument: this.#argument,
      reply,
      bytesIn: this.#bytes,
      bytesOut: text.length,
      tookMs: this.#parts.exactNowMs() - this.#atMs,
      ...(this.#queueId !== undefined && { queueId: this.#queueId }),
    });
    this.#verb = undefined;
    this.#queueId = undefined;
  }

  /** What is no dialogue: connection, TLS, content, end. */
  note(text: string): void {
    if (this.#parts.trace.isWatched) this.#tell('note', text);
  }

  #tell(direction: 'client' | 'server' | 'note', text: string): void {
    this.#parts.trace.line({ session: this.#session, direction, text });
  }
}
