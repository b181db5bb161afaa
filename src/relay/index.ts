/** relay: builds the service from its settings, starts and stops it; the only room that knows everyone. */
export { type EventForward, EventLog, type EventLogOptions } from './event-log.ts';
export { Relay, type RelayOptions } from './relay.ts';
