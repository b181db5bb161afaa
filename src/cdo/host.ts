/**
 * What the mail objects need from around them, and the two ways of getting it.
 * Owns: the ports of this room, their usual implementations, performing operations asynchronously and synchronously.
 * Leaves: what operations mean (members), the SMTP dialogue (submit.ts), fetching (fetch.ts).
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { WaitingRoom } from '../automation/index.ts';
import {
  type Clock,
  type Disk,
  type Logger,
  nodeDisk,
  nodeSyncDisk,
  type SyncDisk,
  silentLogger,
  systemClock,
  writeDurably,
  writeDurablySync,
} from '../base/index.ts';
import type { IdentifierSource } from './identifiers.ts';
import { PROFILES, type Profile, type ProfileName } from './profile.ts';
import type {
  AsyncPerformer,
  HttpGetAnswer,
  HttpGetRequest,
  NntpPostAnswer,
  NntpPostRequest,
  PutMessageRequest,
  SyncPerformer,
  Work,
} from './steps.ts';
import type { SmtpSubmission } from './submission.ts';

/** Where the local service is, from its configuration. Every member may be absent: there is no such service then. */
export interface ConfigurationDefaults {
  /** Field name without namespace → value; what a new Configuration holds. `sendusing` and the pickup folder usually. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  /** The default drop folder of virtual server 1. */
  readonly dropFolder?: string;
}

/** Fetches pages and resources. */
export interface HttpFetch {
  get(request: HttpGetRequest): Promise<HttpGetAnswer>;
}

/** Posts articles. */
export interface NntpPosting {
  post(request: NntpPostRequest): Promise<NntpPostAnswer>;
}

/** Everything an object needs; `createHost` fills in what is usual. */
export interface CdoHost extends IdentifierSource {
  readonly profile: Profile;
  /** Fields count before Update is called; `strict`: only behind it, as documented. */
  readonly updates: 'tolerant' | 'strict';
  /** `https://schemas.microsoft.com/…` names: accepted with a warning, or ignored in silence like the original did. */
  readonly httpsNames: 'accept' | 'ignore';
  readonly computerName: string;
  readonly domain?: string;
  /** Name of the charset that stands for the ANSI code page. */
  readonly ansiCharset: string;
  readonly defaults: () => ConfigurationDefaults;
  /** Turns a path as programs write it (`C:\inetpub\…`) into one of this machine. */
  readonly mapPath: (path: string) => string;
  readonly log: Logger;
  readonly perform: AsyncPerformer;
  readonly performSync: SyncPerformer;
  /** A new name for a pickup file, without extension. */
  readonly newName: () => string;
}

export type MessageTarget = Pick<PutMessageRequest, 'folder' | 'name' | 'by'> & { readonly mode: number };

export type HostOptions = {
  readonly profile?: ProfileName;
  readonly updates?: 'tolerant' | 'strict';
  readonly httpsNames?: 'accept' | 'ignore';
  readonly clock?: Clock;
  readonly randomBytes?: (count: number) => Buffer;
  readonly offsetMinutes?: (atMs: number) => number;
  readonly computerName?: string;
  readonly domain?: string;
  readonly ansiCharset?: string;
  readonly defaults?: () => ConfigurationDefaults;
  readonly mapPath?: (path: string) => string;
  readonly log?: Logger;
  readonly disk?: Disk;
  readonly syncDisk?: SyncDisk;
  /**
   * Writes a message that is to be flushed into a pickup folder, for hosts that keep its promise by another way than at once; throws
   * as the disk does. Absent: through `syncDisk`.
   */
  readonly putMessage?: (target: MessageTarget, chunks: readonly Uint8Array[]) => void;
  readonly smtp?: SmtpSubmission;
  readonly http?: HttpFetch;
  readonly nntp?: NntpPosting;
  /** How the automation face waits for network operations; without it, only files work synchronously. */
  readonly waitingRoom?: WaitingRoom;
};

/** A host for this machine: its clock, name and disk; the network only through the ports that are given. */
export function createHost(options: HostOptions = {}): CdoHost {
  const clock = options.clock ?? systemClock;
  const random = options.randomBytes ?? drawnBytes;
  const computerName = options.computerName ?? hostname().split('.')[0]!;
  let count = 0;
  return {
    profile: PROFILES[options.profile ?? 'standards'],
    updates: options.updates ?? 'tolerant',
    httpsNames: options.httpsNames ?? 'accept',
    now: () => clock.now(),
    randomBytes: random,
    offsetMinutes: options.offsetMinutes ?? ((atMs) => -new Date(atMs).getTimezoneOffset()),
    nextCount: () => (count += 1),
    computerName,
    ...domainOf(options),
    ansiCharset: options.ansiCharset ?? 'windows-1252',
    defaults: options.defaults ?? (() => ({ fields: {} })),
    mapPath: options.mapPath ?? ((path) => path),
    log: options.log ?? silentLogger,
    perform: asyncPerformer(options),
    performSync: syncPerformer(options),
    newName: () => random(16).toString('hex').toUpperCase(),
  };
}

