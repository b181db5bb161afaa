/**
 * One Pickup folder at work: claims complete files, reads them, hands them over, removes what was accepted.
 * Owns: claims and their names, leftovers of a process that died, what happens to a file after the answer.
 * Leaves: which file is next (pickup-candidates), content (pickup-file), queue and Badmail (pickup-watcher).
 * Fails: per file: refused, put back or bad, with its reason in the log; the others go on.
 *
 * A claim is a rename to `.mailroot-claimed/ID.TRIES.NAME` below Pickup, before anything is read for sending. What cannot be
 * renamed is never sent. The id is the message's id in the queue, so after a crash the queue can tell whether the file was
 * accepted (Q7). Leftovers are handled one at a time and their try is counted in the name first; a file that was being
 * handled `maxTries` times when the process died goes to Badmail unread.
 */
import { isAscii } from 'node:buffer';
import { join, sep } from 'node:path';
import type { Clock, IdSource, LogFields, LogLevel } from '../base/index.ts';
import { systemErrorCode, TransientMap } from '../base/index.ts';
import { type Candidate, type ContentFacts, PickupCandidates } from './pickup-candidates.ts';
import { bytePath, type PickupDisk, type PickupFacts, shownName } from './pickup-disk.ts';
import {
  type BadFile,
  draftOf,
  type PickupClaim,
  preparePickup,
  readHead,
  troubleInBytes,
} from './pickup-file.ts';
import { LineCleaner } from './pickup-lines.ts';
import type {
  PickupAnswer,
  PickupFolderSettings,
  PickupItem,
  PickupPort,
  PickupStatus,
} from './pickup-messages.ts';

export const CLAIMED_FOLDER = '.mailroot-claimed';

/** Larger files are streamed. */
const SMALL_BYTES = 256 * 1024;
const LARGEST_HEADER = 8 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** Claimed and not answered yet: bounds the memory of the whole way into the queue. */
const MOST_IN_FLIGHT = 512;
const MOST_IN_FLIGHT_BYTES = 6 * 1024 * 1024;
const MOST_LARGE_IN_FLIGHT = 2;
/** Files handed over together, and the longest turn of this thread. */
const MOST_PER_TURN = 64;
const LONGEST_TURN_MS = 4;
const LONGEST_NAME = 255;
const PAUSE_MS = 30_000;
const ARENA_BYTES = 1024 * 1024;

type Claimed = {
  readonly claimId: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly isLarge: boolean;
};

export type PickupFolderPorts = {
  readonly disk: PickupDisk;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly port: PickupPort;
  readonly watchSeesWrites: boolean;
};

export class PickupFolder {
  #settings: PickupFolderSettings;
  readonly #ports: PickupFolderPorts;
  readonly #candidates: PickupCandidates;
  /** The Pickup folder as a byte string. */
  readonly #folder: string;
  readonly #inFlight = new TransientMap<string, Claimed>();
  #inFlightBytes = 0;
  #largeInFlight = 0;
  /** Accepted, but the claimed file could not be removed: tried again with each rescan. */
  readonly #unremoved = new Map<string, string>();
  #leftovers: Leftover[] = [];
  #leftover: Leftover | undefined;
  #phase: 'new' | 'leftovers' | 'running' | 'stopping' | 'stopped' = 'new';
  #pausedUntilMs = 0;
  #isPumping = false;
  readonly #scratch = Buffer.allocUnsafeSlow(SMALL_BYTES);
  readonly #arena = new Arena();

