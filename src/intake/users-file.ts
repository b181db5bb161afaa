/**
 * The file of users: names and SCRAM verifiers, one line each.
 * Owns: reading, adding, changing, removing, listing; the file is written whole and durably, readable by its owner alone.
 * Leaves: who may log on from where (users.ts).
 * Fails: RelayError; a line that cannot be read is named with its number and refuses the whole file, so that a slip of an
 * editor never removes users silently.
 *
 *   # users of the SMTP service
 *   anna SCRAM-SHA-256$100000:c2FsdA==$…=:…=
 *
 * Sources: RFC 5803 §2.
 */
import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { type Disk, RelayError, systemErrorCode, toRelayError, writeDurably } from '../base/index.ts';
import {
  DEFAULT_ITERATIONS,
  makeVerifier,
  parseVerifier,
  printVerifier,
  type ScramVerifier,
  saslPrepare,
} from './users-scram.ts';

const HEADING =
  '# Users of the SMTP service: name and SCRAM-SHA-256 verifier. Change it with `mailroot user`.\n';

export type Users = ReadonlyMap<string, ScramVerifier>;

/** The users of the file; none when there is no file. */
export async function readUsers(disk: Disk, path: string): Promise<Users> {
  let text: string;
  try {
    text = (await disk.readFile(path)).toString('utf8');
  } catch (thrown) {
    if (systemErrorCode(thrown) === 'ENOENT') return new Map();
    throw toRelayError(thrown, `reading the file of users '${path}'`, { path });
  }
  const users = new Map<string, ScramVerifier>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name = '', verifierText = '', ...more] = line.trim().split(/\s+/);
    const verifier = parseVerifier(verifierText);
    const problem =
      verifier === undefined || more.length > 0
        ? 'is not a name and a SCRAM-SHA-256 verifier'
        : users.has(name)
          ? `names the user '${name}' a second time`
          : undefined;
    if (problem !== undefined || verifier === undefined)
      throw new RelayError(
        'config-invalid',
        `Line ${index + 1} of the file of users '${path}' ${problem}. Remove the line and add the user with 'mailroot user add'.`,
        { fields: { path, line: index + 1 } },
      );
    users.set(name, verifier);
  }
  return users;
}

export type UserChange = {
  readonly disk: Disk;
  readonly path: string;
  readonly iterations?: number;
};

/** `mailroot user add`. Refuses a name that exists. */
export async function addUser(change: UserChange, name: string, password: string): Promise<void> {
  const users = new Map(await readUsers(change.disk, change.path));
  const prepared = checkName(name);
  if (users.has(prepared))
    throw refused(
      `The user '${prepared}' exists. Change the password with 'mailroot user passwd ${prepared}'.`,
    );
  users.set(prepared, await verifierFor(change, password));
  await writeUsers(change, users);
}

/** `mailroot user passwd`. Refuses a name that does not exist. */
export async function changePassword(change: UserChange, name: string, password: string): Promise<void> {
  const users = new Map(await readUsers(change.disk, change.path));
  const prepared = checkName(name);
  if (!users.has(prepared)) throw unknown(prepared);
  users.set(prepared, await verifierFor(change, password));
  await writeUsers(change, users);
}

/** `mailroot user remove`. Refuses a name that does not exist. */
export async function removeUser(change: UserChange, name: string): Promise<void> {
  const users = new Map(await readUsers(change.disk, change.path));
  const prepared = checkName(name);
  if (!users.delete(prepared)) throw unknown(prepared);
  await writeUsers(change, users);
}

/** `mailroot user list`: names in order. */
export async function listUsers(disk: Disk, path: string): Promise<readonly string[]> {
  return [...(await readUsers(disk, path)).keys()].sort();
}

async function writeUsers({ disk, path }: UserChange, users: Users): Promise<void> {
  const lines = [...users].map(([name, verifier]) => `${name} ${printVerifier(verifier)}\n`);
  const target = {
    folder: dirname(path),
    name: basename(path),
    mode: 0o600,
    temporaryId: randomBytes(8).toString('hex'),
  };
  try {
    await writeDurably(disk, target, [Buffer.from(HEADING + lines.join(''))]);
  } catch (thrown) {
    throw toRelayError(thrown, `writing the file of users '${path}'`, { path });
  }
}

async function verifierFor({ iterations }: UserChange, password: string): Promise<ScramVerifier> {
  const verifier = await makeVerifier(password, randomBytes(16), iterations ?? DEFAULT_ITERATIONS);
  if (verifier === undefined)
    throw refused('The password is empty or holds control characters. Choose another one.');
  return verifier;
}

function checkName(name: string): string {
  const prepared = saslPrepare(name);
  if (prepared === undefined || !/^[^\s#][^\s]{0,254}$/.test(prepared))
    throw refused(
      `'${name}' cannot be a user name: it must have 1 to 255 characters, no blanks, and not begin with '#'.`,
    );
  return prepared;
}

function unknown(name: string): RelayError {
  return new RelayError('not-found', `There is no user '${name}'. 'mailroot user list' shows all.`, {
    fields: { name },
  });
}

function refused(message: string): RelayError {
  return new RelayError('refused', message);
}
