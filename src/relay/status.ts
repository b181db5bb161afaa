/** The answer to `mailroot status`. */
import type { StatusReport } from '../control/index.ts';
import type { MailrootUnit } from './mailroot-unit.ts';
import type { SmtpService } from './smtp-service.ts';

export type StatusSources = {
  readonly version: string;
  readonly startedAt: number;
  readonly configFile?: string;
  readonly units: readonly MailrootUnit[];
  readonly services: readonly SmtpService[];
  readonly counters: Readonly<Record<string, number>>;
};

/** Destinations that are listed, those with most recipients first. */
const DESTINATIONS = 20;

export async function statusReport(sources: StatusSources): Promise<StatusReport> {
  const { version, startedAt, configFile, units, services, counters } = sources;
  const serviceOf = (name: string) => services.find((service) => service.name === name);
  return {
    version,
    pid: process.pid,
    startedAt,
    ...(configFile !== undefined && { configFile }),
    servers: units.flatMap((unit) =>
      unit.servers.map(({ config, fqdn }) => ({
        name: config.name,
        fqdn,
        listening: serviceOf(config.name)?.listening ?? [],
        sessions: serviceOf(config.name)?.sessions ?? 0,
        mailroot: unit.mailroot,
        pickup: unit.folders.pickup,
      })),
    ),
    mailroots: await Promise.all(units.map(mailrootStatus)),
    counters,
    memoryBytes: process.memoryUsage.rss(),
  };
}

async function mailrootStatus(unit: MailrootUnit): Promise<StatusReport['mailroots'][number]> {
  const counts = await unit.operator.counts();
  const badmail = await unit.badmail.list(Number.MAX_SAFE_INTEGER);
  const failures = new Map(unit.delivery.status().hops.map(({ label, lastFailure }) => [label, lastFailure]));
  const destinations = [...counts.destinations]
    .sort((a, b) => waiting(b) - waiting(a))
    .slice(0, DESTINATIONS);
  return {
    mailroot: unit.mailroot,
    queue: { queued: counts.queued, deferred: counts.deferred, held: counts.held },
    destinations: destinations.map((destination) => {
      const lastResult = failures.get(destination.domain);
      return {
        domain: destination.domain,
        recipients: waiting(destination),
        oldestAt: destination.oldestArrivedAt,
        ...(lastResult !== undefined && { lastResult }),
      };
    }),
    stuckFiles: (await unit.pickup?.status())?.stuck ?? [],
    badmail: { files: badmail.length, bytes: badmail.reduce((sum, { bytes }) => sum + bytes, 0) },
    isFrozen: counts.isFrozen,
  };
}

function waiting(destination: {
  readonly queued: number;
  readonly deferred: number;
  readonly held: number;
}): number {
  return destination.queued + destination.deferred + destination.held;
}
