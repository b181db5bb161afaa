/**
 * One next hop: its line of jobs, its sessions, and the way from a job to a report.
 * Owns: when to connect and where, which session takes which job, keeping and closing connections, fail-over, back-off.
 * Leaves: claims and routes (delivery), the conversation (smtp), what a failure means (judge, by outcome), settling (reporter).
 * Fails: every job ends in reports, in another hop (fallback) or back in the queue (untried); a defect in a session costs
 * that session's jobs one deferral.
 * Sources: RFC 5321 §4.5.4.1, §5.1, §4.5.3.1.10; doc "Outbound connections" (limits), KB 303759 (messages per connection).
 */

import type { Logger } from '../base/index.ts';
import type { JudgeFailure } from '../outcome/index.ts';
import type { NextHop } from '../routing/index.ts';
import type {
  AttemptFailure,
  ClientSession,
  RecipientReport,
  SessionMaker,
  SessionOwner,
  SessionTarget,
  Transaction,
  TransactionResult,
} from '../smtp/index.ts';
import { recipientReports, type Waiter } from '../smtp/index.ts';
import type { DeliverySettings, Downgrade, HopStatus } from './contract.ts';
import { type Candidate, candidatesOf, domainOf, failuresOf, type Job, Line, part } from './job.ts';
import { Allowance, BackOff, LineLength } from './pace.ts';
import { planJob } from './plan-job.ts';
import type { Reporter } from './reporter.ts';
import type { BudgetUser, SessionBudget } from './session-budget.ts';

/** What all hops share. */
export type HopOffice = {
  readonly settings: DeliverySettings;
  readonly maker: SessionMaker;
  readonly budget: SessionBudget;
  readonly judge: JudgeFailure;
  readonly downgrade: Downgrade;
  readonly reporter: Reporter;
  readonly log: Logger;
  /** The fallback next hop takes `job`. */
  moveTo(nextHop: NextHop, server: string, job: Job): void;
  /** The hop's line has become short: more may be claimed. */
  onShortLine(): void;
  /** The hop has neither jobs nor sessions. */
  onIdle(hop: Hop): void;
};

type Running = { readonly transaction: Transaction; readonly job: Job; readonly beganAt: number };

/** What a hop knows about one of its sessions. */
class Seat implements Waiter {
  deadlineAt = Number.POSITIVE_INFINITY;
  readonly session: ClientSession;
  readonly #hop: Hop;
  readonly candidate: number;
  /** Where the search for a session began: above zero, it is for jobs that earlier candidates have had. */
  readonly start: number;
  wasReady = false;
  begun = 0;
  /** In the order of their transactions: the running one, and perhaps the one behind its end of data. */
  readonly running: Running[] = [];

  constructor(hop: Hop, session: ClientSession, candidate: number, start: number) {
    this.#hop = hop;
    this.session = session;
    this.candidate = candidate;
    this.start = start;
  }

  /** Idle for too long. */
  onDeadline(): void {
    this.#hop.retire(this);
  }
}

/** A job begun on dead connections this often goes back to the queue with a failure. */
const MAX_RESTARTS = 3;
/** So many connections broken in the middle of a transaction, one after the other, make a back-off. */
const MAX_BROKEN_IN_A_ROW = 10;
/** Domains remembered per hop, to leave them out of claims. A smart host has any number of them. */
const MAX_KNOWN_DOMAINS = 500;
/** How long a message waits in the queue that had to leave the memory. */
const SHED_MS = 10_000;
/** Rounds of back-off in which a message that was never tried waits for the next round instead of its own retry time. */
const PATIENT_ROUNDS = 3;

export class Hop implements SessionOwner, BudgetUser {
  readonly key: string;
  readonly server: string;
  readonly #office: HopOffice;
  /** Asked for each session: a reload may change it. */
  readonly #heloName: () => string;
  readonly #line = new Line<Job>();
  /** Jobs that earlier candidates have had. */
  #detours: Job[] = [];
  /** Sessions that may get work. */
  readonly #seats = new Set<Seat>();
  /** Sessions that have said QUIT, or will right after what they send now. */
  readonly #leaving = new Set<Seat>();
  #idle: Seat[] = [];
  #connecting = 0;
  #candidates: readonly Candidate[];
  #nextHop: NextHop;
  readonly #allowance: Allowance;
  readonly #backOff: BackOff;
  readonly #lineLength: LineLength;
  #lastFailure: AttemptFailure | undefined;
  /** Candidates whose TLS handshake failed although plain text would do. */
  readonly #plainCandidates = new Set<string>();
  #domains = new Set<string>();
  #preparing = 0;
  /** Transactions that ended with the connection, since one that did not. */
  #brokenInARow = 0;
  #isStopping = false;

