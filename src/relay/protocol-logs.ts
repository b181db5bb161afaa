/**
 * The protocol logs of all virtual servers, as the settings want them now.
 * Owns: folders, which server has one, putting a changed setting to use.  Leaves: lines and files a day (smtp/w3c-log).
 * Fails: never; a log that cannot be written is told by the log itself, and sessions do not wait for it.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Clock, Logger } from '../base/index.ts';
import type { NamedServer } from '../config/index.ts';
import { W3cLog } from '../smtp/index.ts';

export class ProtocolLogs {
  readonly #ports: { readonly clock: Clock; readonly log: Logger };
  #logs: ReadonlyMap<string, { readonly folder: string; readonly log: W3cLog }> = new Map();

  constructor(ports: { readonly clock: Clock; readonly log: Logger }) {
    this.#ports = ports;
  }

  /** True when at least one server has a protocol log. */
  get isOn(): boolean {
    return this.#logs.size > 0;
  }

  of(server: string): W3cLog | undefined {
    return this.#logs.get(server)?.log;
  }

  /** A log whose folder stays goes on; one that is no longer wanted writes what waits. */
  configure(servers: readonly NamedServer[]): void {
    const before = this.#logs;
    this.#logs = new Map(
      servers
        .filter(({ protocolLog }) => protocolLog.enabled)
        .map((server) => {
          const folder = folderOf(server);
          const known = before.get(server.name);
          return [
            server.name,
            known?.folder === folder ? known : { folder, log: this.#make(server, folder) },
          ];
        }),
    );
    for (const [name, { log }] of before) if (this.of(name) !== log) void log.flush();
  }

  /** Resolves when all that waits is in its file, or was told to have failed. */
  async close(): Promise<void> {
    await Promise.all([...this.#logs.values()].map(({ log }) => log.flush()));
  }

  #make(server: NamedServer, folder: string): W3cLog {
    return new W3cLog({
      clock: this.#ports.clock,
      logger: this.#ports.log,
      siteName: server.name,
      computerName: hostname(),
      append: async (fileName, text) => {
        await mkdir(folder, { recursive: true });
        await appendFile(join(folder, fileName), text);
      },
    });
  }
}

function folderOf({ name, mailroot, protocolLog }: NamedServer): string {
  return protocolLog.folder ?? join(mailroot, 'Log', `SmtpSvc-${name}`);
}
