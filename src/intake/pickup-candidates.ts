/**
 * Which files in Pickup are complete, and in which order they are taken.
 * Owns: watching, scanning, the wait for files that are written in place, files that cannot be taken for now.
 * Leaves: claiming and reading (pickup-folder).  Fails: never; a folder that cannot be read is logged and tried again.
 *
 * When is a file complete? No other system than Windows locks a file that is being written, so:
 *  - a file that appears and is not written to afterwards was renamed into place: taken at once. On Linux and Windows the
 *    watch reports every write after the appearance; a file is looked at once, and if the events that came since then name
 *    no write to it, nobody wrote. When the times of the file do not prove the rename as well (its entry changed after its
 *    content), a few more milliseconds are waited.
 *  - any other file is complete when neither size nor time of change moved for the settle time; an empty one ten times that.
 *
 * The folder may hold millions of files. A scan keeps the oldest 10,000 and forgets the others; when these are worked off
 * it scans again, so the folder is read once per 10,000 files.
 */
import { sep } from 'node:path';
import type { Clock, LogFields, LogLevel, Timer } from '../base/index.ts';
import { systemErrorCode, TransientMap } from '../base/index.ts';
import { bytePath, type PickupDisk, type PickupFacts, shownName, type WatchEvent } from './pickup-disk.ts';
import type { PickupStatus } from './pickup-messages.ts';

export type Candidate = {
  /** A byte string, see pickup-disk. */
  readonly name: string;
  /** As they were when the file was found complete; different ones at the claim mean that somebody still writes. */
  readonly facts: ContentFacts;
};

/** What shows that the content of a file has changed. */
export type ContentFacts = Pick<PickupFacts, 'bytes' | 'modifiedAtMs' | 'inode'>;

export type CandidateOptions = {
  readonly folder: string;
  readonly settleMs: number;
  readonly rescanMs: number;
};

export type CandidatePorts = {
  readonly disk: PickupDisk;
  readonly clock: Clock;
  /** Whether the watch reports each write, as on Linux and Windows. */
  readonly watchSeesWrites: boolean;
  readonly log: (level: LogLevel, name: string, fields: LogFields) => void;
  /** Called when `next` may have something. */
  readonly wake: () => void;
};

const MOST_CANDIDATES = 10_000;
const MOST_SETTLING = 10_000;
const MOST_REFUSED = 10_000;
/** Files that a status names. */
const MOST_TOLD = 100;
/** A file that changes for longer is told of. */
const LONG_SETTLING_MS = 60_000;
/** Wait for a write that the watch may report late, when the times do not prove a rename. */
const GRACE_MS = 5;
const EMPTY_FACTOR = 10;
/** Rescans without a working watch must not leave files lying for long. */
const RESCAN_WITHOUT_WATCH_MS = 1000;

type Settling = { facts: PickupFacts; sinceMs: number; readonly firstMs: number };
type Arrival = { facts: PickupFacts | undefined; lookedAtMs: number };
type Refusal = {
  readonly reason: string;
  /** For people. */
  readonly told: string;
  retryAtMs: number;
  seenInScan: number;
};

export class PickupCandidates {
  readonly #ports: CandidatePorts;
  #options: CandidateOptions;
  readonly #folder: string;
  readonly #arrivals = new TransientMap<string, Arrival>();
  readonly #settling = new TransientMap<string, Settling>();
  readonly #refused = new Map<string, Refusal>();
  /** Oldest first. */
  #backlog: Candidate[] = [];
  #backlogAt = 0;
  #ready: Candidate[] = [];
  #readyAt = 0;
  #hasMore = false;
  /** Names just moved away by us: the next event about each is our own doing. */
  readonly #ownMoves = new Set<string>();
  #watch: { close(): void } | undefined;
  #watchedInode: number | undefined;
  #isFolderLost = false;
  #isRunning = false;
  #scans = 0;
  #settleTimer: Timer | undefined;
  #rescanTimer: Timer | undefined;
  #isLooking = false;

  constructor(options: CandidateOptions, ports: CandidatePorts) {
    this.#options = options;
    this.#ports = ports;
    this.#folder = bytePath(options.folder);
  }

  start(): void {
    this.#isRunning = true;
    this.scan();
    this.#armRescan();
  }

  stop(): void {
    this.#isRunning = false;
    this.#watch?.close();
    this.#watch = undefined;
    this.#settleTimer?.cancel();
    this.#rescanTimer?.cancel();
  }

