/**
 * Delivery: claim → route → attempt → outcome.
 * Owns: how much is claimed and when, grouping by next hop, Drop, mail asked for by ETRN, the orderly stop.
 * Leaves: sessions and fail-over (hop), settling and its repetition (reporter, outcome), order of what is due (queue).
 * Fails: a queue that cannot be read is asked again, 1 s to 30 s apart; nothing that is claimed is ever forgotten: each
 * recipient ends in a report.
 * Sources: RFC 5321 §4.5.4.1, §5.1; RFC 1985 §3 (ETRN).
 */
import { type Clock, type Logger, systemErrorCode, type Timer } from '../base/index.ts';
import type { DeliveryReport, JudgeFailure, OutcomeSink } from '../outcome/index.ts';
import type { Claim, ClaimSource, QueuedRecipient } from '../queue/index.ts';
import type { NextHop, Route } from '../routing/index.ts';
import { SessionMaker, type SessionObserver } from '../smtp/index.ts';
import type { DeliverySettings, Downgrade, HeldMail, HopStatus, ServerParts } from './contract.ts';
import { DropWriter } from './drop-writer.ts';
import { Hop, type HopOffice } from './hop.ts';
import { domainOf, type Job } from './job.ts';
import { Reporter } from './reporter.ts';
import { SessionBudget } from './session-budget.ts';

export type DeliveryParts = {
  readonly queue: ClaimSource;
  readonly held: HeldMail;
  readonly outcome: OutcomeSink;
  readonly judge: JudgeFailure;
  readonly downgrade: Downgrade;
  /** By the name of the virtual server a message came through. */
  readonly server: (name: string) => ServerParts;
  readonly settings: DeliverySettings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Watches the dialogues: protocol log, live trace. */
  readonly observer?: SessionObserver;
  /** PEM texts to trust instead of the platform's. */
  readonly certificateAuthorities?: string | readonly string[];
};

