/**
 * What is told of the sessions in which we are the client: to the protocol log of the sending server and to the live trace.
 * Owns: the times between command and reply, the names of these sessions.  Leaves: masking secrets (smtp/client).
 * With neither log nor watcher a session looks at a flag and makes no line.
 */
import type { Clock } from '../base/index.ts';
import type { ClientSession, SessionObserver, TraceHub } from '../smtp/index.ts';
import type { ProtocolLogs } from './protocol-logs.ts';

const DIRECTIONS = { command: 'out', reply: 'in', note: 'event' } as const;

export type OutboundObserverParts = {
  readonly clock: Clock;
  readonly trace: TraceHub;
  readonly protocolLogs: ProtocolLogs;
};

export class OutboundObserver implements SessionObserver {
  readonly #parts: OutboundObserverParts;
  /** When the last line of a session was told. */
  readonly #lastAtMs = new WeakMap<ClientSession, number>();

  constructor(parts: OutboundObserverParts) {
    this.#parts = parts;
  }

  get isWatched(): boolean {
    return this.#parts.trace.isWatched || this.#parts.protocolLogs.isOn;
  }

  line(session: ClientSession, direction: 'command' | 'reply' | 'note', text: string): void {
    const { clock, trace, protocolLogs } = this.#parts;
    const { address, port } = session.target;
    const sessionId = `out${session.number}`;
    if (trace.isWatched) {
      const { server } = session;
      trace.tell({
        server,
        sessionId,
        client: address,
        direction: DIRECTIONS[direction],
        isOutbound: true,
        text,
      });
    }
    const log = protocolLogs.of(session.server);
    if (log === undefined || direction === 'note') return;
    const now = clock.monotonicMs();
    const isReply = direction === 'reply';
    const tookMs = isReply ? now - (this.#lastAtMs.get(session) ?? now) : 0;
    this.#lastAtMs.set(session, now);
    log.outbound({ address, port, kind: isReply ? 'response' : 'command', text, tookMs, sessionId });
  }
}
