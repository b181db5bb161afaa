/**
 * The logger port: one structured line per event.
 * Owns: the shape of an event. Leaves: where lines go (relay), event names (each room; listed in docs/log-events.md).
 * An event name is stable and dotted, `room.fact`: `pickup.taken`, `delivery.deferred`. Fields carry no secrets.
 */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  /** Writes one event. `fields.messageId`, `fields.sessionId` name what it is about. Never throws, never blocks. */
  event(level: LogLevel, name: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every event. */
  with(fields: LogFields): Logger;
}

/** Drops everything; for callers that do not care. */
export const silentLogger: Logger = {
  event() {},
  with: () => silentLogger,
};
