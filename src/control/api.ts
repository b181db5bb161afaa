/**
 * The methods of the local control interface: what a command may ask, and what it gets. Plain JSON both ways;
 * times are UTC milliseconds. This is the one description that relay (answers) and cli (asks) share.
 */

/** Which messages a queue command means. All given conditions must hold; none given means none meant, except with `all`. */
export type QueueFilter = {
  readonly ids?: readonly string[];
  readonly all?: true;
  /** Parts of an address, compared without case. */
  readonly sender?: string;
  readonly recipient?: string;
  /** Domain of a recipient, exactly. */
  readonly domain?: string;
  readonly state?: 'queued' | 'deferred' | 'held';
  readonly olderThanMs?: number;
};

export type QueueEntry = {
  readonly id: string;
  readonly server: string;
  readonly arrivedAt: number;
  readonly bytes: number;
  /** `<a@b>` or `<>`. */
  readonly sender: string;
  readonly subject?: string;
  readonly headerMessageId?: string;
  /** `pickup order.eml`, `smtp 192.0.2.7 (printer)`. */
  readonly origin: string;
  readonly recipients: readonly QueueEntryRecipient[];
};

export type QueueEntryRecipient = {
  readonly address: string;
  readonly state: string;
  readonly attempts: number;
  readonly nextAttemptAt?: number;
  readonly lastResult?: string;
};

export type QueueEvent = { readonly at: number; readonly recipient: string; readonly text: string };

/** A message found by what its sender knows of it. */
export type FoundMessage = { readonly entry: QueueEntry; readonly isFinished: boolean };

export type BadmailEntry = {
  /** Name of the triplet without extension. */
  readonly name: string;
  readonly server: string;
  readonly at: number;
  readonly bytes: number;
  readonly reasonClass: string;
  readonly reason: string;
  readonly sender?: string;
  readonly recipients?: readonly string[];
};

export type StatusReport = {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly configFile?: string;
  readonly servers: readonly {
    readonly name: string;
    readonly fqdn: string;
    readonly listening: readonly string[];
    readonly sessions: number;
    readonly mailroot: string;
    readonly pickup: string;
  }[];
  readonly mailroots: readonly {
    readonly mailroot: string;
    readonly queue: Readonly<Record<'queued' | 'deferred' | 'held', number>>;
    readonly destinations: readonly {
      readonly domain: string;
      readonly recipients: number;
      readonly oldestAt: number;
      readonly lastResult?: string;
    }[];
    /** Files that could not be taken, with the reason. */
    readonly stuckFiles: readonly { readonly file: string; readonly reason: string }[];
    readonly badmail: { readonly files: number; readonly bytes: number };
    readonly isFrozen: boolean;
  }[];
  readonly counters: Readonly<Record<string, number>>;
  readonly memoryBytes: number;
};

export type SendRequest = {
  readonly server?: string;
  /** Absent: taken from the header fields, as Pickup does. */
  readonly sender?: string;
  readonly recipients?: readonly string[];
};

export type TraceFilter = { readonly client?: string; readonly sender?: string; readonly recipient?: string };

/** Method → its parameters, what it streams, and its result. */
export type ControlApi = {
  status: { params: Record<string, never>; item: never; result: StatusReport };
  stop: { params: Record<string, never>; item: never; result: null };
  reload: {
    params: Record<string, never>;
    item: never;
    result: { readonly warnings: readonly string[]; readonly needRestart: readonly string[] };
  };
  'queue.list': {
    params: { filter: QueueFilter; limit: number };
    item: QueueEntry;
    result: { readonly more: boolean };
  };
  'queue.show': {
    params: { id: string };
    item: never;
    result: {
      readonly entry: QueueEntry;
      readonly events: readonly QueueEvent[];
      readonly header: string;
      readonly isFinished: boolean;
    };
  };
  /** Messages by their Message-ID (with or without angle brackets) or the name of the file that was put into Pickup. */
  'queue.find': {
    params: { messageId?: string; pickupFile?: string };
    item: never;
    result: { readonly messages: readonly FoundMessage[] };
  };
  'queue.retry': {
    params: { filter: QueueFilter };
    item: { readonly done: number };
    result: { readonly messages: number };
  };
  'queue.hold': {
    params: { filter: QueueFilter };
    item: { readonly done: number };
    result: { readonly messages: number };
  };
  'queue.release': {
    params: { filter: QueueFilter };
    item: { readonly done: number };
    result: { readonly messages: number };
  };
  'queue.delete': {
    params: { filter: QueueFilter };
    item: { readonly done: number };
    result: { readonly messages: number };
  };
  'queue.bounce': {
    params: { filter: QueueFilter };
    item: { readonly done: number };
    result: { readonly messages: number };
  };
  /** Streams the message as a file for Pickup, in base64 pieces. */
  'queue.export': {
    params: { id: string };
    item: { readonly base64: string };
    result: { readonly bytes: number };
  };
  'queue.freeze': { params: Record<string, never>; item: never; result: null };
  'queue.thaw': { params: Record<string, never>; item: never; result: null };
  'badmail.list': { params: { limit: number }; item: BadmailEntry; result: { readonly more: boolean } };
  'badmail.show': {
    params: { name: string };
    item: never;
    result: { readonly entry: BadmailEntry; readonly header: string };
  };
  'badmail.replay': {
    params: { names: readonly string[]; all?: true };
    item: { readonly name: string };
    result: { readonly messages: number };
  };
  'send.open': { params: SendRequest; item: never; result: { readonly upload: number } };
  'send.write': { params: { upload: number; base64: string }; item: never; result: null };
  'send.commit': {
    params: { upload: number };
    item: never;
    result: { readonly id: string; readonly recipients: readonly string[] };
  };
  /** Streams the live dialogue until the caller hangs up. */
  trace: { params: TraceFilter; item: TraceLine; result: null };
};

export type TraceLine = {
  readonly at: number;
  readonly server: string;
  readonly sessionId: string;
  /** The address of the other side. */
  readonly client: string;
  readonly direction: 'in' | 'out' | 'event';
  /** True when we are the client. */
  readonly isOutbound: boolean;
  readonly text: string;
};
