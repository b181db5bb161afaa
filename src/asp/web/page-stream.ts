/**
 * The way of a page's answer that leaves before the page has ended.
 * Owns: head and pieces in order, holding the page back when the client is slow, telling when the client has gone.
 * Leaves: answers that are whole when they leave (front).
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { PageHead, PagePiece } from '../contract.ts';

/** Fields that belong to the connection: the server says them, no page does. */
const OURS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'te',
  'trailer',
]);

/** Header fields of a page for Node: those that occur again become a list; those of the connection are left out. */
export function pageHeaders(head: PageHead): Iterable<readonly [string, string | string[]]> {
  const fields = new Map<string, [string, string | string[]]>();
  for (const [name, value] of head.headers) {
    const lower = name.toLowerCase();
    if (OURS.has(lower)) continue;
    // Throws before anything is sent: what would split the answer never leaves.
    validateHeaderName(name);
    validateHeaderValue(name, value);
    const known = fields.get(lower);
    if (known === undefined) fields.set(lower, [name, value]);
    else known[1] = [known[1], value].flat();
  }
  return fields.values();
}

export class PageStream {
  readonly #reply: FastifyReply;
  readonly #idleMs: number;
  readonly #gone = new AbortController();
  hasBegun = false;

  /** `idleMs`: a client that takes nothing for this long is let go. */
  constructor(reply: FastifyReply, idleMs: number) {
    this.#reply = reply;
    this.#idleMs = idleMs;
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) this.#gone.abort();
    });
  }

  /** Aborted when the client has gone before its answer was whole. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Sends a piece. The promise, when there is one, is kept when more may come. */
  write({ head, bytes }: PagePiece): void | Promise<void> {
    const { raw } = this.#reply;
    if (raw.destroyed) return;
    if (!this.hasBegun) {
      if (head === undefined) throw new Error('the first piece of a page has no head');
      this.hasBegun = true;
      this.#reply.hijack();
      const headers = [...pageHeaders(head)].flatMap(([name, value]) =>
        (Array.isArray(value) ? value : [value]).flatMap((single) => [name, single]),
      );
      raw.writeHead(head.status, head.reason, headers);
      raw.setTimeout(this.#idleMs, () => raw.destroy());
    }
    if (bytes.length === 0) {
      raw.flushHeaders();
      return;
    }
    if (raw.write(bytes)) return;
    return new Promise((resolve) => {
      const go = () => {
        raw.off('drain', go).off('close', go);
        resolve();
      };
      raw.on('drain', go).on('close', go);
    });
  }

  end(bytes: Uint8Array): void {
    const { raw } = this.#reply;
    if (bytes.length === 0) raw.end();
    else raw.end(bytes);
  }
}