  constructor(settings: PickupFolderSettings, ports: PickupFolderPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#folder = bytePath(settings.folder);
    this.#candidates = new PickupCandidates(settings, {
      disk: ports.disk,
      clock: ports.clock,
      watchSeesWrites: ports.watchSeesWrites,
      log: (level, name, fields) => this.#log(level, name, fields),
      wake: () => this.#pumpSoon(),
    });
  }

  start(): void {
    // Stopped before it began: nothing is begun any more.
    if (this.#phase !== 'new') return;
    this.#phase = 'leftovers';
    this.#leftovers = this.#findLeftovers();
    if (this.#leftovers.length > 0)
      this.#log('warn', 'pickup.leftovers', { count: this.#leftovers.length, folder: this.#settings.folder });
    this.#nextLeftover();
  }

  /** No new claims; `stopped` is told when every claim is answered. */
  stop(): void {
    if (this.#phase === 'stopping' || this.#phase === 'stopped') return;
    this.#phase = 'stopping';
    this.#candidates.stop();
    this.#leftovers = [];
    this.#stopIfIdle();
  }

  configure(settings: PickupFolderSettings): void {
    this.#settings = { ...settings, folder: this.#settings.folder };
    this.#candidates.configure(settings);
  }

  status(): PickupStatus {
    return { ...this.#candidates.counts(), inFlight: this.#inFlight.size };
  }

  answers(answers: readonly PickupAnswer[]): void {
    for (const answer of answers) {
      const claimed = this.#inFlight.get(answer.claimId);
      if (claimed === undefined) continue;
      this.#inFlight.delete(answer.claimId);
      this.#inFlightBytes -= claimed.bytes;
      if (claimed.isLarge) this.#largeInFlight -= 1;
      if (answer.outcome === 'accepted') this.#remove(claimed);
      else if (answer.outcome === 'put-back') {
        // While the whole folder waits, one event says so; not one per file.
        this.#putBack(claimed, answer.reason, answer.waitMs !== undefined);
        if (answer.waitMs !== undefined) this.#pause(answer.waitMs);
      }
      if (this.#leftover?.claimId === answer.claimId) this.#nextLeftover();
    }
    if (this.#phase === 'stopping') this.#stopIfIdle();
    else this.#pumpSoon();
  }

  // ── leftovers ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #findLeftovers(): Leftover[] {
    const { disk } = this.#ports;
    const folder = this.#claimedFolder();
    const found: Leftover[] = [];
    try {
      disk.makeFolder(folder, true);
      for (const { name, isFolder } of disk.list(folder)) {
        const leftover = isFolder ? undefined : parseClaimedName(name);
        if (leftover !== undefined) found.push(leftover);
      }
    } catch (failure) {
      // Without this folder nothing can be claimed; each file is then refused with the reason.
      this.#log('error', 'pickup.folder-unusable', {
        folder: this.#settings.folder,
        reason: String(failure),
      });
    }
    return found.sort((a, b) => (a.claimId < b.claimId ? -1 : 1));
  }

  #nextLeftover(): void {
    this.#leftover = this.#leftovers.shift();
    if (this.#leftover !== undefined) this.#ports.port.askClaim(this.#leftover.claimId);
    else if (this.#phase === 'leftovers') {
      this.#phase = 'running';
      this.#candidates.start();
      this.#pumpSoon();
    }
  }

  /** Whether the queue has the leftover that was asked about. */
  answerClaim(claimId: string, wasAccepted: boolean): void {
    const leftover = this.#leftover;
    if (leftover?.claimId !== claimId || this.#phase !== 'leftovers') return;
    const path = this.#claimedPath(leftover);
    if (wasAccepted) {
      this.#log('info', 'pickup.leftover-removed', { messageId: claimId, file: shownName(leftover.name) });
      this.#remove({ ...leftover, path, bytes: 0, isLarge: false });
      this.#nextLeftover();
      return;
    }
    const next = { ...leftover, tries: leftover.tries + 1 };
    const isTooOften = leftover.tries >= this.#settings.maxTries;
    const nextPath = isTooOften ? path : this.#claimedPath(next);
    try {
      // Counted before it is read: what kills the process must not find the same count next time.
      if (!isTooOften) this.#ports.disk.rename(path, nextPath);
      const item = isTooOften
        ? this.#poisonItem(leftover, path)
        : this.#readClaimed({ ...next, path: nextPath, at: this.#ports.clock.now() });
      this.#ports.port.items([item]);
      this.#arena.reset();
    } catch (failure) {
      this.#log('warn', 'pickup.leftover-unreadable', {
        messageId: claimId,
        file: shownName(leftover.name),
        reason: String(failure),
      });
      if (this.#leftover === leftover) this.#nextLeftover();
    }
  }

  #poisonItem(leftover: Leftover, path: string): PickupItem {
    const claimed: Claimed = { ...leftover, path, bytes: 0, isLarge: false };
    this.#register(claimed);
    return this.#bad(claimed, {
      ok: false,
      reasonClass: 'Bad Pickup File',
      detail: `The service ended ${leftover.tries} times while it was handling this file, so the file is not tried again.`,
    });
  }

  // ── claiming ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #pumpSoon(): void {
    if (this.#isPumping || this.#phase !== 'running') return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    const { clock, port } = this.#ports;
    if (this.#phase !== 'running' || clock.monotonicMs() < this.#pausedUntilMs) return;
    const items: PickupItem[] = [];
    const endMs = clock.monotonicMs() + LONGEST_TURN_MS;
    let mayHaveMore = true;
    while (items.length < MOST_PER_TURN && this.#hasRoom() && clock.monotonicMs() < endMs) {
      const candidate = this.#candidates.next();
      if (candidate === undefined) {
        mayHaveMore = false;
        break;
      }
      const item = this.#take(candidate);
      if (item !== undefined) items.push(item);
      if (clock.monotonicMs() < this.#pausedUntilMs) break;
    }
    if (items.length > 0) port.items(items);
    this.#arena.reset();
    if (mayHaveMore && this.#hasRoom()) this.#pumpSoon();
  }

  #hasRoom(): boolean {
    return (
      this.#inFlight.size < MOST_IN_FLIGHT &&
      this.#inFlightBytes < MOST_IN_FLIGHT_BYTES &&
      this.#largeInFlight < MOST_LARGE_IN_FLIGHT
    );
  }

  /** Claims one file. undefined: it is gone, still being written, or cannot be taken now. */
  #take(candidate: Candidate): PickupItem | undefined {
    const { disk, clock, ids } = this.#ports;
    const { name } = candidate;
    const path = this.#path(name);
    let handle: number;
    try {
      // Opened first: a file that cannot be read is not moved.
      handle = disk.open(path);
    } catch (failure) {
      if (systemErrorCode(failure) !== 'ENOENT') this.#refuse(name, failure, 'cannot be opened');
      return undefined;
    }
    try {
      const facts = disk.facts(handle);
      if (!facts.isFile) return undefined;
      if (!sameContent(facts, candidate.facts)) {
        this.#candidates.settle(name, facts);
        return undefined;
      }
      if (this.#isLeft(name, facts)) return undefined;
      const claim = { claimId: ids.next(), name, tries: 1 };
      const claimedPath = this.#claimedPath(claim);
      if (!this.#claim(name, path, claimedPath)) return undefined;
      this.#candidates.moved(name);
      const claimed: Claimed = {
        claimId: claim.claimId,
        name,
        path: claimedPath,
        bytes: Math.min(facts.bytes, SMALL_BYTES),
        isLarge: facts.bytes > SMALL_BYTES,
      };
      this.#register(claimed);
      return this.#read(handle, facts, claimed, clock.now());
    } finally {
      disk.close(handle);
    }
  }

  /** compat: the Internet Mail Service did not pick up files beyond its limit (KB 201314). */
  #isLeft(name: string, { bytes }: PickupFacts): boolean {
    const { leavesTooLarge, maxMessageBytes, folder } = this.#settings;
    if (leavesTooLarge !== true || bytes <= maxMessageBytes) return false;
    const detail = `It has ${bytes} bytes and stays in ${folder}: the limit is ${maxMessageBytes} (limits.messageSize).`;
    if (!this.#candidates.refuse(name, 'is too large', { detail })) this.#pause(PAUSE_MS);
    return true;
  }

  #claim(name: string, path: string, claimedPath: string): boolean {
    const { disk } = this.#ports;
    for (const isRetry of [false, true]) {
      try {
        disk.rename(path, claimedPath);
        return true;
      } catch (failure) {
        const isGone = systemErrorCode(failure) === 'ENOENT';
        if (isGone && !isRetry && this.#makeClaimedFolder()) continue;
        if (!isGone || !isRetry) this.#refuse(name, failure, 'cannot be claimed');
        return false;
      }
    }
    return false;
  }

  /** True when the folder for claims was missing and is there now. */
  #makeClaimedFolder(): boolean {
    const { disk } = this.#ports;
    try {
      disk.factsOf(this.#claimedFolder());
      return false;
    } catch {
      try {
        disk.makeFolder(this.#claimedFolder(), true);
        return true;
      } catch {
        return false;
      }
    }
  }

  #refuse(name: string, failure: unknown, what: string): void {
    const code = systemErrorCode(failure);
    const cure =
      code === 'EACCES' || code === 'EPERM'
        ? `Give the service account the right to read, rename and delete files in ${this.#settings.folder}.`
        : code === 'EROFS'
          ? 'The file system is read-only.'
          : 'It is tried again.';
    const reason = `${what}: ${failure instanceof Error ? failure.message : String(failure)}. It is not sent. ${cure}`;
    // The message of a system error names the new claim each time; the reason for "once per file" is what and code.
    if (!this.#candidates.refuse(name, `${what} (${code ?? 'unknown'})`, { detail: reason }))
      this.#pause(PAUSE_MS);
  }

  #register(claimed: Claimed): void {
    this.#inFlight.set(claimed.claimId, claimed);
    this.#inFlightBytes += claimed.bytes;
    if (claimed.isLarge) this.#largeInFlight += 1;
  }

  // ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A leftover: it lies in the folder of claims already. Throws when it cannot be opened. */
  #readClaimed(claim: Leftover & { readonly path: string; readonly at: number }): PickupItem {
    const { disk } = this.#ports;
    const handle = disk.open(claim.path);
    try {
      const facts = disk.facts(handle);
      const claimed: Claimed = {
        claimId: claim.claimId,
        name: claim.name,
        path: claim.path,
        bytes: Math.min(facts.bytes, SMALL_BYTES),
        isLarge: facts.bytes > SMALL_BYTES,
      };
      this.#register(claimed);
      const item = this.#read(handle, facts, claimed, claim.at);
      if (item === undefined) throw new Error('it could not be read');
      return item;
    } finally {
      disk.close(handle);
    }
  }

  /** undefined: reading failed and the file was put back. */
  #read(handle: number, facts: PickupFacts, claimed: Claimed, at: number): PickupItem | undefined {
    const claim: PickupClaim = { claimId: claimed.claimId, fileName: shownName(claimed.name), at };
    try {
      return this.#content(handle, facts, claimed, claim);
    } catch (failure) {
      if (systemErrorCode(failure) === undefined) {
        // Our own mistake must not stop the other files.
        return this.#bad(claimed, {
          ok: false,
          reasonClass: 'Bad Pickup File',
          detail: `Reading the file failed inside Mailroot: ${String(failure)}. Please report this file as a defect.`,
        });
      }
      this.answers([
        { claimId: claimed.claimId, outcome: 'put-back', reason: `cannot be read: ${String(failure)}` },
      ]);
      return undefined;
    }
  }

  #content(handle: number, facts: PickupFacts, claimed: Claimed, claim: PickupClaim): PickupItem {
    const settings = this.#settings;
    if (facts.bytes > settings.maxMessageBytes) {
      const detail = `The file has ${facts.bytes} bytes; the limit is ${settings.maxMessageBytes}.`;
      return this.#bad(claimed, { ok: false, reasonClass: 'Bad Pickup File', detail });
    }
    if (claimed.isLarge) return this.#large(handle, facts, claimed, claim);
    const file = this.#scratch.subarray(0, this.#fill(handle, this.#scratch, facts.bytes, 0));
    const message = preparePickup(file, claim, settings, this.#arena.allocate);
    if (!message.ok) return this.#bad(claimed, message);
    this.#warn(claim, message.warnings);
    const { draft, recipients, body } = message;
    return { kind: 'message', claimId: claim.claimId, draft, recipients, body };
  }

  /** Reads a large file once through to know what it holds; its bytes are streamed later. */
  #large(handle: number, facts: PickupFacts, claimed: Claimed, claim: PickupClaim): PickupItem {
    const settings = this.#settings;
    const start = Buffer.allocUnsafe(Math.min(facts.bytes, LARGEST_HEADER));
    const file = start.subarray(0, this.#fill(handle, start, start.length, 0));
    const head = troubleInBytes(file) ?? readHead(file, claim, settings);
    if (!head.ok) return this.#bad(claimed, head);
    if (head.bodyAt >= LARGEST_HEADER)
      return this.#bad(claimed, {
        ok: false,
        reasonClass: 'Bad Pickup File',
        detail: `The header has more than ${LARGEST_HEADER} bytes; no empty line ends it.`,
      });
    let isPlain = isAscii(head.header);
    const cleaner = new LineCleaner(settings);
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let position = head.bodyAt; position < facts.bytes; ) {
      const count = this.#fill(handle, piece, Math.min(PIECE_BYTES, facts.bytes - position), position);
      if (count === 0) break;
      const bytes = piece.subarray(0, count);
      const trouble = troubleInBytes(bytes);
      if (trouble !== undefined) return this.#bad(claimed, trouble);
      isPlain = isPlain && isAscii(bytes);
      if (head.envelope.declaredBody === 'binarymime') cleaner.push(bytes);
      position += count;
    }
    const draft = draftOf(head, claim, settings, { isAscii: isPlain, hasChanged: cleaner.hasChanged });
    if ('ok' in draft) return this.#bad(claimed, draft);
    this.#warn(claim, head.envelope.warnings);
    return {
      kind: 'large',
      claimId: claim.claimId,
      path: this.#shownPath(claimed.path),
      draft,
      recipients: head.envelope.recipients,
      header: new Uint8Array(head.header),
      bodyAt: head.bodyAt,
      dotStuffed: settings.dotStuffed,
    };
  }

  #fill(handle: number, into: Buffer, length: number, position: number): number {
    let filled = 0;
    while (filled < length) {
      const count = this.#ports.disk.read(handle, into, filled, length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  #bad(claimed: Claimed, bad: BadFile): PickupItem {
    return {
      kind: 'bad',
      claimId: claimed.claimId,
      path: this.#shownPath(claimed.path),
      fileName: shownName(claimed.name),
      reasonClass: bad.reasonClass,
      detail: bad.detail,
    };
  }

  #warn(claim: PickupClaim, warnings: readonly string[]): void {
    for (const warning of warnings)
      this.#log('warn', 'pickup.warning', {
        messageId: claim.claimId,
        file: claim.fileName,
        reason: warning,
      });
  }

  // ── after the answer ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The queue has it on the disk: the file goes. One that cannot go is never sent again, the queue knows its id. */
  #remove(claimed: Claimed): void {
    try {
      this.#ports.disk.unlink(claimed.path);
    } catch (failure) {
      if (systemErrorCode(failure) === 'ENOENT') return;
      this.#unremoved.set(claimed.claimId, claimed.path);
      this.#log('warn', 'pickup.not-removed', {
        messageId: claimed.claimId,
        file: shownName(claimed.name),
        reason: `${String(failure)}. The message is in the queue and is not sent twice; removing the file is tried again.`,
      });
      this.#ports.clock.setTimer(this.#settings.rescanMs, () => this.#removeAgain());
    }
  }

  #removeAgain(): void {
    for (const [claimId, path] of this.#unremoved) {
      try {
        this.#ports.disk.unlink(path);
      } catch (failure) {
        if (systemErrorCode(failure) !== 'ENOENT') continue;
      }
      this.#unremoved.delete(claimId);
    }
    if (this.#unremoved.size > 0 && this.#phase !== 'stopped')
      this.#ports.clock.setTimer(this.#settings.rescanMs, () => this.#removeAgain());
  }

  /** Under its own name again; never over a file that took the name meanwhile. */
  #putBack(claimed: Claimed, reason: string, isQuiet: boolean): void {
    const names = [claimed.name, `${claimed.claimId}-${claimed.name}`.slice(0, LONGEST_NAME)];
    for (const name of names) {
      const path = this.#path(name);
      try {
        this.#moveWithoutReplacing(claimed.path, path);
        this.#candidates.refuse(name, reason, {}, isQuiet);
        return;
      } catch (failure) {
        if (systemErrorCode(failure) === 'EEXIST') continue;
        this.#log('error', 'pickup.not-put-back', {
          messageId: claimed.claimId,
          file: claimed.path,
          reason: `${String(failure)}. The file stays there and is taken up at the next start.`,
        });
        return;
      }
    }
  }

  #moveWithoutReplacing(from: string, to: string): void {
    const { disk } = this.#ports;
    try {
      disk.link(from, to);
    } catch (failure) {
      const code = systemErrorCode(failure);
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw failure;
      // A file system without links: the gap between looking and moving cannot be closed.
      let isTaken = true;
      try {
        disk.factsOf(to);
      } catch {
        isTaken = false;
      }
      if (isTaken) throw Object.assign(new Error('the name is taken'), { code: 'EEXIST' });
      disk.rename(from, to);
      return;
    }
    disk.unlink(from);
  }

  #pause(waitMs: number): void {
    const { clock } = this.#ports;
    const untilMs = clock.monotonicMs() + waitMs;
    if (untilMs <= this.#pausedUntilMs) return;
    this.#pausedUntilMs = untilMs;
    clock.setTimer(waitMs, () => {
      // A timer may come a fraction of a millisecond early; it must not find the pause still on and nobody to end it.
      if (this.#pausedUntilMs === untilMs) this.#pausedUntilMs = 0;
      this.#pumpSoon();
    });
  }

  #stopIfIdle(): void {
    if (this.#inFlight.size > 0) return;
    this.#phase = 'stopped';
    this.#ports.port.stopped();
  }

  #path(name: string): string {
    return this.#folder + sep + name;
  }

  #claimedFolder(): string {
    return this.#path(CLAIMED_FOLDER);
  }

  #claimedPath(claim: Leftover): string {
    return this.#claimedFolder() + sep + claimedName(claim);
  }

  /** The same path as text, for those who do not deal in byte strings. */
  #shownPath(claimedPath: string): string {
    return join(this.#settings.folder, CLAIMED_FOLDER, claimedPath.slice(claimedPath.lastIndexOf(sep) + 1));
  }

  #log(level: LogLevel, name: string, fields: LogFields): void {
    this.#ports.port.log(level, name, { server: this.#settings.server, ...fields });
  }
}

