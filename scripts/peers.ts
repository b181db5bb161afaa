/**
 * The real programs that tests talk to, and how to get them.
 * Owns: the list of Debian packages and the program of each that proves it is there.  A missing peer fails the run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

/** Debian package → a file that it installs. */
const PEERS: Readonly<Record<string, string>> = {
  postfix: '/usr/sbin/smtp-sink',
  nsd: '/usr/sbin/nsd',
  swaks: '/usr/bin/swaks',
  msmtp: '/usr/bin/msmtp',
  curl: '/usr/bin/curl',
  nmap: '/usr/bin/nmap',
  strace: '/usr/bin/strace',
  python3: '/usr/bin/python3',
  openssl: '/usr/bin/openssl',
  // The program logger, through which events reach the syslog of the machine.
  bsdutils: '/usr/bin/logger',
  'postgresql-15': '/usr/lib/postgresql/15/bin/postgres',
  // Drives the demonstration site as a visitor would.
  chromium: '/usr/bin/chromium',
  // swaks needs it for STARTTLS.
  'libnet-ssleay-perl': '/usr/share/doc/libnet-ssleay-perl/copyright',
};

/** Makes sure every peer is installed; ends the process with a clear message when one is missing and may not be installed. */
export function installPeers(options: { readonly mayInstall: boolean }): void {
  mkdirSync('.test', { recursive: true });
  const missing = Object.entries(PEERS)
    .filter(([, program]) => !existsSync(program))
    .map(([name]) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (options.mayInstall && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing what the tests talk to: ${missing.join(', ')}`);
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env: environment });
    spawnSync('apt-get', command.split(' ').slice(1), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
    });
    const still = missing.filter((name) => !existsSync(PEERS[name]!));
    if (still.length === 0) return;
    console.error(`The tests need these programs, and installing them failed: ${still.join(', ')}`);
  } else {
    console.error(`The tests need these programs: ${missing.join(', ')}\nInstall them with: ${command}`);
  }
  process.exit(1);
}