  /** New times; the folder stays. */
  configure(options: CandidateOptions): void {
    this.#options = { ...options, folder: this.#options.folder };
  }

  counts(): Omit<PickupStatus, 'inFlight'> {
    return {
      waiting:
        this.#backlog.length - this.#backlogAt + this.#ready.length - this.#readyAt + this.#arrivals.size,
      hasMore: this.#hasMore,
      refused: this.#refused.size,
      settling: this.#settling.size,
      stuck: this.#stuck(),
    };
  }

  #stuck(): PickupStatus['stuck'] {
    const stuck: { file: string; reason: string }[] = [];
    for (const [name, { told }] of this.#refused) {
      if (stuck.length === MOST_TOLD) return stuck;
      stuck.push({ file: shownName(name), reason: told });
    }
    const now = this.#ports.clock.monotonicMs();
    for (const [name, { firstMs }] of this.#settling) {
      if (stuck.length === MOST_TOLD) break;
      if (now - firstMs < LONG_SETTLING_MS) continue;
      const seconds = Math.round((now - firstMs) / 1000);
      stuck.push({
        file: shownName(name),
        reason: `it has been changing for ${seconds} seconds: somebody still writes it`,
      });
    }
    return stuck;
  }

  /** The next complete file: those found by scanning, oldest first, then those that arrived. */
  next(): Candidate | undefined {
    if (this.#backlogAt === this.#backlog.length && this.#hasMore) this.scan();
    const fromBacklog = this.#backlog[this.#backlogAt];
    if (fromBacklog !== undefined) {
      this.#backlogAt += 1;
      if (this.#backlogAt === this.#backlog.length) {
        this.#backlog = [];
        this.#backlogAt = 0;
      }
      return fromBacklog;
    }
    const ready = this.#ready[this.#readyAt];
    if (ready === undefined) return undefined;
    this.#readyAt += 1;
    if (this.#readyAt === this.#ready.length) {
      this.#ready = [];
      this.#readyAt = 0;
    }
    return ready;
  }

  /** The file was moved out of the folder by us. */
  moved(name: string): void {
    if (this.#watch !== undefined) this.#ownMoves.add(name);
    this.#refused.delete(name);
  }

  /** The file changed after all; it is looked at again until it rests. */
  settle(name: string, facts: PickupFacts): void {
    const known = this.#settling.get(name);
    if (known === undefined && this.#settling.size >= MOST_SETTLING) {
      this.#hasMore = true;
      return;
    }
    const nowMs = this.#ports.clock.monotonicMs();
    this.#settling.set(name, { facts, sinceMs: nowMs, firstMs: known?.firstMs ?? nowMs });
    this.#armSettle();
  }

  /**
   * The file cannot be taken now. Reported once per file and reason, tried again with each rescan. False when so many files
   * are refused that the whole folder should be left alone for a while.
   */
  refuse(name: string, reason: string, fields: LogFields, isQuiet = false): boolean {
    const known = this.#refused.get(name);
    // A little before the next scan, so that it is not missed by a hair.
    const retryAtMs = this.#ports.clock.monotonicMs() + this.#options.rescanMs * 0.9;
    if (known === undefined && this.#refused.size >= MOST_REFUSED) return false;
    if (known?.reason !== reason && !isQuiet)
      this.#ports.log('warn', 'pickup.refused', { file: shownName(name), reason, ...fields });
    const told = typeof fields['detail'] === 'string' ? fields['detail'] : reason;
    this.#refused.set(name, { reason, told, retryAtMs, seenInScan: this.#scans });
    return true;
  }

  /** Reads the folder: sorts out what is complete, what must settle, what cannot be a message. */
  scan(): void {
    if (!this.#isRunning) return;
    this.#scans += 1;
    this.#ownMoves.clear();
    if (!this.#watchFolder()) return;
    const { clock } = this.#ports;
    const wallMs = clock.now();
    const monoMs = clock.monotonicMs();
    let found: Candidate[] = [];
    let hasMore = false;
    const cut = (): void => {
      found.sort((a, b) => a.facts.modifiedAtMs - b.facts.modifiedAtMs);
      if (found.length <= MOST_CANDIDATES) return;
      found = found.slice(0, MOST_CANDIDATES);
      hasMore = true;
    };
    try {
      for (const { name, isFolder } of this.#ports.disk.list(this.#folder)) {
        if (isFolder || name.startsWith('.')) continue;
        const refusal = this.#refused.get(name);
        if (refusal !== undefined) refusal.seenInScan = this.#scans;
        if (refusal !== undefined && refusal.retryAtMs > monoMs) continue;
        if (this.#settling.has(name) || this.#arrivals.has(name)) continue;
        const facts = this.#look(name);
        if (facts === undefined || !this.#isMessageFile(name, facts)) continue;
        if (facts.bytes > 0 && wallMs - facts.modifiedAtMs >= this.#options.settleMs) {
          const { bytes, modifiedAtMs, inode } = facts;
          found.push({ name, facts: { bytes, modifiedAtMs, inode } });
          if (found.length >= MOST_CANDIDATES * 2) cut();
        } else this.settle(name, facts);
      }
    } catch (failure) {
      this.#folderTrouble(failure);
    }
    cut();
    for (const [name, { seenInScan }] of this.#refused)
      if (seenInScan !== this.#scans) this.#refused.delete(name);
    this.#backlog = found;
    this.#backlogAt = 0;
    this.#hasMore = hasMore;
    if (found.length > 0) this.#ports.wake();
  }

  #look(name: string): PickupFacts | undefined {
    try {
      return this.#ports.disk.factsOf(this.#folder + sep + name);
    } catch (failure) {
      // Gone again, or not to be looked at; then the claim says why it cannot be taken.
      if (systemErrorCode(failure) !== 'ENOENT')
        this.refuse(name, failure instanceof Error ? failure.message : String(failure), {});
      return undefined;
    }
  }

  #isMessageFile(name: string, facts: PickupFacts): boolean {
    if (facts.isFile) return true;
    if (!facts.isFolder) this.refuse(name, 'not a regular file; links, pipes and devices are never sent', {});
    return false;
  }

  /** Watches the folder, again when it was replaced. False when there is no folder. */
  #watchFolder(): boolean {
    const { disk, log } = this.#ports;
    try {
      const { inode } = disk.factsOf(this.#folder);
      if (this.#watch !== undefined && inode === this.#watchedInode) return true;
      this.#watch?.close();
      this.#watch = undefined;
      this.#watchedInode = inode;
    } catch (failure) {
      this.#folderTrouble(failure);
      return false;
    }
    if (this.#isFolderLost) log('info', 'pickup.folder-found', { folder: this.#options.folder });
    this.#isFolderLost = false;
    try {
      this.#watch = disk.watch(
        this.#folder,
        (event, name) => this.#onEvent(event, name),
        (failure) => this.#watchTrouble(failure),
      );
    } catch (failure) {
      this.#watchTrouble(failure);
    }
    return true;
  }

  #watchTrouble(failure: unknown): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#watchedInode = undefined;
    const cure =
      systemErrorCode(failure) === 'ENOSPC' || systemErrorCode(failure) === 'EMFILE'
        ? ' Raise fs.inotify.max_user_watches and max_user_instances.'
        : '';
    this.#ports.log('warn', 'pickup.watch-failed', {
      folder: this.#options.folder,
      reason: `${String(failure)}. The folder is read every second instead.${cure}`,
    });
  }

  #folderTrouble(failure: unknown): void {
    if (!this.#isFolderLost)
      this.#ports.log('error', 'pickup.folder-unusable', {
        folder: this.#options.folder,
        reason: `${String(failure)}. Files in it wait; it is tried again every second.`,
      });
    this.#isFolderLost = true;
    this.#watch?.close();
    this.#watch = undefined;
    this.#watchedInode = undefined;
    try {
      if (systemErrorCode(failure) === 'ENOENT') this.#ports.disk.makeFolder(this.#folder, false);
    } catch {
      // Reported above; the next scan tries again.
    }
  }

  #onEvent(event: WatchEvent, name: string | undefined): void {
    if (!this.#isRunning) return;
    if (name === undefined) {
      // The system lost count of the events; only reading the folder helps.
      this.#hasMore = true;
      this.#ports.wake();
      return;
    }
    if (name.startsWith('.')) return;
    const settling = this.#settling.get(name);
    if (event === 'changed') {
      this.#arrivals.delete(name);
      if (settling !== undefined) settling.sinceMs = this.#ports.clock.monotonicMs();
      else if (!this.#refused.has(name)) this.#settleAgain(name);
      return;
    }
    if (this.#ownMoves.delete(name)) return;
    // A refused file waits for its time whatever happens to it; putting it back was such an event too.
    if (settling !== undefined || this.#refused.has(name)) return;
    if (this.#arrivals.size + this.#ready.length >= MOST_CANDIDATES) {
      this.#hasMore = true;
      return;
    }
    this.#arrivals.set(name, { facts: undefined, lookedAtMs: 0 });
    this.#lookLater();
  }

  /** Written to without having been seen to appear, or after it did. */
  #settleAgain(name: string): void {
    const facts = this.#look(name);
    if (facts !== undefined && this.#isMessageFile(name, facts)) this.settle(name, facts);
  }

  /** Looks at arrivals after the events that are waiting now were read. */
  #lookLater(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      if (this.#isRunning) this.#lookAtArrivals();
    });
  }

  #lookAtArrivals(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    let inGrace = false;
    let mustLookAgain = false;
    for (const [name, arrival] of this.#arrivals) {
      if (arrival.facts === undefined) {
        const facts = this.#look(name);
        if (facts === undefined || !this.#isMessageFile(name, facts)) this.#arrivals.delete(name);
        else if (facts.bytes === 0 || !this.#mayBeRenamed(facts)) {
          this.#arrivals.delete(name);
          this.settle(name, facts);
        } else {
          arrival.facts = facts;
          arrival.lookedAtMs = nowMs;
          mustLookAgain = true;
        }
        continue;
      }
      // Every event that was due when we looked has been read since: none of them was a write to this file.
      const isProven = arrival.facts.changedAtMs > arrival.facts.modifiedAtMs;
      if (!isProven && nowMs - arrival.lookedAtMs < GRACE_MS) {
        inGrace = true;
        continue;
      }
      this.#arrivals.delete(name);
      this.#ready.push({ name, facts: arrival.facts });
    }
    if (this.#readyAt < this.#ready.length) this.#ports.wake();
    if (mustLookAgain) this.#lookLater();
    else if (inGrace) this.#ports.clock.setTimer(GRACE_MS, () => this.#lookLater());
  }

  #mayBeRenamed(facts: PickupFacts): boolean {
    return this.#ports.watchSeesWrites || facts.changedAtMs > facts.modifiedAtMs;
  }

  /** Many programs create a file and write to it a moment later: from its first byte on it is a file like others. */
  #lookAtEmpty(name: string, entry: Settling): void {
    if (entry.facts.bytes > 0) return;
    const facts = this.#look(name);
    if (facts === undefined || facts.bytes === 0) return;
    entry.facts = facts;
    if (!this.#ports.watchSeesWrites) entry.sinceMs = this.#ports.clock.monotonicMs();
  }

  #waitOf(entry: Settling): number {
    return entry.facts.bytes === 0 ? this.#options.settleMs * EMPTY_FACTOR : this.#options.settleMs;
  }

  #armSettle(delayMs = Math.max(this.#options.settleMs, 1)): void {
    if (this.#settleTimer !== undefined || !this.#isRunning) return;
    this.#settleTimer = this.#ports.clock.setTimer(delayMs, () => {
      this.#settleTimer = undefined;
      if (this.#isRunning) this.#lookAtSettling();
    });
  }

  #lookAtSettling(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    let nextMs = Infinity;
    for (const [name, entry] of this.#settling) {
      this.#lookAtEmpty(name, entry);
      const restMs = entry.sinceMs + this.#waitOf(entry) - nowMs;
      if (restMs > 0) {
        // An empty one is looked at again before its long wait is over.
        nextMs = Math.min(nextMs, restMs, this.#options.settleMs);
        continue;
      }
      const facts = this.#look(name);
      if (facts === undefined || !facts.isFile) {
        this.#settling.delete(name);
      } else if (facts.bytes !== entry.facts.bytes || facts.modifiedAtMs !== entry.facts.modifiedAtMs) {
        entry.facts = facts;
        entry.sinceMs = nowMs;
        nextMs = Math.min(nextMs, this.#waitOf(entry));
      } else {
        this.#settling.delete(name);
        this.#ready.push({ name, facts });
      }
    }
    if (nextMs < Infinity) this.#armSettle(Math.max(Math.ceil(nextMs), 1));
    if (this.#readyAt < this.#ready.length) this.#ports.wake();
  }

  #armRescan(): void {
    const waitMs =
      this.#watch === undefined
        ? Math.min(RESCAN_WITHOUT_WATCH_MS, this.#options.rescanMs)
        : this.#options.rescanMs;
    this.#rescanTimer = this.#ports.clock.setTimer(waitMs, () => {
      if (!this.#isRunning) return;
      // While a backlog is worked off the folder was read lately.
      if (this.#backlogAt === this.#backlog.length) this.scan();
      else this.#ports.wake();
      this.#armRescan();
    });
  }
}
