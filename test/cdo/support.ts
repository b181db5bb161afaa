/** What the tests of the mail objects share: a host that stands still, folders, and scripts' way of calling. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import {
  type AutomationArgument,
  type AutomationObject,
  type AutomationValue,
  isAutomationObject,
  type WaitingRoom,
} from '../../src/automation/index.ts';
import type { Clock } from '../../src/base/index.ts';
import {
  type CdoHost,
  createCdoObject,
  createHost,
  type HostOptions,
  type SmtpSubmissionRequest,
  type SmtpSubmissionResult,
} from '../../src/cdo/index.ts';

/** Configuration namespace, as scripts abbreviate it. */
export const C = 'http://schemas.microsoft.com/cdo/configuration/';

/** Mon, 3 Mar 2014 09:20:30 UTC. */
export const NOW_MS = Date.UTC(2014, 2, 3, 9, 20, 30);

export const stillClock: Clock = {
  now: () => NOW_MS,
  monotonicMs: () => 0,
  setTimer: () => ({ cancel() {} }),
};

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroot-cdo-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Random bytes that count up, so that identifiers differ and every run is the same. */
export function countingBytes(): (count: number) => Buffer {
  let next = 0;
  return (count) => {
    next += 1;
    const bytes = Buffer.alloc(count, 0xa5);
    if (count >= 4) bytes.writeUInt32BE(next, count - 4);
    else bytes[count - 1] = next & 255;
    return bytes;
  };
}

export type Bench = {
  readonly host: CdoHost;
  readonly pickup: string;
  readonly drop: string;
  readonly sent: SmtpSubmissionRequest[];
  /** The files in pickup, oldest name first, as Latin-1 text. */
  files(): string[];
  create(progId: string): AutomationObject;
};

export type BenchOptions = Omit<HostOptions, 'smtp' | 'defaults'> & {
  readonly answer?: (request: SmtpSubmissionRequest) => SmtpSubmissionResult;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
};

/** A host with folders of its own and a server that answers as it is told; compatibility profile unless asked otherwise. */
export function makeBench(options: BenchOptions = {}): Bench {
  const folder = temporaryFolder();
  const pickup = join(folder, 'Pickup');
  const drop = join(folder, 'Drop');
  mkdirSync(pickup);
  mkdirSync(drop);
  const sent: SmtpSubmissionRequest[] = [];
  const submit = (request: SmtpSubmissionRequest): SmtpSubmissionResult => {
    sent.push(request);
    return options.answer?.(request) ?? { kind: 'sent', response: '250 2.0.0 queued' };
  };
  const waitingRoom: WaitingRoom = {
    waitFor: (operation, request) => {
      if (operation !== 'smtp.submit') throw new Error(`no ${operation} here`);
      return submit(structuredClone(request) as SmtpSubmissionRequest);
    },
  };
  const host = createHost({
    profile: 'windows-2016',
    clock: stillClock,
    randomBytes: countingBytes(),
    offsetMinutes: () => 60,
    computerName: 'WEB-01',
    domain: 'example.com',
    // As a server maps the folder that programs were written for.
    mapPath: (path) => path.replace(/^c:\\inetpub\\mailroot\\pickup$/i, () => pickup),
    waitingRoom,
    smtp: { submit: async (request) => submit(request) },
    ...options,
    defaults: () => ({
      fields: options.fields ?? { sendusing: 1, smtpserverpickupdirectory: pickup },
      dropFolder: drop,
    }),
  });
  return {
    host,
    pickup,
    drop,
    sent,
    files: () =>
      readdirSync(pickup)
        .sort()
        .map((name) => readFileSync(join(pickup, name), 'latin1')),
    create: (progId) => createCdoObject(progId, host)!,
  };
}

/** `get`, `put`, `call` of an object by member name, as a script's statements would be carried out. */
export function script(object: AutomationObject) {
  const chain = (value: AutomationValue): AutomationObject => {
    if (!isAutomationObject(value)) throw new Error('not an object');
    return value;
  };
  return {
    object,
    get: (member: string, ...args: AutomationArgument[]) => object.invoke('get', member, args),
    put: (member: string, ...args: AutomationArgument[]) => object.invoke('put', member, args),
    set: (member: string, ...args: AutomationArgument[]) => object.invoke('putref', member, args),
    call: (member: string, ...args: AutomationArgument[]) => object.invoke('call', member, args),
    /** The object that a member gives. */
    of: (member: string, ...args: AutomationArgument[]) => script(chain(object.invoke('get', member, args))),
  };
}

export type Script = ReturnType<typeof script>;
