/**
 * Transport event sinks: call-backs that see each message with its envelope before it is queued.
 * Owns: the message a sink gets and what its changes mean.  Leaves: calling sinks at the right time (whoever takes mail in).
 * Sources: reference A1.0 (OnArrival and its parameters), A2.6, D1 #53.
 */
import type { Recipient } from '../envelope/index.ts';
import type { SinkEnvelope } from './envelope-fields.ts';
import type { CdoHost } from './host.ts';
import { Message } from './message.ts';

/** 0: run the next sink; 1: skip the remaining ones (CdoEventStatus). */
export type EventStatus = 0 | 1;

export type ArrivalSink = (message: Message) => EventStatus | undefined | Promise<EventStatus | undefined>;

export type Arrival = Pick<
  SinkEnvelope,
  'arrivedAtMs' | 'clientAddress' | 'pickupFileName' | 'reversePath' | 'recipients'
> & { readonly message: Buffer };

export type ArrivalOutcome = {
  /** `deliver` as usual, `drop` without a trace, or put aside as bad mail. */
  readonly fate: 'deliver' | 'drop' | 'bad-mail';
  readonly recipients: readonly Recipient[];
  /** The message as a sink saved it; the same bytes when none did. */
  readonly message: Buffer;
};

/** A message as a sink sees it, for hosts that run sinks themselves. `outcome` tells what the sinks have decided so far. */
export function messageForSink(
  host: CdoHost,
  arrival: Arrival,
): { message: Message; outcome: () => ArrivalOutcome } {
  let saved = arrival.message;
  const envelope: SinkEnvelope = { ...arrival, status: 0 };
  const message = Message.from(arrival.message, { host, sink: envelope });
  message.dataSource.bindTo((bytes) => {
    saved = bytes;
  });
  const fates = { 2: 'drop', 3: 'bad-mail' } as const;
  return {
    message,
    outcome: () => ({
      fate: fates[envelope.status as 2 | 3] ?? 'deliver',
      recipients: envelope.recipients,
      message: saved,
    }),
  };
}

/** Runs the sinks in order until one says to skip the rest. A sink that throws stops them, and its error is thrown. */
export async function runArrivalSinks(
  host: CdoHost,
  arrival: Arrival,
  sinks: readonly ArrivalSink[],
): Promise<ArrivalOutcome> {
  const { message, outcome } = messageForSink(host, arrival);
  for (const sink of sinks) if ((await sink(message)) === 1) break;
  return outcome();
}
