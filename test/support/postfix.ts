/**
 * Real Postfix instances of their own for tests and benchmarks: own configuration, queue and data, on loopback.
 * Nothing of the system's Postfix is touched. Needs root, as Postfix does.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, untilListening } from './ports.ts';

export class PostfixInstance {
  readonly host: string;
  readonly port: number;
  /** Of the master process. */
  readonly pid: number;
  readonly folder: string;

  private constructor(host: string, port: number, pid: number, folder: string) {
    this.host = host;
    this.port = port;
    this.pid = pid;
    this.folder = folder;
  }

  /** Starts an instance; `settings` are lines of main.cf, `folder` stands in them for its own folder as `$home`. */
  static async start(
    settings: readonly string[],
    at: { readonly host?: string; readonly port?: number } = {},
  ): Promise<PostfixInstance> {
    const folder = mkdtempSync(join(tmpdir(), 'mailroot-postfix-'));
    chmodSync(folder, 0o755);
    const host = at.host ?? '127.0.0.1';
    const port = at.port ?? (await freePort());
    for (const name of ['etc', 'spool', 'data', 'mail']) mkdirSync(join(folder, name));
    execFileSync('chown', ['postfix', join(folder, 'data')]);
    execFileSync('chown', ['nobody', join(folder, 'mail')]);
    const common = [
      'compatibility_level = 3.6',
      `home = ${folder}`,
      'queue_directory = $home/spool',
      'data_directory = $home/data',
      'myhostname = postfix.test',
      // The listener's own address stands in master.cf; here only an interface that Postfix finds.
      'inet_interfaces = 127.0.0.1',
      'inet_protocols = ipv4',
      'mynetworks = 127.0.0.0/8',
      'alias_maps =',
      'maillog_file = /var/log/postfix-mailroot-tests.log',
      // Bounds that only keep a test from measuring limits made for strangers.
      'smtpd_client_connection_count_limit = 0',
      'smtpd_client_connection_rate_limit = 0',
    ];
    writeFileSync(join(folder, 'etc', 'main.cf'), `${[...common, ...settings].join('\n')}\n`);
    const services = readFileSync('/usr/share/postfix/master.cf.dist', 'latin1')
      .replace(/^smtp\s+inet\s.*$/m, `${host}:${port} inet n - n - - smtpd`)
      .replaceAll(/^(\S+\s+unix\s+\S+\s+\S+\s+)y/gm, '$1n');
    writeFileSync(join(folder, 'etc', 'master.cf'), services);
    execFileSync('/usr/sbin/postfix', ['-c', join(folder, 'etc'), 'start'], { stdio: 'ignore' });
    await untilListening(port, host);
    const pid = Number(readFileSync(join(folder, 'spool', 'pid', 'master.pid'), 'latin1').trim());
    return new PostfixInstance(host, port, pid, folder);
  }

  stop(): void {
    execFileSync('/usr/sbin/postfix', ['-c', join(this.folder, 'etc'), 'stop'], { stdio: 'ignore' });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Relays everything to one host on loopback: Debian's defaults with `relayhost`; nothing is tuned, nothing slowed. */
export function startPostfixRelay(
  nextHopPort: number,
  more: readonly string[] = [],
): Promise<PostfixInstance> {
  return PostfixInstance.start([
    ...more,
    'mydestination =',
    `relayhost = [127.0.0.1]:${nextHopPort}`,
    'smtpd_relay_restrictions = permit_mynetworks, reject',
  ]);
}

/** A Postfix that keeps all mail for its domains in one maildir. */
export class PostfixMailbox {
  readonly instance: PostfixInstance;

  private constructor(instance: PostfixInstance) {
    this.instance = instance;
  }

  /** `addresses`: the only ones that exist, others get 550 5.1.1. `settings`: more lines of main.cf. */
  static async start(
    domains: readonly string[],
    at: {
      readonly host?: string;
      readonly port?: number;
      readonly addresses?: readonly string[];
      readonly settings?: readonly string[];
    } = {},
  ): Promise<PostfixMailbox> {
    const listed = at.addresses?.map((address) => `{${address}=inbox/}`).join(', ');
    return new PostfixMailbox(
      await PostfixInstance.start(
        [
          'mydestination =',
          `virtual_mailbox_domains = ${domains.join(', ')}`,
          'virtual_mailbox_base = $home/mail',
          `virtual_mailbox_maps = ${listed === undefined ? 'static:inbox/' : `inline:{${listed}}`}`,
          'virtual_uid_maps = static:65534',
          'virtual_gid_maps = static:65534',
          'smtpd_relay_restrictions = reject_unauth_destination',
          // Asking DNS for the name of 127.0.0.1 takes seconds where no DNS server answers.
          'smtpd_peername_lookup = no',
          ...(at.settings ?? []),
        ],
        at,
      ),
    );
  }

  /** Everything delivered so far, oldest first; Postfix has put Return-Path and Delivered-To at the top. */
  messages(): string[] {
    const folder = join(this.instance.folder, 'mail', 'inbox', 'new');
    try {
      return readdirSync(folder)
        .sort()
        .map((name) => readFileSync(join(folder, name), 'latin1'));
    } catch {
      return [];
    }
  }

  /** Resolves with all messages when at least `count` are there. */
  async reached(count: number): Promise<string[]> {
    // Postfix makes inbox/new at the first delivery, so the parent is watched too.
    const watcher = watch(join(this.instance.folder, 'mail'), { recursive: true });
    try {
      for (;;) {
        const found = this.messages();
        if (found.length >= count) return found;
        await once(watcher, 'change');
      }
    } finally {
      watcher.close();
    }
  }

  stop(): void {
    this.instance.stop();
  }
}
