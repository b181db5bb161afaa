/**
 * The database of the queue: its tables, and the way from older versions to this one.
 * Owns: schema and migrations, forward only.  Leaves: statements (sqlite-store).
 * Fails: RelayError queue-version for a database of a newer Mailroot; nothing is touched then.
 *
 *  message    one row per message that has an open recipient; the body last, so that scans do not read it
 *  recipient  one row per recipient; rid numbers of one message follow each other. `due` is in queue time and NULL while
 *             claimed, held, kept in the queue's window or final, so that the two due indexes hold only what waits
 *  event      what happened to a recipient before its end; most messages have none
 *  history    one row per finished message
 */
import type { DatabaseSync } from 'node:sqlite';
import { RelayError } from '../base/index.ts';

/** Marks the file as ours (`PRAGMA application_id`): "MRQ1". */
const APPLICATION_ID = 0x4d_52_51_31;

/** Step n brings version n to version n + 1. Never edit a released step. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE message (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    misplaced INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    arrived_q INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    first_rid INTEGER NOT NULL,
    recipients INTEGER NOT NULL,
    draft TEXT NOT NULL,
    body BLOB
  ) STRICT;
  CREATE INDEX message_misplaced ON message (id) WHERE misplaced = 1;
  CREATE INDEX message_with_file ON message (id) WHERE body IS NULL;

  CREATE TABLE recipient (
    rid INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    state INTEGER NOT NULL,
    due INTEGER,
    domain TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    delay_notice INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    last_result TEXT
  ) STRICT;
  CREATE INDEX recipient_due ON recipient (due) WHERE due IS NOT NULL;
  CREATE INDEX recipient_domain ON recipient (domain, due) WHERE due IS NOT NULL;

  CREATE TABLE event (
    eid INTEGER PRIMARY KEY,
    rid INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_rid ON event (rid);

  CREATE TABLE history (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    misplaced INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    draft TEXT NOT NULL,
    results TEXT NOT NULL
  ) STRICT;
  CREATE INDEX history_misplaced ON history (id) WHERE misplaced = 1;

  CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Brings the open database to this version, in one transaction. */
export function migrate(database: DatabaseSync, file: string): void {
  const version = pragma(database, 'user_version');
  if (version > SCHEMA_VERSION) {
    throw new RelayError(
      'queue-version',
      `The queue ${file} has format ${version}; this Mailroot knows formats up to ${SCHEMA_VERSION}. ` +
        'Start the newer Mailroot that wrote it, or give this one an empty Queue folder.',
      { fields: { file, version, known: SCHEMA_VERSION } },
    );
  }
  const application = pragma(database, 'application_id');
  if (application !== 0 && application !== APPLICATION_ID) throw notOurs(file);
  if (version === 0 && pragma(database, 'schema_version') > 0) throw notOurs(file);
  if (version === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`,
    );
  } catch (failure) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw failure;
  }
}

function notOurs(file: string): RelayError {
  return new RelayError(
    'queue-damaged',
    `The file ${file} is an SQLite database of another program. Move it away, or set another Queue folder.`,
    { fields: { file } },
  );
}

function pragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
  return row[name] ?? 0;
}
