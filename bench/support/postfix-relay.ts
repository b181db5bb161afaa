/**
 * A Postfix instance of its own that relays everything to one host: the other side of a side-by-side measurement.
 * Its configuration is Debian's default with `relayhost`; nothing is tuned, nothing is slowed. Needs root.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, untilListening } from './smtp-sink.ts';

export class PostfixRelay {
  readonly port: number;
  readonly pid: number;
  readonly #folder: string;

  private constructor(port: number, pid: number, folder: string) {
    this.port = port;
    this.pid = pid;
    this.#folder = folder;
  }

  static async start(nextHopPort: number): Promise<PostfixRelay> {
    const folder = mkdtempSync(join(tmpdir(), 'postfix-bench-'));
    chmodSync(folder, 0o755);
    const port = await freePort();
    const config = join(folder, 'etc');
    for (const name of ['etc', 'spool', 'data']) mkdirSync(join(folder, name));
    execFileSync('chown', ['postfix', join(folder, 'data')]);
    writeFileSync(
      join(config, 'main.cf'),
      [
        'compatibility_level = 3.6',
        `queue_directory = ${join(folder, 'spool')}`,
        `data_directory = ${join(folder, 'data')}`,
        'myhostname = postfix.test',
        'mydestination =',
        'mynetworks = 127.0.0.0/8',
        'inet_interfaces = 127.0.0.1',
        'inet_protocols = ipv4',
        `relayhost = [127.0.0.1]:${nextHopPort}`,
        'alias_maps =',
        'smtpd_relay_restrictions = permit_mynetworks, reject',
        // Bounds that only keep a benchmark from measuring limits made for strangers.
        'smtpd_client_connection_count_limit = 0',
        'smtpd_client_connection_rate_limit = 0',
        'maillog_file = /var/log/postfix-bench.log',
        '',
      ].join('\n'),
    );
    const master = readFileSync('/usr/share/postfix/master.cf.dist', 'latin1')
      .replace(/^smtp\s+inet\s.*$/m, `127.0.0.1:${port} inet n - n - - smtpd`)
      .replaceAll(/^(\S+\s+unix\s+\S+\s+\S+\s+)y/gm, '$1n');
    writeFileSync(join(config, 'master.cf'), master);
    execFileSync('postfix', ['-c', config, 'start'], { stdio: 'ignore' });
    await untilListening(port);
    const pid = Number(readFileSync(join(folder, 'spool', 'pid', 'master.pid'), 'latin1').trim());
    return new PostfixRelay(port, pid, folder);
  }

  stop(): void {
    execFileSync('postfix', ['-c', join(this.#folder, 'etc'), 'stop'], { stdio: 'ignore' });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
