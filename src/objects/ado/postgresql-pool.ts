/**
 * Connections to PostgreSQL that outlive the page that made them, as OLE DB kept sessions for the next page.
 * Owns: which are at rest, for how long and how many, making one as good as new.  Leaves: connecting and running (postgresql-server).
 * Fails: never; a connection that cannot be reset, or breaks while it rests, is let go.
 * Sources: doc "OLE DB session pooling" (60 seconds), doc "PostgreSQL 15: DISCARD".
 */
import type { Client } from 'pg';
import type { Clock, Timer } from '../../base/index.ts';

export type PostgresqlConnection = {
  readonly client: Client;
  /** Which source and access: what a connection can be used for again. */
  readonly key: string;
  /** Settings that every page finds. */
  readonly setup: string;
  /** The time limit that the server knows of. */
  timeoutMs: number;
  isBusy: boolean;
  isBroken: boolean;
};

const REST_MS = 60_000;
/** Connections at rest of one site. */
const MOST_RESTING = 20;

type Resting = { readonly connection: PostgresqlConnection; readonly until: number };

export class PostgresqlPool {
  readonly #clock: Clock;
  /** The one that has rested longest first. */
  readonly #resting: Resting[] = [];
  readonly #resetting = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Connections at rest. */
  get size(): number {
    return this.#resting.length;
  }

  /** The connection that was used last. It may have broken without a word: whoever takes it tries it. */
  take(key: string): PostgresqlConnection | undefined {
    const at = this.#resting.findLastIndex(({ connection }) => connection.key === key);
    return at < 0 ? undefined : this.#resting.splice(at, 1)[0]!.connection;
  }

  /** Takes a connection back. Resolves when what the page left behind is gone from it: transaction, settings, tables, locks. */
  give(connection: PostgresqlConnection): Promise<void> {
    const reset = this.#reset(connection);
    this.#resetting.add(reset);
    return reset.finally(() => this.#resetting.delete(reset));
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    this.#timer?.cancel();
    await Promise.all(this.#resetting);
    for (const { connection } of this.#resting.splice(0)) leave(connection);
  }

  async #reset(connection: PostgresqlConnection): Promise<void> {
    const { client } = connection;
    try {
      await client.query('ROLLBACK');
      // By itself: it is refused within a transaction, and several statements of one query are one.
      await client.query('DISCARD ALL');
      await client.query(connection.setup);
    } catch {
      connection.isBroken = true;
    }
    connection.timeoutMs = 0;
    if (this.#isEnded || connection.isBroken) {
      leave(connection);
      return;
    }
    this.#resting.push({ connection, until: this.#clock.monotonicMs() + REST_MS });
    if (this.#resting.length > MOST_RESTING) leave(this.#resting.shift()!.connection);
    this.#sweepLater();
  }

  #sweepLater(): void {
    if (this.#timer !== undefined || this.#resting.length === 0) return;
    const wait = Math.max(this.#resting[0]!.until - this.#clock.monotonicMs(), 1);
    this.#timer = this.#clock.setTimer(wait, () => {
      this.#timer = undefined;
      const now = this.#clock.monotonicMs();
      while (
        this.#resting.length > 0 &&
        (this.#resting[0]!.until <= now || this.#resting[0]!.connection.isBroken)
      )
        leave(this.#resting.shift()!.connection);
      this.#sweepLater();
    });
  }
}

/** An idle connection says good-bye; one that is at work is cut. */
export function leave({ client, isBusy }: PostgresqlConnection): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } };
  if (isBusy) connection.stream.destroy();
  else void client.end().catch(() => {});
}
