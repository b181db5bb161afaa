/** `mailroot init`: writes a commented configuration to begin with. */
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { RelayError, toRelayError } from '../base/index.ts';
import { type Command, EXIT, output, text } from './command.ts';

export const initCommand: Command = {
  name: 'init',
  summary: 'Write a commented configuration file.',
  options: {
    force: { type: 'boolean', doc: 'Overwrite an existing file.' },
    fqdn: {
      type: 'string',
      value: 'NAME',
      doc: "This server's name in the Internet. Default: the computer's name.",
    },
  },
  details: 'The file is mailroot.yaml in this folder, or what --config names.',
  async run(invocation) {
    const path = resolve(invocation.io.folder, text(invocation, 'config') ?? 'mailroot.yaml');
    if (existsSync(path) && invocation.values['force'] !== true) {
      throw new RelayError('name-taken', `${path} exists. Use --force to overwrite it.`);
    }
    try {
      writeFileSync(path, sampleConfig(text(invocation, 'fqdn') ?? hostname().toLowerCase()), {
        mode: 0o640,
      });
    } catch (thrown) {
      throw toRelayError(thrown, `writing ${path}`);
    }
    output(invocation, { file: path }, () =>
      [
        `Wrote ${path}.`,
        `Check it with:  mailroot config check --config ${path}`,
        `Start it with:  mailroot start --config ${path}`,
      ].join('\n'),
    );
    return EXIT.done;
  },
};

/** The file that `init` writes: what an operator sets first, explained; everything else is on the settings page. */
export function sampleConfig(fqdn: string): string {
  return `# Mailroot. All settings: docs/settings.md. Check this file with: mailroot config check

# The name of this server in greetings, Received lines and Message-IDs. It should exist in DNS.
fqdn: ${fqdn}

# The folder that holds Pickup, Queue, Drop and Badmail. Relative paths start at this file.
mailroot: mailroot

# Where programs reach the server. Ports below 1024 need rights: on Linux run as root, or
# allow it once with: setcap cap_net_bind_service=+ep $(readlink -f $(which node))
# Listen on the network only with the access rules below in mind.
listen:
  - 127.0.0.1:25
  - '[::1]:25'

domains:
  # Completes addresses without a domain. Mail for it goes to the Drop folder.
  default: ${fqdn}
  # More domains whose mail goes to Drop.
  local: []
  # remote:
  #   '*.example.com':
  #     smartHost: gateway.example.com

access:
  # Clients that may send to any domain without a password. Everybody else may only send to local domains.
  relayNetworks:
    - 127.0.0.0/8
    - ::1/128
  # Users for AUTH are made with: mailroot user add NAME
  # usersFile: users.txt

# A certificate switches STARTTLS on. The files are watched.
# tls:
#   certificateFile: /etc/ssl/certs/mail.pem
#   keyFile: /etc/ssl/private/mail.key

delivery:
  # Without a smart host mail goes straight to the MX hosts of each domain.
  # smartHost: smtp.example.com:587
  # user: relay@example.com
  # passwordFile: smart-host-password
  retryIntervals: [15m, 30m, 60m, 240m]
  expiry: 2d

limits:
  messageSize: 25 MiB

reports:
  # Gets a copy of every NDR.
  # copyTo: postmaster@example.com
  postmaster: postmaster
`;
}