  constructor(office: HopOffice, server: string, heloName: () => string, nextHop: NextHop) {
    const { settings } = office;
    this.#office = office;
    this.server = server;
    this.key = nextHop.key;
    this.#heloName = heloName;
    this.#nextHop = nextHop;
    this.#candidates = candidatesOf(nextHop);
    this.#allowance = new Allowance(settings.firstSessions, settings.maxSessionsPerHop);
    this.#backOff = new BackOff(settings.backOffFirstMs, settings.backOffMaxMs);
    this.#lineLength = new LineLength(this.#now());
    office.budget.join(this);
  }

  get waiting(): number {
    return this.#line.length + this.#detours.length;
  }

  get isBusy(): boolean {
    return this.waiting > 0 || this.#seats.size > 0 || this.#leaving.size > 0 || this.#preparing > 0;
  }

  /** True while the hop must be remembered although it has nothing to do. */
  get isInBackOff(): boolean {
    return !this.#backOff.isOver(this.#now());
  }

  /** Domains whose mail waits here; of very many, some. */
  get domains(): ReadonlySet<string> {
    return this.#domains;
  }

  isFull(share: number): boolean {
    return this.waiting >= this.#lineLength.current(this.#now(), share);
  }

  status(): HopStatus {
    const ready = [...this.#seats].filter((seat) => seat.wasReady).length;
    const status = {
      server: this.server,
      label: this.#nextHop.label,
      waiting: this.waiting,
      sessions: this.#seats.size,
      ready,
    };
    const failure = this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure.text };
    if (!this.isInBackOff) return { ...status, ...failure };
    return { ...status, ...failure, backOffUntil: this.#wallTime(this.#backOff.until) };
  }

  /** Routing may know other hosts by now. */
  refresh(nextHop: NextHop): void {
    if (nextHop === this.#nextHop) return;
    this.#nextHop = nextHop;
    // Candidates are numbered: while somebody uses the numbers they stay.
    if (this.#seats.size === 0 && this.#detours.length === 0) this.#candidates = candidatesOf(nextHop);
  }

  /** Takes a job; `pump` starts the work. */
  offer(job: Job): void {
    if (this.#isStopping) {
      this.#giveBack(job);
    } else if (this.isInBackOff && this.#seats.size === 0) {
      this.#turnAway(job);
    } else {
      if (this.#line.length === 0) this.#lineLength.onProgress(this.#now());
      this.#line.push(job);
      if (this.#domains.size < MAX_KNOWN_DOMAINS)
        for (const recipient of job.recipients) this.#domains.add(domainOf(recipient));
    }
  }

  /** Lets as many jobs go as sessions and limits allow. */
  pump(): void {
    this.#pumpDetours();
    while (this.#line.length > 0) {
      const seat = this.#idle.pop();
      if (seat !== undefined) this.#work(seat);
      else if (this.#connecting >= this.#line.length || !this.#open(0)) return;
    }
  }

  /**
   * Memory is short: gives back what waits beyond `keep`, when nothing moves here. It is due again a little later.
   */
  shed(keep: number): void {
    if (this.#line.length <= keep || !this.#lineLength.isStalled(this.#now())) return;
    const notBefore = this.#office.maker.clock.now() + SHED_MS;
    const jobs = this.#line.drain();
    for (const job of jobs.slice(0, keep)) this.#line.push(job);
    for (const job of jobs.slice(keep)) this.#untried(job, notBefore);
  }

  /** A retry by the operator or a sign of life from the host: the back-off is over. */
  endBackOff(): void {
    this.#backOff.end();
  }

  /** Gives back what has not begun; what runs may finish. */
  stop(): void {
    this.#isStopping = true;
    for (const job of [...this.#line.drain(), ...this.#detours]) this.#giveBack(job);
    this.#detours = [];
    for (const seat of [...this.#seats]) {
      if (!seat.wasReady) seat.session.abandon('the service stops');
      else if (seat.running.length === 0) this.retire(seat);
    }
  }

  /** Ends every session now. */
  abandon(reason: string): void {
    for (const { session } of [...this.#seats, ...this.#leaving]) session.abandon(reason);
  }

  dispose(): void {
    this.#office.budget.leave(this);
  }

  // Sessions.

  onRoom(): void {
    this.pump();
  }

  giveWay(): boolean {
    const seat = this.#idle[0];
    if (seat === undefined) return false;
    this.retire(seat);
    return true;
  }

  /** Ends an idle session in order. */
  retire(seat: Seat): void {
    this.#leave(seat);
    seat.session.quit();
  }

  /** The session gets no more work. */
  #leave(seat: Seat): void {
    const idle = this.#idle.indexOf(seat);
    if (idle >= 0) this.#idle.splice(idle, 1);
    if (this.#seats.delete(seat)) this.#leaving.add(seat);
  }

  /** Opens a session at the candidate; false when a limit says no. */
  #open(candidate: number): boolean {
    if (this.#seats.size >= this.#allowance.limit) return false;
    if (!this.#office.budget.take(this)) return false;
    this.#connect(candidate, candidate);
    return true;
  }

  /** Connects, in a place that is already taken. */
  #connect(index: number, start: number): void {
    const candidate = this.#candidates[index]!;
    const { port, security, credentials, greetWithHelo } = this.#nextHop;
    const isPlain = this.#plainCandidates.has(candidate.address);
    const target: SessionTarget = {
      host: candidate.host.name,
      address: candidate.address,
      port,
      tls: isPlain ? 'none' : security.tls,
      verifyCertificate: security.verifyCertificate,
      greetWithHelo,
      ...(credentials === undefined ? {} : { credentials }),
    };
    const { maker, settings } = this.#office;
    let session: ClientSession;
    try {
      const { server } = this;
      session = maker.open(target, { heloName: this.#heloName(), timeouts: settings.timeouts, server }, this);
    } catch (defect) {
      this.#notOpened(target, defect);
      return;
    }
    const seat = new Seat(this, session, index, start);
    session.slot = seat;
    this.#seats.add(seat);
    this.#connecting += 1;
  }

  /** The platform would not even try: a port or address that cannot be. The place is given back. */
  #notOpened({ host, address }: SessionTarget, defect: unknown): void {
    this.#office.budget.free();
    const text = `cannot connect: ${defect instanceof Error ? defect.message : String(defect)}`;
    const failure: AttemptFailure = { stage: 'connect', problem: 'unreachable', host, address, text };
    this.#lastFailure = failure;
    this.#giveUp(failure);
    this.#checkIdle();
  }

  onReady(session: ClientSession): void {
    const seat = session.slot as Seat;
    if (!seat.wasReady) {
      seat.wasReady = true;
      this.#connecting -= 1;
      this.#office.maker.watch.add(seat);
      if (this.#backOff.failures > 0) {
        this.#office.log.event('info', 'delivery.recovered', { nextHop: this.#nextHop.label });
      }
      this.#backOff.onSuccess();
      this.#lastFailure = undefined;
    }
    this.#work(seat);
  }

  /** Gives the ready session its next job, or lets it rest. */
  #work(seat: Seat): void {
    if (this.#isUsedUp(seat) || this.#isStopping || this.#seats.size > this.#allowance.limit) {
      this.retire(seat);
      return;
    }
    const transaction = this.#next(seat);
    if (transaction !== undefined) {
      this.#office.maker.watch.set(seat, Number.POSITIVE_INFINITY);
      seat.session.begin(transaction);
    } else if (this.#office.budget.isWanted) {
      this.retire(seat);
    } else if (seat.session.at === 'ready') {
      this.#idle.push(seat);
      this.#office.maker.watch.set(seat, this.#office.settings.idleMs);
    }
  }

  nextAfter(session: ClientSession): Transaction | 'quit' | undefined {
    const seat = session.slot as Seat;
    if (this.#isUsedUp(seat) || this.#isStopping || this.#seats.size > this.#allowance.limit) return 'quit';
    return this.#next(seat);
  }

  /** The next transaction for this session; jobs that this host cannot take are dealt with on the way. */
  #next(seat: Seat): Transaction | undefined {
    for (;;) {
      const job = this.#takeDetour(seat) ?? this.#line.shift();
      if (job === undefined) {
        this.#forgetDomains();
        this.#lineLength.onStarved();
        this.#office.onShortLine();
        return undefined;
      }
      const plan = planJob(job, seat.session.peer!, this.#office.settings, this.#addressee(seat));
      if (plan.rest !== undefined) this.#line.unshift(plan.rest);
      if (plan.kind === 'send') {
        seat.begun += 1;
        seat.running.push({ transaction: plan.transaction, job: plan.job, beganAt: this.#now() });
        return plan.transaction;
      }
      if (plan.kind === 'refused') this.#fail(plan.job, plan.failure, seat.candidate);
      else this.#reencode(plan.job);
    }
  }

  /** A new set: `clear` would link it to the old one (base/transient.ts). */
  #forgetDomains(): void {
    if (this.#domains.size > 0) this.#domains = new Set();
  }

  #takeDetour(seat: Seat): Job | undefined {
    if (this.#detours.length === 0) return undefined;
    const at = this.#detours.findIndex((job) => job.from <= seat.candidate);
    return at < 0 ? undefined : this.#detours.splice(at, 1)[0];
  }

  #isUsedUp(seat: Seat): boolean {
    const limit = Math.min(
      this.#office.settings.messagesPerSession,
      seat.session.peer?.maxTransactions ?? Number.POSITIVE_INFINITY,
    );
    return seat.begun >= limit;
  }

  /** Sends jobs with a history to hosts they have not seen. */
  #pumpDetours(): void {
    for (const job of [...this.#detours]) {
      const isCovered = [...this.#seats].some((seat) => seat.candidate >= job.from && !this.#isUsedUp(seat));
      const idle = this.#idle.findIndex((seat) => seat.candidate >= job.from);
      if (idle >= 0) this.#work(this.#idle.splice(idle, 1)[0]!);
      // One session beyond the allowance may open, or a busy first host would keep them from ever reaching the second.
      else if (!isCovered && this.#office.budget.take(this)) this.#connect(job.from, job.from);
    }
  }

  // Ends of transactions.

  onResult(session: ClientSession, result: TransactionResult): void {
    const seat = session.slot as Seat;
    const at = seat.running.findIndex((each) => each.transaction === result.transaction);
    const [{ job, beganAt }] = seat.running.splice(at, 1) as [Running];
    const now = this.#now();
    const { host, address } = session.target;
    const reports = recipientReports(result, {
      host,
      address,
      tls: session.peer?.tls?.protocol,
      hostKeepsDsn: session.peer?.dsn === true,
    });
    if (reports === undefined) {
      this.#again(job, seat);
      return;
    }
    if (session.at === 'quitting') this.#leave(seat);
    if (result.end.kind === 'broken') {
      this.#allowance.onFailure();
      this.#brokenInARow += 1;
      this.#lastFailure = result.end.failure;
    } else {
      this.#brokenInARow = 0;
      // A grown allowance is used at once when more waits than is being fetched.
      if (this.#allowance.onSuccess(now - beganAt) && this.#line.length > this.#connecting) this.#open(0);
    }
    this.#lineLength.onProgress(now);
    this.#conclude(job, seat, reports);
  }

  /** Reports what is final; sends the rest on: to the next host, or again to this one. */
  #conclude(job: Job, seat: Seat, reports: readonly RecipientReport[]): void {
    if (reports.every((report) => report.accepted)) {
      this.#office.reporter.report(job.claim, reports);
      return;
    }
    const final: RecipientReport[] = [];
    const onward = new Map<number, number[]>();
    const answers = new Map(job.answers);
    const again: number[] = [];
    const someAccepted = reports.some((report) => report.accepted);
    for (const report of reports) {
      if (report.accepted) {
        final.push(report);
        continue;
      }
      // RFC 5321 §4.5.3.1.10: 452 after accepted recipients says that these are enough for one transaction.
      if (someAccepted && isTooMany(report.failure)) {
        again.push(report.recipientId);
        continue;
      }
      const next = this.#nextCandidate(report.failure, seat.candidate);
      if (next === undefined) {
        final.push(report);
        continue;
      }
      if (report.failure.problem === 'rejected') answers.set(report.recipientId, report.failure);
      onward.set(next, [...(onward.get(next) ?? []), report.recipientId]);
    }
    if (final.length > 0) this.#office.reporter.report(job.claim, final);
    if (again.length > 0) this.#line.unshift(part(job, again));
    for (const [from, ids] of onward) this.#detours.push({ ...part(job, ids), from, restarts: 0, answers });
    if (this.#isStopping) this.stop();
    else if (onward.size > 0) this.#pumpDetours();
  }

  /** Where a job goes on after `failure` at a candidate; undefined when the failure is the last word. */
  #nextCandidate(failure: AttemptFailure, at: number): number | undefined {
    if (this.#office.judge(failure) !== 'next-host') return undefined;
    const candidate = this.#candidates[at];
    if (candidate === undefined) return undefined;
    // Another address of a host that has answered would say the same.
    const next = failure.problem === 'rejected' ? candidate.nextHost : at + 1;
    return next < this.#candidates.length ? next : undefined;
  }

  #fail(job: Job, failure: AttemptFailure, at: number): void {
    const next = this.#nextCandidate(failure, at);
    if (next !== undefined) this.#detours.push({ ...job, from: next });
    else this.#office.reporter.report(job.claim, failuresOf(job, failure));
  }

  /** The host never answered: a kept connection was dead, or the service stops. */
  #again(job: Job, seat: Seat): void {
    if (this.#isStopping) {
      this.#giveBack(job);
    } else if (job.restarts >= MAX_RESTARTS) {
      const text = 'the host ends every connection before it answers';
      this.#fail(
        job,
        { stage: 'mail', problem: 'connection-lost', text, ...this.#addressee(seat) },
        seat.candidate,
      );
    } else {
      this.#line.unshift({ ...job, restarts: job.restarts + 1 });
    }
  }

  #reencode(job: Job): void {
    this.#preparing += 1;
    this.#office
      .downgrade(job.claim.body, job.claim.message)
      .then(
        (sevenBit) => this.offer({ ...job, sevenBit }),
        (problem: unknown) => {
          const reason = problem instanceof Error ? problem.message : String(problem);
          const text = `the message cannot be re-encoded for a host without 8BITMIME: ${reason}`;
          const failure = {
            stage: 'mail',
            host: this.#nextHop.label,
            problem: 'body-unreadable',
            text,
          } as const;
          this.#office.reporter.report(job.claim, failuresOf(job, failure));
        },
      )
      .finally(() => {
        this.#preparing -= 1;
        this.pump();
        this.#checkIdle();
      });
  }

  // Ends of sessions.

  onClosed(session: ClientSession, why: AttemptFailure | undefined): void {
    const seat = this.#unseat(session);
    if (!seat.wasReady && why !== undefined && !this.#isStopping) {
      this.#connectFailed(seat, why);
      return;
    }
    this.#release();
  }

  onDefect(session: ClientSession, defect: unknown): void {
    const seat = this.#unseat(session);
    const text = 'a defect in Mailroot ended the session; the log has the details';
    this.#office.log.event('error', 'delivery.defect', {
      nextHop: this.#nextHop.label,
      defect: defect instanceof Error ? (defect.stack ?? defect.message) : String(defect),
    });
    const failure: AttemptFailure = {
      stage: 'mail',
      problem: 'protocol-error',
      text,
      ...this.#addressee(seat),
    };
    for (const { job } of seat.running.splice(0))
      this.#office.reporter.report(job.claim, failuresOf(job, failure));
    if (!seat.wasReady) this.#connectFailed(seat, failure);
    else this.#release();
  }

  #unseat(session: ClientSession): Seat {
    const seat = session.slot as Seat;
    this.#leave(seat);
    this.#leaving.delete(seat);
    if (seat.wasReady) this.#office.maker.watch.remove(seat);
    else this.#connecting -= 1;
    return seat;
  }

  /** Gives the place of a session back and goes on. */
  #release(): void {
    this.#office.budget.free();
    // A host that takes connections and breaks every one of them is no better than one that takes none.
    if (this.#brokenInARow >= MAX_BROKEN_IN_A_ROW && this.#seats.size === 0 && !this.#isStopping) {
      this.#brokenInARow = 0;
      this.#giveUp(this.#lastFailure!);
    }
    this.pump();
    this.#checkIdle();
  }

  /** No session came of it: the next address, the next host, the fallback, or a back-off. The place is still taken. */
  #connectFailed(seat: Seat, failure: AttemptFailure): void {
    this.#lastFailure = failure;
    const { address } = seat.session.target;
    if (
      failure.problem === 'tls-failed' &&
      this.#nextHop.security.tls === 'opportunistic' &&
      this.#nextHop.credentials === undefined &&
      !this.#plainCandidates.has(address)
    ) {
      this.#plainCandidates.add(address);
      this.#office.log.event('warn', 'delivery.tls-fallback', this.#failureFields(failure));
      this.#connect(seat.candidate, seat.start);
      return;
    }
    this.#office.log.event('debug', 'delivery.connect-failed', this.#failureFields(failure));
    // While the host serves others, this one was only one connection too many; jobs with a history need the next host.
    const hasReady = [...this.#seats].some((other) => other.wasReady);
    const next = this.#nextCandidate(failure, seat.candidate);
    if (next !== undefined && (this.#detours.length > 0 || (!hasReady && this.#line.length > 0))) {
      this.#connect(next, seat.start);
      return;
    }
    this.#office.budget.free();
    // The search began at a later host: that says nothing about the first ones.
    if (this.#seats.size === 0 && seat.start === 0) this.#giveUp(failure);
    else {
      if (seat.start === 0) this.#allowance.shrinkTo(this.#seats.size);
      this.#endDetours(failure);
    }
    this.pump();
    this.#checkIdle();
  }

  /** Jobs with a history that no session can take any more have had their last host. */
  #endDetours(failure: AttemptFailure): void {
    const detours = this.#detours;
    this.#detours = [];
    for (const job of detours) {
      if ([...this.#seats].some((seat) => seat.candidate >= job.from)) this.#detours.push(job);
      else this.#office.reporter.report(job.claim, failuresOf(job, failure));
    }
  }

  /** Nothing here can be connected: all that waits shares the failure, or goes to the fallback. */
  #giveUp(failure: AttemptFailure): void {
    this.#backOff.onFailure(this.#now());
    this.#allowance.restart();
    this.#office.log.event('warn', 'delivery.back-off', {
      ...this.#failureFields(failure),
      failures: this.#backOff.failures,
      until: new Date(this.#wallTime(this.#backOff.until)).toISOString(),
      waiting: this.waiting,
    });
    const jobs = [...this.#detours, ...this.#line.drain()];
    this.#detours = [];
    const { fallback } = this.#nextHop;
    for (const job of jobs) {
      if (fallback !== undefined) this.#office.moveTo(fallback, this.server, { ...job, from: 0 });
      else this.#office.reporter.report(job.claim, failuresOf(job, failure));
    }
  }

  /** A job that comes while the hop is left alone costs no connection. */
  #turnAway(job: Job): void {
    const { fallback } = this.#nextHop;
    if (fallback !== undefined) {
      this.#office.moveTo(fallback, this.server, { ...job, from: 0 });
      return;
    }
    const isNew = job.recipients.every((recipient) => recipient.attempts === 0);
    if (this.#lastFailure === undefined || (isNew && this.#backOff.failures <= PATIENT_ROUNDS)) {
      this.#untried(job, this.#wallTime(this.#backOff.until));
      return;
    }
    this.#office.reporter.report(job.claim, failuresOf(job, this.#lastFailure));
  }

  #giveBack(job: Job): void {
    this.#office.reporter.report(
      job.claim,
      job.recipients.map(({ recipientId }) => ({ recipientId, untried: true })),
    );
  }

  #untried(job: Job, notBefore: number): void {
    this.#office.reporter.report(
      job.claim,
      job.recipients.map(({ recipientId }) => ({ recipientId, untried: true, notBefore })),
    );
  }

  #checkIdle(): void {
    if (this.waiting === 0) this.#forgetDomains();
    if (!this.isBusy) this.#office.onIdle(this);
  }

  #addressee(seat: Seat): { readonly host: string; readonly address: string } {
    const { host, address } = seat.session.target;
    return { host, address };
  }

  #failureFields(failure: AttemptFailure): Readonly<Record<string, unknown>> {
    const { host, address, stage, problem, text } = failure;
    return { nextHop: this.#nextHop.label, server: this.server, host, address, stage, problem, text };
  }

  #now(): number {
    return this.#office.maker.clock.monotonicMs();
  }

  #wallTime(monotonicMs: number): number {
    const { clock } = this.#office.maker;
    return clock.now() + Math.max(0, monotonicMs - clock.monotonicMs());
  }
}

function isTooMany({ stage, problem, reply }: AttemptFailure): boolean {
  if (stage !== 'rcpt' || problem !== 'rejected' || reply === undefined) return false;
  // RFC 5321 §4.5.3.1.10: 552 is the older way to say it.
  return (
    (reply.code === 452 && reply.status !== '4.2.2') || (reply.code === 552 && reply.status === undefined)
  );
}
