/**
 * What scripts may have done for them where waiting is allowed: HTTP, SMTP, programs, standard input.
 * Owns: which operations exist and whether this run may use them.  Leaves: doing them (objects, cdo), the line to the script (channel).
 * Fails: an operation that is not granted is refused with 0x80070005 and the option that grants it.
 */
import type { Clock } from '../base/index.ts';
import type {
  DataSource,
  HttpPolicy,
  HttpRequest,
  POSTGRESQL_OPERATION,
  PostgresqlOpen,
  PostgresqlPool,
  PostgresqlRun,
  PostgresqlSessions,
  PROCESS_OPERATION,
  ProcessPolicy,
  ScriptProcesses,
} from '../objects/index.ts';
import {
  DROP_OPERATION,
  EXCHANGE_PICKUP_OPERATION,
  PICKUP_OPERATION,
  STDIN_OPERATION,
} from './operations.ts';

/** What the host grants to a script's services. */
export type ServicePolicy = {
  readonly http: HttpPolicy;
  readonly processes: ProcessPolicy;
  /** Where databases are, with user and password. Absent: there are none on servers. */
  readonly dataSources?: readonly DataSource[];
  /** Keeps connections to databases on servers for the next run, made when first needed; absent: each run makes its own. */
  readonly databasePool?: { readonly clock: Clock; pool: PostgresqlPool | undefined };
  /** SMTP servers scripts may send through: `*` for any, `host` or `host:port`. */
  readonly smtpServers: readonly string[];
  /** The next text of standard input; undefined at its end. Absent: there is none. */
  readonly readInput?: () => Promise<string | undefined>;
  /** The Pickup folder of the local mail service, as scripts see it under PICKUP_PATH; undefined: there is no service. */
  readonly findPickup?: () => Promise<string | undefined>;
  /** The Pickup folder that CDONTS uses in its place, under EXCHANGE_PICKUP_PATH; undefined: it does not. */
  readonly findExchangePickup?: () => Promise<string | undefined>;
  /** Its Drop folder, which scripts see under DROP_PATH. */
  readonly findDrop?: () => Promise<string | undefined>;
};

export const NO_SERVICES: ServicePolicy = {
  http: { allowedHosts: [], maxBodyBytes: 64 * 1024 * 1024 },
  processes: { programs: {}, variables: {} },
  smtpServers: [],
};

/** The services of one run. What they need is loaded when a script first asks. */
export class ScriptServices {
  readonly #policy: ServicePolicy;
  #processes: ScriptProcesses | undefined;
  #databases: PostgresqlSessions | undefined;

  constructor(policy: ServicePolicy) {
    this.#policy = policy;
  }

  async perform(operation: string, request: unknown): Promise<unknown> {
    if (operation === STDIN_OPERATION) return this.#policy.readInput?.();
    if (operation === PICKUP_OPERATION) return this.#policy.findPickup?.();
    if (operation === EXCHANGE_PICKUP_OPERATION) return this.#policy.findExchangePickup?.();
    if (operation === DROP_OPERATION) return this.#policy.findDrop?.();
    const objects = await import('../objects/index.ts');
    if (operation === objects.HTTP_OPERATION)
      return objects.performExchange(request as HttpRequest, this.#policy.http);
    if (operation.startsWith('process.')) {
      this.#processes ??= new objects.ScriptProcesses(this.#policy.processes);
      return performProcess(this.#processes, objects.PROCESS_OPERATION, operation, request);
    }
    if (operation.startsWith('ado.postgresql.')) {
      const { dataSources = [], databasePool } = this.#policy;
      if (databasePool !== undefined) databasePool.pool ??= new objects.PostgresqlPool(databasePool.clock);
      this.#databases ??= new objects.PostgresqlSessions(dataSources, databasePool?.pool);
      return performDatabase(this.#databases, objects.POSTGRESQL_OPERATION, operation, request);
    }
    const { performMailOperation } = await import('./mail-operations.ts');
    return performMailOperation(operation, request, this.#policy);
  }

  /** Ends what the script left running. */
  end(): void {
    this.#processes?.endAll();
    this.#databases?.end();
  }
}

function performDatabase(
  databases: PostgresqlSessions,
  names: typeof POSTGRESQL_OPERATION,
  operation: string,
  request: unknown,
): Promise<unknown> {
  switch (operation) {
    case names.open:
      return databases.open(request as PostgresqlOpen);
    case names.run:
      return databases.run(request as PostgresqlRun);
    case names.structure:
      return databases.structure(request as number);
    case names.close:
      return databases.close(request as number);
    default:
      throw new Error(`there is no operation '${operation}'`);
  }
}

function performProcess(
  processes: ScriptProcesses,
  names: typeof PROCESS_OPERATION,
  operation: string,
  request: unknown,
): unknown {
  switch (operation) {
    case names.start:
      return processes.start(request as { command: string });
    case names.read:
      return processes.read(request as { pid: number; stream: 'stdout' | 'stderr' });
    case names.write:
      return processes.write(request as { pid: number; bytes: Uint8Array; close: boolean });
    case names.state:
      return processes.state(request as { pid: number });
    case names.wait:
      return processes.wait(request as { pid: number });
    case names.terminate:
      return processes.terminate(request as { pid: number });
    default:
      throw new Error(`there is no operation '${operation}'`);
  }
}
