/**
 * The connection under a session: the socket, first plain, perhaps TLS later.
 * Owns: replies on their way out, pausing, the change to TLS, closing without losing the last reply.
 * Leaves: what the bytes mean and when to close (session.ts).
 * Fails: an error of the socket is told and followed by `closed`; nothing throws.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket, type TLSSocketOptions } from 'node:tls';
import type { SessionTls } from './contract.ts';

/** What a connection tells its session. */
export interface ConnectionEvents {
  /** `chunk` is the session's until the call returns: the next read writes over it. */
  bytes(chunk: Buffer): void;
  /** The client says no more. */
  inputEnded(): void;
  /** The client has taken what was written. */
  drained(): void;
  failed(thrown: Error): void;
  /** Told once. */
  closed(): void;
}

export class Connection {
  readonly #events: ConnectionEvents;
  #socket: Socket;
  #out = '';
  #isUnsent = false;
  #isPaused = false;
  #isOver = false;

  constructor(socket: Socket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    this.#listen();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The client must take replies before more is read. */
  get isUnsent(): boolean {
    return this.#isUnsent;
  }

  /** Characters said and not written yet. */
  get unwritten(): number {
    return this.#out.length;
  }

  /** Leaves with the next `flush`. */
  say(text: string): void {
    this.#out += text;
  }

  flush(): void {
    if (this.#out === '' || this.#isOver) return;
    const text = this.#out;
    this.#out = '';
    // latin1 is the quick way to the socket and right for ASCII, which replies nearly always are.
    if (!this.#socket.write(text, text.length === Buffer.byteLength(text) ? 'latin1' : 'utf8'))
      this.#isUnsent = true;
  }

  /** Stops reading from the socket, or goes on. */
  pause(isWanted: boolean): void {
    if (isWanted === this.#isPaused || this.#isOver) return;
    this.#isPaused = isWanted;
    if (isWanted) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Hands the connection to TLS. `secured` is told what was agreed; `refused` why nothing was, and the connection is gone. */
  secure(
    options: TLSSocketOptions,
    told: { readonly secured: (tls: SessionTls) => void; readonly refused: (thrown: Error) => void },
  ): void {
    const plain = this.#socket;
    plain.removeListener('data', this.#onBytes);
    plain.removeListener('end', this.#onInputEnd);
    plain.removeListener('drain', this.#onDrain);
    const secure = new TLSSocket(plain, { ...options, isServer: true, requestCert: false });
    this.#socket = secure;
    secure.once('secure', () => {
      if (this.#isOver) return;
      const cipher = secure.getCipher();
      secure.on('data', this.#onBytes);
      told.secured({
        protocol: secure.getProtocol() ?? 'TLS',
        cipher: cipher.standardName ?? cipher.name,
      });
    });
    secure.on('end', this.#onInputEnd);
    secure.on('drain', this.#onDrain);
    secure.on('error', (thrown) => {
      told.refused(thrown);
      secure.destroy();
    });
    secure.on('close', this.#onClose);
  }

  /** What binds an authentication to this TLS connection; undefined where there is none. */
  channelBinding(type: 'tls-exporter' | 'tls-server-end-point'): Buffer | undefined {
    const socket = this.#socket;
    if (!(socket instanceof TLSSocket)) return undefined;
    // RFC 9266 §3: the exporter binds uniquely with TLS 1.3; with 1.2 it would need the extended master secret.
    if (type === 'tls-exporter')
      return socket.getProtocol() === 'TLSv1.3'
        ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
        : undefined;
    // RFC 5929 §4.1: SHA-256 unless the certificate is signed with a stronger hash.
    const certificate = socket.getX509Certificate();
    if (certificate === undefined) return undefined;
    const signature =
      (certificate as { signatureAlgorithm?: string }).signatureAlgorithm?.toLowerCase() ?? '';
    const hash = /sha(?:384|512)/.exec(signature)?.[0] ?? 'sha256';
    return createHash(hash).update(certificate.raw).digest();
  }

  /**
   * Writes what is left and closes. `isDone`: the client has nothing more to send. Then closing at once saves the half-close and
   * its round trip; elsewhere a close would reset the connection and could cost the client our last reply, so this waits for
   * its side, and false is returned.
   */
  close(isDone: boolean): boolean {
    this.flush();
    if (isDone && !(this.#socket instanceof TLSSocket) && this.#socket.writableLength === 0) {
      this.#socket.destroy();
      return true;
    }
    this.#socket.end();
    this.pause(false);
    return false;
  }

  /** Closes at once, whatever is on its way. */
  destroy(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('data', this.#onBytes);
    this.#socket.on('end', this.#onInputEnd);
    this.#socket.on('drain', this.#onDrain);
  }

  readonly #onBytes = (chunk: Buffer): void => this.#events.bytes(chunk);

  readonly #onInputEnd = (): void => this.#events.inputEnded();

  readonly #onDrain = (): void => {
    this.#isUnsent = false;
    this.#events.drained();
  };

  readonly #onError = (thrown: Error): void => this.#events.failed(thrown);

  readonly #onClose = (): void => {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.closed();
  };
}
