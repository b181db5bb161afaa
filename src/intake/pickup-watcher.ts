/**
 * Pickup as the relay sees it: starts and stops the work on one folder, brings what it reads into the queue or to Badmail.
 * Owns: acceptance, streaming of large files, the answers, restart of a thread that died.
 * Leaves: files and claims (pickup-folder, on its thread), durability (queue), triplets (mailroot).
 * Fails: never rejects for a file; what the queue or Badmail cannot take now goes back into Pickup and is tried again.
 * The claimed file goes only after the commit: until then a crash finds the file, afterwards the queue knows its claim (Q7).
 */
import { Worker } from 'node:worker_threads';
import {
  type Clock,
  createIdSource,
  type Disk,
  type Logger,
  type RelayError,
  TransientSet,
  toRelayError,
} from '../base/index.ts';
import { formatPath } from '../envelope/index.ts';
import type { Badmail } from '../mailroot/index.ts';
import type { MessageAcceptor, MessageDraft } from '../queue/index.ts';
import type { PickupDisk } from './pickup-disk.ts';
import { PickupFolder } from './pickup-folder.ts';
import { LineCleaner } from './pickup-lines.ts';
import {
  type FromPickupThread,
  type PickupAnswer,
  type PickupFolderSettings,
  type PickupItem,
  type PickupStatus,
  packItems,
  type ToPickupThread,
  unpackItems,
} from './pickup-messages.ts';

export type PickupWatcherOptions = {
  readonly settings: PickupFolderSettings;
  readonly acceptor: MessageAcceptor;
  readonly badmail: Pick<Badmail, 'write'>;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a thread that died stays dead; 5 s unless a test is in a hurry. */
  readonly restartMs?: number;
  /** For tests: works on this thread, with this disk. */
  readonly local?: { readonly disk: PickupDisk; readonly watchSeesWrites: boolean };
};

/** The whole folder waits this long when the queue takes nothing. */
const WAIT_MS = 2000;
const RESTART_MS = 5000;
const PIECE_BYTES = 256 * 1024;
const YOUNG_MB = 24;

const NOTHING_KNOWN: PickupStatus = {
  waiting: 0,
  hasMore: false,
  refused: 0,
  settling: 0,
  inFlight: 0,
  stuck: [],
};

type Runner = { send(message: ToPickupThread): void; end(): Promise<void>; crash?(): void };

export class PickupWatcher {
  readonly #options: PickupWatcherOptions;
  #settings: PickupFolderSettings;
  #runner: Runner | undefined;
  readonly #working = new TransientSet<Promise<void>>();
  #answers: PickupAnswer[] = [];
  #isWaiting = false;
  #isBadmailBroken = false;
  #stopping: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #onStatus: ((status: PickupStatus) => void)[] = [];

