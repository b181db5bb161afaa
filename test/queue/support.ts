/** What the queue's tests share: a clock that stands still until told, messages, stores. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Clock, LogFields, Logger, LogLevel } from '../../src/base/index.ts';
import { nodeDisk, silentLogger } from '../../src/base/index.ts';
import { domainName, type Recipient } from '../../src/envelope/index.ts';
import type { Claim, MessageDraft, QueueOptions, Settlement } from '../../src/queue/index.ts';
import { Queue } from '../../src/queue/index.ts';
import { JournaledStore } from '../../src/queue/journaled-store.ts';
import { MemoryStore } from '../../src/queue/memory-store.ts';
import { SqliteStore } from '../../src/queue/sqlite-store.ts';
import type { QueueStore } from '../../src/queue/store.ts';
import { ThreadedStore } from '../../src/queue/threaded-store.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Starts on 2026-01-01 12:00 UTC. Timers fire inside `advance`. */
export class FakeClock implements Clock {
  #wall = Date.UTC(2026, 0, 1, 12);
  #mono = 1000;
  #timers = new Set<{ at: number; fire: () => void }>();

  now(): number {
    return this.#wall;
  }

  monotonicMs(): number {
    return this.#mono;
  }

  setTimer(delayMs: number, fire: () => void) {
    const timer = { at: this.#mono + delayMs, fire };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  /** Both clocks go on; due timers fire in order. */
  advance(ms: number): void {
    const end = this.#mono + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#wall += Math.max(due.at - this.#mono, 0);
      this.#mono = Math.max(this.#mono, due.at);
      due.fire();
    }
    this.#wall += end - this.#mono;
    this.#mono = end;
  }

  /** Somebody sets the wall clock. */
  jump(ms: number): void {
    this.#wall += ms;
  }
}

export type LoggedEvent = { readonly level: LogLevel; readonly name: string; readonly fields: LogFields };

export class CollectingLog implements Logger {
  readonly events: LoggedEvent[] = [];

  event(level: LogLevel, name: string, fields: LogFields = {}): void {
    this.events.push({ level, name, fields });
  }

  with(): Logger {
    return this;
  }

  names(): string[] {
    return this.events.map(({ name }) => name);
  }
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Each store, opened again and again on the same content. */
export const STORES: readonly {
  name: string;
  isDurable: boolean;
  create(folder: string): () => QueueStore;
}[] = [
  {
    name: 'memory',
    isDurable: false,
    create: () => {
      const store = new MemoryStore();
      return () => store;
    },
  },
  { name: 'sqlite', isDurable: true, create: (folder) => () => new SqliteStore({ folder }) },
  {
    name: 'journal before sqlite',
    isDurable: true,
    create: (folder) => () =>
      new JournaledStore(new SqliteStore({ folder }), { folder, disk: nodeDisk, log: silentLogger }),
  },
  { name: 'sqlite on its thread', isDurable: true, create: (folder) => () => new ThreadedStore({ folder }) },
];

export type Bench = {
  readonly clock: FakeClock;
  readonly log: CollectingLog;
  readonly folder: string;
  readonly options: QueueOptions;
  queue: Queue;
  /** Closes and opens again, as a restart does. `stopMs`: how long the relay was off. */
  restart(stopMs?: number): Promise<Queue>;
};

export async function openBench(
  t: TestContext,
  create: (folder: string) => () => QueueStore,
  more: Partial<QueueOptions> = {},
): Promise<Bench> {
  const folder = temporaryFolder(t);
  const clock = new FakeClock();
  const log = new CollectingLog();
  const options: QueueOptions = { folder, disk: nodeDisk, clock, log, ...more };
  const newStore = create(folder);
  const bench: Bench = {
    clock,
    log,
    folder,
    options,
    queue: await Queue.open(newStore(), options),
    async restart(stopMs = 0) {
      await bench.queue.close();
      clock.jump(stopMs);
      bench.queue = await Queue.open(newStore(), options);
      return bench.queue;
    },
  };
  t.after(() => bench.queue.close());
  return bench;
}

export function mailbox(address: string) {
  const at = address.lastIndexOf('@');
  return { localPart: address.slice(0, at), domain: domainName(address.slice(at + 1))! };
}

export function recipient(address: string): Recipient {
  return { forwardPath: mailbox(address) };
}

export function draft(more: Partial<MessageDraft> = {}): MessageDraft {
  return {
    reversePath: mailbox('sender@example.org'),
    body: '7bit',
    smtpUtf8: false,
    origin: { kind: 'command' },
    server: 'default',
    hops: 1,
    ...more,
  };
}

export const BODY = 'Subject: hello\r\n\r\nbody\r\n';

/** Accepts one message; its id. */
export async function accept(
  queue: Queue,
  addresses: readonly string[],
  more: { draft?: Partial<MessageDraft>; body?: string | Uint8Array } = {},
): Promise<string> {
  const intake = queue.begin(draft(more.draft));
  for (const address of addresses) intake.addRecipient(recipient(address));
  const body = more.body ?? BODY;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  try {
    for (let at = 0; at < bytes.length; at += 65_536) await intake.write(bytes.subarray(at, at + 65_536));
  } catch (failure) {
    await intake.abort();
    throw failure;
  }
  const { id } = await intake.commit();
  return id;
}

export function delivered(recipientId: number): Settlement {
  return { recipientId, state: 'delivered', host: 'mx.example', reply: { code: 250, lines: ['ok'] } };
}

export function deferred(recipientId: number): Settlement {
  return { recipientId, state: 'deferred', lastResult: 'mx.example 451 try later', schedule: 'remote' };
}

export function failed(recipientId: number): Settlement {
  return { recipientId, state: 'failed', lastResult: 'mx.example 550 no', status: '5.1.1' };
}

export function ridsOf(claim: Claim): number[] {
  return claim.recipients.map(({ recipientId }) => recipientId);
}

export async function settleAll(
  queue: Queue,
  claim: Claim,
  settlement: (recipientId: number) => Settlement,
): Promise<void> {
  await queue.settle(claim.message.id, ridsOf(claim).map(settlement));
}

export async function bodyText(claim: Claim): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of claim.body.chunks()) pieces.push(piece.slice());
  return Buffer.concat(pieces).toString('latin1');
}

/** Addresses of all recipients in these claims, sorted. */
export function addressesOf(claims: readonly Claim[]): string[] {
  return claims
    .flatMap(({ recipients }) => recipients.map(({ forwardPath }) => forwardPath.localPart))
    .sort();
}