/** A route is asked for again after this; routing itself keeps DNS answers for as long as they hold. */
const ROUTE_KEPT_MS = 1_000;
/** Recipients whose route is known do not wait longer for those whose route is not. */
const GATHER_MS = 250;
/** After an empty answer, claims past full hops are asked for again not before this. */
const PAST_FULL_MS = 200;
const MAX_EXCEPTIONS = 500;
const SWEEP_MS = 60_000;

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #settings: DeliverySettings;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #budget: SessionBudget;
  readonly #office: HopOffice;
  readonly #drops: DropWriter;
  readonly #hops = new Map<string, Hop>();
  readonly #routes = new Map<string, { readonly route: Route; readonly until: number }>();
  /** Counts how often routes were forgotten: an answer to an older question is not kept. */
  #routesAge = 0;
  /** Domains whose server asked for its mail. */
  readonly #requested = new Map<string, { readonly until: number; isNew: boolean }>();
  #state: 'new' | 'running' | 'stopping' | 'stopped' = 'new';
  #isClaiming = false;
  /** The queue may have something that was not asked for yet. */
  #mayHaveMore = false;
  #nextPastFullAt = Number.NEGATIVE_INFINITY;
  #wakeUp: Timer | undefined;
  #sweep: Timer | undefined;
  /** The last pause after a failed claim; zero after a success. */
  #queuePauseMs = 0;
  #isPaused = false;
  #onQuiet: (() => void) | undefined;

  constructor(parts: DeliveryParts) {
    const { settings, clock, log, judge, downgrade, outcome } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#clock = clock;
    this.#reporter = new Reporter(outcome, clock, log);
    this.#reporter.onSettled = () => this.#settled();
    this.#budget = new SessionBudget(settings.maxSessions);
    this.#drops = new DropWriter(settings.dropsAtOnce, this.#reporter, log);
    const authorities = parts.certificateAuthorities;
    this.#office = {
      settings,
      maker: new SessionMaker({
        clock,
        ...(authorities === undefined ? {} : { certificateAuthorities: authorities }),
        ...(parts.observer === undefined ? {} : { observer: parts.observer }),
      }),
      budget: this.#budget,
      judge,
      downgrade,
      reporter: this.#reporter,
      log,
      moveTo: (nextHop, server, job) => {
        const hop = this.#hop(nextHop, server);
        hop.offer(job);
        hop.pump();
      },
      onShortLine: () => this.#pull(),
      onIdle: (hop) => this.#forget(hop),
    };
  }

  start(): void {
    if (this.#state !== 'new') throw new Error('delivery: started twice');
    this.#state = 'running';
    this.#parts.queue.onReady(() => {
      this.#mayHaveMore = true;
      this.#pull();
    });
    this.#mayHaveMore = true;
    this.#pull();
    this.#scheduleSweep();
  }

  /**
   * Stops: nothing new is begun, open transactions may finish until `deadlineMs` from now, then connections are cut. What was
   * not fully sent goes back untried. Resolves when every claim is settled, or the deadline has passed and the queue takes
   * no more.
   */
  async stop(deadlineMs: number): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopping';
    this.#wakeUp?.cancel();
    this.#sweep?.cancel();
    const timers: Timer[] = [];
    const quiet = new Promise<void>((resolve) => {
      this.#onQuiet = resolve;
      timers.push(
        this.#clock.setTimer(deadlineMs, () => {
          for (const hop of [...this.#hops.values()])
            hop.abandon('the service stopped before the host answered');
          // Reports of the cut transactions still want to reach the disk.
          timers.push(this.#clock.setTimer(LAST_REPORTS_MS, resolve));
        }),
      );
    });
    for (const hop of [...this.#hops.values()]) hop.stop();
    this.#drops.stop();
    this.#checkQuiet();
    await quiet;
    for (const timer of timers) timer.cancel();
    for (const hop of this.#hops.values()) hop.dispose();
    this.#hops.clear();
    this.#state = 'stopped';
    this.#parts.log.event('info', 'delivery.stopped', { unsettled: this.#reporter.openClaims });
  }

  /** ETRN: mail held for the domain goes out now, and what comes in the next minutes too. Resolves with the number released. */
  async flushDomain(domainKey: string): Promise<number> {
    const until = this.#clock.monotonicMs() + this.#settings.requestedForMs;
    this.#requested.set(domainKey, { until, isNew: true });
    this.#forgetRoutes(domainKey);
    const released = await this.#parts.held.release(domainKey);
    this.#parts.log.event('info', 'delivery.flushed', { domain: domainKey, released });
    return released;
  }

  /** The operator's “retry now”: hosts in a back-off are tried with the next message, and routes are asked for anew. */
  endBackOffs(): void {
    this.forgetRoutes();
    for (const hop of this.#hops.values()) hop.endBackOff();
  }

  /** Settings changed, or the operator says that something did: what was found out before says nothing any more. */
  forgetRoutes(): void {
    this.#routes.clear();
    this.#routesAge += 1;
  }

  /** Next hops with work, sessions or a back-off. */
  status(): { readonly hops: readonly HopStatus[]; readonly sessions: number; readonly claims: number } {
    return {
      hops: [...this.#hops.values()].map((hop) => hop.status()),
      sessions: this.#budget.used,
      claims: this.#reporter.openClaims,
    };
  }

  // Claiming.

  #settled(): void {
    if (this.#state === 'running') this.#pull();
    else this.#checkQuiet();
  }

  /** Claims more when there is room and perhaps something to claim. */
  #pull(): void {
    if (this.#state !== 'running' || this.#isClaiming || !this.#mayHaveMore) return;
    if (this.#reporter.isTroubled || this.#isPaused) return;
    const { maxClaims, maxClaimBytes, claimBatch } = this.#settings;
    const isOverfull =
      this.#reporter.openClaims + claimBatch > maxClaims || this.#reporter.openBytes > maxClaimBytes;
    const share = this.#share();
    if (isOverfull) for (const hop of this.#hops.values()) hop.shed(share);
    const full = this.#fullDomains(isOverfull, share);
    // Beyond the usual measure only hops that have nothing waiting get more, up to twice the measure.
    const isBursting =
      this.#reporter.openClaims > 2 * maxClaims || this.#reporter.openBytes > 2 * maxClaimBytes;
    if (isOverfull && (full.length === 0 || isBursting)) {
      this.#wakeAt(this.#clock.monotonicMs() + PAST_FULL_MS);
      return;
    }
    if (full.length > 0 && this.#clock.monotonicMs() < this.#nextPastFullAt) {
      this.#wakeAt(this.#nextPastFullAt);
      return;
    }
    this.#isClaiming = true;
    this.#mayHaveMore = false;
    this.#parts.queue.claim(claimBatch, full).then(
      (claims) => {
        this.#isClaiming = false;
        this.#queuePauseMs = 0;
        // An empty answer past full hops says nothing about them.
        if (claims.length > 0 || full.length > 0) this.#mayHaveMore = true;
        this.#take(claims);
        if (claims.length > 0) this.#pull();
        else if (full.length > 0) {
          this.#nextPastFullAt = this.#clock.monotonicMs() + PAST_FULL_MS;
          this.#wakeAt(this.#nextPastFullAt);
        }
      },
      (failure: unknown) => this.#queueFailed(failure),
    );
  }

  /** What each busy hop may keep in memory when all get the same. */
  #share(): number {
    let busy = 1;
    for (const hop of this.#hops.values()) if (hop.waiting > 0) busy += 1;
    const { maxClaims, maxClaimBytes } = this.#settings;
    const { openClaims, openBytes } = this.#reporter;
    // When large bodies fill the memory, fewer messages than usual are too many.
    const most = openBytes > maxClaimBytes ? (openClaims * maxClaimBytes) / openBytes : maxClaims;
    return Math.max(2, Math.ceil(most / (2 * busy)));
  }

  /** Domains that should not be claimed for now. */
  #fullDomains(isOverfull: boolean, share: number): readonly string[] {
    const domains: string[] = [];
    for (const hop of this.#hops.values()) {
      if (!(isOverfull ? hop.waiting > 0 : hop.isFull(share))) continue;
      for (const domain of hop.domains) {
        if (domains.length >= MAX_EXCEPTIONS) return domains;
        domains.push(domain);
      }
    }
    return domains;
  }

  #wakeAt(at: number): void {
    if (this.#wakeUp !== undefined) return;
    this.#wakeUp = this.#clock.setTimer(Math.max(1, at - this.#clock.monotonicMs()), () => {
      this.#wakeUp = undefined;
      this.#pull();
    });
  }

  #queueFailed(failure: unknown): void {
    this.#isClaiming = false;
    this.#mayHaveMore = true;
    if (this.#state !== 'running') {
      this.#checkQuiet();
      return;
    }
    if (this.#queuePauseMs === 0) {
      this.#parts.log.event('error', 'delivery.queue-failed', {
        code: systemErrorCode(failure),
        text: failure instanceof Error ? failure.message : String(failure),
      });
    }
    this.#queuePauseMs = this.#queuePauseMs === 0 ? 1_000 : Math.min(30_000, this.#queuePauseMs * 2);
    this.#isPaused = true;
    this.#clock.setTimer(this.#queuePauseMs, () => {
      this.#isPaused = false;
      this.#pull();
    });
  }

  #take(claims: readonly Claim[]): void {
    for (const claim of claims) this.#reporter.admit(claim);
    const touched = new Set<Hop>();
    for (const claim of claims) {
      if (this.#state !== 'running') this.#giveBack(claim, claim.recipients);
      else this.#dispatch(claim, touched);
    }
    for (const hop of touched) hop.pump();
    this.#checkQuiet();
  }

  // Routing.

  #dispatch(claim: Claim, touched: Set<Hop>): void {
    const [first] = claim.recipients;
    if (first === undefined) return;
    if (claim.recipients.length === 1) {
      // The common case costs no maps and no promises when the route is known.
      const route = this.#knownRoute(claim.message.server, domainOf(first));
      if (route !== undefined) {
        this.#send(claim, route, claim.recipients, touched);
        return;
      }
    }
    const byDomain = new Map<string, QueuedRecipient[]>();
    for (const recipient of claim.recipients) {
      const domain = domainOf(recipient);
      const others = byDomain.get(domain);
      if (others === undefined) byDomain.set(domain, [recipient]);
      else others.push(recipient);
    }
    const gathering = new Gathering(this.#clock, byDomain.size, (routed) => this.#sendAll(claim, routed));
    for (const [domain, recipients] of byDomain) {
      const known = this.#knownRoute(claim.message.server, domain);
      if (known !== undefined) gathering.add(known, recipients);
      else this.#findRoute(claim.message.server, domain).then((route) => gathering.add(route, recipients));
    }
  }

  #knownRoute(server: string, domain: string): Route | undefined {
    const known = this.#routes.get(`${server}\n${domain}`);
    return known !== undefined && known.until > this.#clock.monotonicMs() ? known.route : undefined;
  }

  async #findRoute(server: string, domain: string): Promise<Route> {
    const request = this.#requested.get(domain);
    const isRequested = request !== undefined && request.until > this.#clock.monotonicMs();
    const age = this.#routesAge;
    let route: Route;
    try {
      route = await this.#parts.server(server).router.route(domain, isRequested ? 'requested' : 'delivery');
    } catch (defect) {
      this.#parts.log.event('error', 'delivery.defect', {
        domain,
        defect: defect instanceof Error ? (defect.stack ?? defect.message) : String(defect),
      });
      const text = 'a defect in Mailroot kept the domain from being looked up; the log has the details';
      return { kind: 'unroutable', problem: { cause: 'dns-failure', text } };
    }
    if (isRequested && request.isNew && route.kind === 'next-hop') {
      // The domain's server has just shown that it is alive.
      request.isNew = false;
      this.#hops.get(`${server}\n${route.nextHop.key}`)?.endBackOff();
    }
    if (age === this.#routesAge)
      this.#routes.set(`${server}\n${domain}`, { route, until: this.#clock.monotonicMs() + ROUTE_KEPT_MS });
    return route;
  }

  #forgetRoutes(domain: string): void {
    for (const key of this.#routes.keys()) if (key.endsWith(`\n${domain}`)) this.#routes.delete(key);
  }

  /** Recipients whose domains lead to the same next hop go together. */
  #sendAll(claim: Claim, routed: readonly RoutedRecipients[]): void {
    const touched = new Set<Hop>();
    const groups = new Map<string, { route: Route; recipients: QueuedRecipient[] }>();
    for (const { route, recipients } of routed) {
      const key = route.kind === 'next-hop' ? `next-hop ${route.nextHop.key}` : route.kind;
      const group = groups.get(key);
      if (group === undefined || (route.kind !== 'next-hop' && route.kind !== 'drop')) {
        groups.set(group === undefined ? key : `${key} ${groups.size}`, {
          route,
          recipients: [...recipients],
        });
      } else group.recipients.push(...recipients);
    }
    for (const { route, recipients } of groups.values()) this.#send(claim, route, recipients, touched);
    for (const hop of touched) hop.pump();
  }

  #send(claim: Claim, route: Route, recipients: readonly QueuedRecipient[], touched: Set<Hop>): void {
    if (this.#state !== 'running') {
      this.#giveBack(claim, recipients);
      return;
    }
    const { server } = claim.message;
    switch (route.kind) {
      case 'drop':
        this.#drops.add({ claim, recipients, drop: this.#parts.server(server).drop });
        return;
      case 'held':
        this.#report(claim, recipients, (recipientId) => ({ recipientId, heldForEtrn: route.reason }));
        return;
      case 'unroutable':
        this.#report(claim, recipients, (recipientId) => ({ recipientId, unroutable: route.problem }));
        return;
      case 'next-hop': {
        const { reversePath } = claim.message;
        const masquerade = this.#parts.server(server).reversePath;
        const job: Job = {
          claim,
          recipients,
          reversePath: masquerade === undefined ? reversePath : masquerade(reversePath),
          from: 0,
          restarts: 0,
        };
        const hop = this.#hop(route.nextHop, server);
        hop.offer(job);
        touched.add(hop);
      }
    }
  }

  #giveBack(claim: Claim, recipients: readonly QueuedRecipient[]): void {
    this.#report(claim, recipients, (recipientId) => ({ recipientId, untried: true }));
  }

  #report(
    claim: Claim,
    recipients: readonly QueuedRecipient[],
    each: (recipientId: number) => DeliveryReport,
  ): void {
    this.#reporter.report(
      claim,
      recipients.map(({ recipientId }) => each(recipientId)),
    );
  }

  // Hops.

  #hop(nextHop: NextHop, server: string): Hop {
    const key = `${server}\n${nextHop.key}`;
    const known = this.#hops.get(key);
    if (known !== undefined) {
      known.refresh(nextHop);
      return known;
    }
    const hop = new Hop(this.#office, server, () => this.#parts.server(server).heloName, nextHop);
    if (this.#state === 'stopping') hop.stop();
    this.#hops.set(key, hop);
    return hop;
  }

  /** A hop without work is kept only while its back-off must be remembered. */
  #forget(hop: Hop): void {
    if (hop.isBusy || (hop.isInBackOff && this.#state === 'running')) return;
    hop.dispose();
    this.#hops.delete(`${hop.server}\n${hop.key}`);
    this.#checkQuiet();
  }

  #scheduleSweep(): void {
    this.#sweep = this.#clock.setTimer(SWEEP_MS, () => {
      const now = this.#clock.monotonicMs();
      for (const hop of [...this.#hops.values()]) this.#forget(hop);
      for (const [key, { until }] of this.#routes) if (until <= now) this.#routes.delete(key);
      for (const [domain, { until }] of this.#requested) if (until <= now) this.#requested.delete(domain);
      this.#scheduleSweep();
    });
  }

  #checkQuiet(): void {
    if (this.#state !== 'stopping') return;
    if (!this.#isClaiming && this.#budget.used === 0 && this.#reporter.openClaims === 0) this.#onQuiet?.();
  }
}

/** After the deadline of a stop: time for the last reports to reach the disk. */
const LAST_REPORTS_MS = 2_000;

type RoutedRecipients = { readonly route: Route; readonly recipients: readonly QueuedRecipient[] };

/** Collects the routes of one claim, so that what goes the same way goes together; slow lookups do not hold up the rest. */
class Gathering {
  readonly #send: (routed: readonly RoutedRecipients[]) => void;
  #missing: number;
  #routed: RoutedRecipients[] = [];
  #isLate = false;
  readonly #timer: Timer;

  constructor(clock: Clock, domains: number, send: (routed: readonly RoutedRecipients[]) => void) {
    this.#missing = domains;
    this.#send = send;
    this.#timer = clock.setTimer(GATHER_MS, () => {
      this.#isLate = true;
      this.#flush();
    });
  }

  add(route: Route, recipients: readonly QueuedRecipient[]): void {
    this.#missing -= 1;
    this.#routed.push({ route, recipients });
    if (this.#missing > 0 && !this.#isLate) return;
    this.#timer.cancel();
    this.#flush();
  }

  #flush(): void {
    const routed = this.#routed;
    this.#routed = [];
    if (routed.length > 0) this.#send(routed);
  }
}