  constructor(options: PickupWatcherOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  /** Begins with the claims that an earlier process left, then takes files as they come. */
  start(): void {
    this.#runner = this.#options.local === undefined ? this.#startThread() : this.#startHere();
  }

  /** Resolves when every claimed file is answered for: in the queue, in Badmail or back in Pickup. */
  async stop(): Promise<void> {
    const runner = this.#runner;
    if (this.#stopping === undefined) {
      this.#stopping = Promise.withResolvers<void>();
      // A thread that died is not started again; what it had claimed is finished by the next process.
      if (runner === undefined) this.#stopping.resolve();
      else runner.send({ kind: 'stop' });
    }
    await this.#stopping.promise;
    await runner?.end();
    this.#runner = undefined;
  }

  /** New settings for files taken from now on; the folder stays. */
  configure(settings: PickupFolderSettings): void {
    this.#settings = settings;
    this.#runner?.send({ kind: 'settings', settings });
  }

  status(): Promise<PickupStatus> {
    const runner = this.#runner;
    if (runner === undefined || this.#stopping !== undefined) return Promise.resolve(NOTHING_KNOWN);
    return new Promise((resolve) => {
      this.#onStatus.push(resolve);
      runner.send({ kind: 'status' });
    });
  }

  /** For tests: ends the thread as a defect in it would. */
  crashThread(): void {
    this.#runner?.crash?.();
  }

  // ── the other side ────────────────────────────────────────────────────────────────────────────────────────────────

  #startThread(): Runner {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./pickup-thread.${extension}`, import.meta.url), {
      workerData: this.#settings,
      // Flags of the process (`--input-type`, an inspector) are not the thread's.
      execArgv: [],
      name: 'mailroot-pickup',
      // Almost all it makes is dead at once; without a limit V8 would let it gather twice as much first.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    let hasEnded = false;
    const died = (why: unknown): void => {
      if (hasEnded) return;
      hasEnded = true;
      void this.#restart(why);
    };
    worker.on('message', (message: FromPickupThread) => this.#hear(message));
    worker.on('error', died);
    worker.on('exit', () => died(new Error('it ended')));
    return {
      send: (message) => worker.postMessage(message),
      crash: () => void worker.terminate(),
      end: async () => {
        hasEnded = true;
        await worker.terminate();
      },
    };
  }

  #startHere(): Runner {
    const { clock, local } = this.#options;
    const folder = new PickupFolder(this.#settings, {
      disk: local!.disk,
      watchSeesWrites: local!.watchSeesWrites,
      clock,
      ids: createIdSource(() => clock.now()),
      port: {
        items: (items) => this.#hear({ kind: 'items', items: packItems(items) }),
        askClaim: (claimId) => this.#hear({ kind: 'ask', claimId }),
        log: (level, name, fields) => this.#hear({ kind: 'log', level, name, fields }),
        stopped: () => this.#hear({ kind: 'stopped' }),
      },
    });
    const runner: Runner = {
      send: (message) => {
        if (message.kind === 'answers') folder.answers(message.answers);
        else if (message.kind === 'claim') folder.answerClaim(message.claimId, message.wasAccepted);
        else if (message.kind === 'settings') folder.configure(message.settings);
        else if (message.kind === 'status') this.#hear({ kind: 'status', status: folder.status() });
        else folder.stop();
      },
      end: async () => {},
    };
    // As with a thread, nothing is heard before start has returned.
    setImmediate(() => folder.start());
    return runner;
  }

