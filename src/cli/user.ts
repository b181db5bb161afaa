/** `mailroot user add | passwd | list | remove`: the users that may log on by AUTH. */
import { nodeDisk, RelayError } from '../base/index.ts';
import { addUser, changePassword, listUsers, removeUser } from '../intake/index.ts';
import {
  type Command,
  EXIT,
  type Invocation,
  loadFoundConfig,
  type Option,
  output,
  text,
  UsageError,
} from './command.ts';
import { readPassword } from './password.ts';

const OPTIONS: Readonly<Record<string, Option>> = {
  file: {
    type: 'string',
    value: 'FILE',
    doc: "The file of users. Default: access.usersFile of the configuration's first server.",
  },
};

const PASSWORD_DETAILS =
  'The password is asked for on a terminal, or read as one line from standard input; it never stands on the command line.';

function usersFile(invocation: Invocation): string {
  const named = text(invocation, 'file');
  if (named !== undefined) return named;
  const file = loadFoundConfig(invocation).servers.find(({ access }) => access.usersFile !== undefined)
    ?.access.usersFile;
  if (file !== undefined) return file;
  throw new RelayError(
    'config-invalid',
    'No file of users is set. Add to the configuration:\n\n  access:\n    usersFile: users.txt\n\nor name one with --file.',
  );
}

function oneName({ positionals }: Invocation): string {
  const [name, ...extra] = positionals;
  if (name === undefined || extra.length > 0) throw new UsageError('one user name is expected');
  return name;
}

export const userCommands: readonly Command[] = [
  {
    name: 'user add',
    summary: 'Add a user for AUTH.',
    arguments: 'NAME',
    options: OPTIONS,
    details: PASSWORD_DETAILS,
    async run(invocation) {
      const name = oneName(invocation);
      const path = usersFile(invocation);
      await addUser({ disk: nodeDisk, path }, name, await readPassword(invocation.io));
      output(invocation, { user: name, file: path }, () => `Added '${name}' to ${path}.`);
      return EXIT.done;
    },
  },
  {
    name: 'user passwd',
    summary: 'Change the password of a user.',
    arguments: 'NAME',
    options: OPTIONS,
    details: PASSWORD_DETAILS,
    async run(invocation) {
      const name = oneName(invocation);
      const path = usersFile(invocation);
      await changePassword({ disk: nodeDisk, path }, name, await readPassword(invocation.io));
      output(invocation, { user: name, file: path }, () => `Changed the password of '${name}' in ${path}.`);
      return EXIT.done;
    },
  },
  {
    name: 'user list',
    summary: 'List the users.',
    options: OPTIONS,
    async run(invocation) {
      const path = usersFile(invocation);
      const users = await listUsers(nodeDisk, path);
      output(invocation, { users, file: path }, () =>
        users.length === 0 ? `${path} has no users.` : users.join('\n'),
      );
      return EXIT.done;
    },
  },
  {
    name: 'user remove',
    summary: 'Remove a user.',
    arguments: 'NAME',
    options: OPTIONS,
    async run(invocation) {
      const name = oneName(invocation);
      const path = usersFile(invocation);
      await removeUser({ disk: nodeDisk, path }, name);
      output(invocation, { user: name, file: path }, () => `Removed '${name}' from ${path}.`);
      return EXIT.done;
    },
  },
];