const DRAWN_BYTES = 4096;
let drawn = Buffer.alloc(0);

/** Random bytes, of which many are drawn at once: a message needs a few in five places, and each drawing is a call of its own. */
function drawnBytes(count: number): Buffer {
  if (count > drawn.length) drawn = randomBytes(Math.max(count, DRAWN_BYTES));
  const bytes = drawn.subarray(0, count);
  drawn = drawn.subarray(count);
  return bytes;
}

function domainOf(options: HostOptions): { domain?: string } {
  if (options.domain !== undefined) return { domain: options.domain };
  if (options.computerName !== undefined) return {};
  const name = hostname();
  const dot = name.indexOf('.');
  return dot < 0 ? {} : { domain: name.slice(dot + 1) };
}

/** Raised inside a member when a port is missing; members turn it into the error of their kind. */
export class PortMissing extends Error {
  override readonly name = 'PortMissing';
  readonly port: 'smtp' | 'http' | 'nntp' | 'waiting';

  constructor(port: 'smtp' | 'http' | 'nntp' | 'waiting', message: string) {
    super(message);
    this.port = port;
  }
}

const MISSING_PORT = {
  smtp: 'This host was built without SMTP; give createHost an SmtpSubmission.',
  http: 'This host was built without fetching; allow hosts with createFetch and give it to createHost.',
  nntp: 'This host was built without NNTP; give createHost an NntpPosting.',
  waiting: 'This host has no WaitingRoom; network operations cannot be waited for.',
} as const;

function missing(port: keyof typeof MISSING_PORT): PortMissing {
  return new PortMissing(port, MISSING_PORT[port]);
}

/** Pickup files are read by the service, which may run under another account of the same group. */
const PICKUP_FILE_MODE = 0o660;

function asyncPerformer(options: HostOptions): AsyncPerformer {
  const disk = options.disk ?? nodeDisk;
  const sync = options.syncDisk ?? nodeSyncDisk;
  return async (work: Work): Promise<unknown> => {
    switch (work.operation) {
      case 'file.read':
        return disk.readFile(work.request.path);
      case 'file.write':
        return sync.writeFile(work.request.path, work.request.bytes, work.request.existing);
      case 'file.delete':
        return disk.unlink(work.request.path);
      case 'folder.list': {
        const names: string[] = [];
        for await (const entry of disk.list(work.request.path)) if (!entry.isFolder) names.push(entry.name);
        return names;
      }
      case 'message.put': {
        const { folder, name, chunks, flush } = work.request;
        const target = { folder, name, temporaryId: name, mode: PICKUP_FILE_MODE };
        if (flush) return writeDurably(disk, target, chunks);
        return writeDurablySync(sync, { ...target, flush: 'no' }, chunks);
      }
      case 'smtp.submit':
        if (options.smtp === undefined) throw missing('smtp');
        return options.smtp.submit(work.request);
      case 'http.get':
        if (options.http === undefined) throw missing('http');
        return options.http.get(work.request);
      case 'nntp.post':
        if (options.nntp === undefined) throw missing('nntp');
        return options.nntp.post(work.request);
    }
  };
}

function syncPerformer(options: HostOptions): SyncPerformer {
  const disk = options.syncDisk ?? nodeSyncDisk;
  return (work: Work): unknown => {
    switch (work.operation) {
      case 'file.read':
        return disk.readFile(work.request.path);
      case 'file.write':
        return disk.writeFile(work.request.path, work.request.bytes, work.request.existing);
      case 'file.delete':
        return disk.unlink(work.request.path);
      case 'folder.list':
        return disk.list(work.request.path);
      case 'message.put': {
        const { folder, name, chunks, flush, by } = work.request;
        if (flush && options.putMessage !== undefined)
          return options.putMessage({ folder, name, by, mode: PICKUP_FILE_MODE }, chunks);
        return writeDurablySync(
          disk,
          { folder, name, temporaryId: name, mode: PICKUP_FILE_MODE, flush: flush ? 'yes' : 'no' },
          chunks,
        );
      }
      default:
        if (options.waitingRoom === undefined) throw missing('waiting');
        return options.waitingRoom.waitFor(work.operation, work.request);
    }
  };
}