/** Room for the messages of one turn, used again in the next: one buffer per message would keep the collector busy. */
class Arena {
  #room = Buffer.allocUnsafeSlow(ARENA_BYTES);
  #used = 0;

  readonly allocate = (bytes: number): Buffer => {
    if (this.#used + bytes > this.#room.length) return Buffer.allocUnsafeSlow(bytes);
    this.#used += bytes;
    return this.#room.subarray(this.#used - bytes, this.#used);
  };

  reset(): void {
    this.#used = 0;
  }
}

type Leftover = { readonly claimId: string; readonly tries: number; readonly name: string };

/**
 * Only printable ASCII, so that everyone can open it; other bytes of the original name are written as %HH. A name too long with
 * its prefix loses its end: it serves people only.
 */
function claimedName({ claimId, tries, name }: Leftover): string {
  const plain = name.replace(/[^!-$&-~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `${claimId}.${tries}.${plain}`.slice(0, LONGEST_NAME);
}

function parseClaimedName(text: string): Leftover | undefined {
  const match = /^([0-9A-Z]{16})\.(\d{1,4})\.(.*)$/s.exec(text);
  if (match === null) return undefined;
  const name = match[3]!.replace(/%([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return { claimId: match[1]!, tries: Number(match[2]), name };
}

function sameContent(a: ContentFacts, b: ContentFacts): boolean {
  return a.bytes === b.bytes && a.modifiedAtMs === b.modifiedAtMs && a.inode === b.inode;
}