  /** What the thread had claimed is still in its folder of claims; the next one takes it up as leftovers. */
  async #restart(why: unknown): Promise<void> {
    this.#runner = undefined;
    // Nobody is left to answer.
    for (const answer of this.#onStatus.splice(0)) answer(NOTHING_KNOWN);
    if (this.#stopping !== undefined) {
      this.#stopping.resolve();
      return;
    }
    this.#options.log.event('error', 'pickup.thread-died', {
      folder: this.#settings.folder,
      reason: String(why),
    });
    // A claim must not be taken up again while its first acceptance is still under way.
    await Promise.allSettled(this.#working);
    this.#answers = [];
    this.#options.clock.setTimer(this.#options.restartMs ?? RESTART_MS, () => {
      if (this.#stopping === undefined) this.start();
    });
  }

  #hear(message: FromPickupThread): void {
    switch (message.kind) {
      case 'items':
        this.#handleAll(unpackItems(message.items));
        return;
      case 'ask':
        this.#work(this.#answerClaim(message.claimId));
        return;
      case 'log':
        this.#options.log.event(message.level, message.name, message.fields);
        return;
      case 'status':
        this.#onStatus.shift()?.(message.status);
        return;
      case 'stopped':
        this.#stopping?.resolve();
    }
  }

  #work(work: Promise<void>): void {
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  #answer(answer: PickupAnswer): void {
    this.#answers.push(answer);
    if (this.#answers.length > 1) return;
    // One commit answers for many files; their answers travel together.
    setImmediate(() => {
      const answers = this.#answers;
      this.#answers = [];
      this.#runner?.send({ kind: 'answers', answers });
    });
  }

  async #answerClaim(claimId: string): Promise<void> {
    try {
      const wasAccepted = await this.#options.acceptor.wasClaimAccepted(claimId);
      this.#runner?.send({ kind: 'claim', claimId, wasAccepted });
    } catch (failure) {
      // Without the queue nobody can tell; the claim stays for the next start.
      this.#options.log.event('error', 'pickup.leftover-unknown', {
        messageId: claimId,
        reason: String(failure),
      });
    }
  }

  // ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** In the pace in which messages leave, as far as that is quick. */
  #handleAll(items: readonly PickupItem[]): void {
    const wait = this.#options.acceptor.room(items.length);
    if (wait === undefined) for (const item of items) this.#work(this.#handle(item));
    else this.#work(wait.then(async () => void (await Promise.all(items.map((item) => this.#handle(item))))));
  }

  async #handle(item: PickupItem): Promise<void> {
    if (item.kind === 'bad') return this.#toBadmail(item);
    const intake = this.#options.acceptor.begin(item.draft);
    try {
      for (const recipient of item.recipients) intake.addRecipient(recipient);
      let bytes: number;
      if (item.kind === 'message') {
        bytes = item.body.length;
        const wait = intake.write(item.body);
        if (wait !== undefined) await wait;
      } else bytes = await this.#stream(item, (piece) => intake.write(piece));
      const { isNew } = await intake.commit();
      this.#accepted(item.draft, item.claimId, { bytes, recipients: item.recipients.length, isNew });
    } catch (failure) {
      await intake.abort();
      this.#notAccepted(item.claimId, toRelayError(failure, 'accepting a file from Pickup'));
    }
  }

  #accepted(
    draft: MessageDraft,
    claimId: string,
    facts: { readonly bytes: number; readonly recipients: number; readonly isNew: boolean },
  ): void {
    const { log } = this.#options;
    if (this.#isWaiting) log.event('info', 'pickup.resumed', { folder: this.#settings.folder });
    this.#isWaiting = false;
    log.event('info', 'pickup.accepted', {
      messageId: claimId,
      file: draft.origin.kind === 'pickup' ? draft.origin.fileName : '',
      sender: formatPath(draft.reversePath),
      server: draft.server,
      ...facts,
    });
    this.#answer({ claimId, outcome: 'accepted' });
  }

  #notAccepted(claimId: string, error: RelayError): void {
    const isPassing = error.code !== 'internal' && error.code !== 'not-found';
    if (isPassing && !this.#isWaiting) {
      this.#isWaiting = true;
      this.#options.log.event('error', 'pickup.waiting', {
        folder: this.#settings.folder,
        code: error.code,
        reason: `${error.message} Files stay in Pickup until then.`,
      });
    }
    this.#answer({
      claimId,
      outcome: 'put-back',
      reason: error.message,
      ...(isPassing && { waitMs: WAIT_MS }),
    });
  }

  /** Body bytes in all. Throws when the file or the queue fails. */
  async #stream(
    item: Extract<PickupItem, { kind: 'large' }>,
    write: (piece: Uint8Array) => Promise<void> | undefined,
  ): Promise<number> {
    let bytes = item.header.length;
    await write(item.header);
    const cleaner = new LineCleaner({ dotStuffed: item.dotStuffed });
    const file = await this.#options.disk.openRead(item.path);
    try {
      for (let position = item.bodyAt; ; ) {
        const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
        const count = await file.read(piece, position);
        if (count === 0) break;
        position += count;
        const clean = cleaner.push(piece.subarray(0, count));
        bytes += clean.length;
        await write(clean);
      }
    } finally {
      await file.close();
    }
    const rest = cleaner.end();
    await write(rest);
    return bytes + rest.length;
  }

  async #toBadmail(item: Extract<PickupItem, { kind: 'bad' }>): Promise<void> {
    const { badmail, clock, log } = this.#options;
    const { claimId, fileName, reasonClass, detail } = item;
    try {
      const at = clock.now();
      const record = { id: claimId, reasonClass, detail, at, server: this.#settings.server, fileName };
      await badmail.write(record, { file: item.path });
      this.#isBadmailBroken = false;
      this.#answer({ claimId, outcome: 'moved' });
    } catch (failure) {
      const error = toRelayError(failure, 'moving a file to Badmail');
      if (!this.#isBadmailBroken)
        log.event('error', 'pickup.badmail-unwritable', { code: error.code, reason: error.message });
      this.#isBadmailBroken = true;
      this.#answer({
        claimId,
        outcome: 'put-back',
        reason: `${detail} It cannot be moved to Badmail (${error.code}), so it stays here.`,
      });
    }
  }
}
