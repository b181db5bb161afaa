/**
 * A site and its addresses: opened, watched, stopped in the right order.
 * Owns: that order, renewed certificates.  Leaves: the site, the servers.
 * Fails: `start` throws RelayError and leaves nothing open.
 */
import { readFile } from 'node:fs/promises';
import { type Clock, type Logger, RelayError, toRelayError } from '../../base/index.ts';
import type { SocketAddress } from '../../config/index.ts';
import { Front } from '../web/front.ts';
import { RequestLog } from '../web/request-log.ts';
import { SiteServer } from '../web/server.ts';
import type { PageRunner } from './page-runner.ts';
import { addressText, type SiteSettings } from './settings.ts';
import { Site } from './site.ts';
import { WatchedFile } from './watched-file.ts';

export type SiteHostParts = {
  readonly runner: PageRunner;
  readonly clock: Clock;
  readonly log: Logger;
};

export class SiteHost {
  readonly site: Site;
  readonly #parts: SiteHostParts;
  readonly #requestLog: RequestLog | undefined;
  readonly #servers: SiteServer[] = [];
  readonly #watched: WatchedFile[] = [];

  private constructor(site: Site, parts: SiteHostParts) {
    this.site = site;
    this.#parts = parts;
    const { logFolder, name } = site.settings;
    this.#requestLog =
      logFolder === undefined
        ? undefined
        : new RequestLog({ folder: logFolder, site: name, clock: parts.clock, logger: parts.log });
  }

  static async start(settings: SiteSettings, parts: SiteHostParts): Promise<SiteHost> {
    const host = new SiteHost(await Site.open(settings, parts), parts);
    try {
      await host.#listen();
    } catch (thrown) {
      await host.stop(0);
      throw thrown;
    }
    return host;
  }

  /** `http://127.0.0.1:8080/`. */
  get urls(): readonly string[] {
    return this.#servers.map(
      ({ isSecure, address }) => `${isSecure ? 'https' : 'http'}://${addressText(address)}/`,
    );
  }

  get addresses(): readonly SocketAddress[] {
    return this.#servers.map(({ address }) => address);
  }

  /** Requests under way may take `deadlineMs`; then sessions and the application end. */
  async stop(deadlineMs: number): Promise<void> {
    for (const file of this.#watched) file.stop();
    await Promise.all(this.#servers.map((server) => server.stop(deadlineMs)));
    await this.site.stop();
    await this.#requestLog?.flush();
    this.#parts.log.event('info', 'asp.site-stopped', { site: this.site.name });
  }

  async #listen(): Promise<void> {
    const { config, name } = this.site.settings;
    const front = new Front({ site: this.site, clock: this.#parts.clock, requestLog: this.#requestLog });
    const common = { limits: config.limits, compression: config.compression };
    for (const address of config.listen)
      this.#servers.push(await SiteServer.open({ ...common, address }, front));
    if (config.listenHttps.length > 0) {
      const { certificateFile, keyFile, minVersion } = config.tls;
      if (certificateFile === undefined || keyFile === undefined)
        throw new RelayError('config-invalid', `The site '${name}' has no certificate for HTTPS.`);
      const certificate = new WatchedFile(certificateFile, this.#parts.clock);
      await certificate.read();
      const { cert, key } = await readCertificate(certificateFile, keyFile);
      for (const address of config.listenHttps)
        this.#servers.push(
          await SiteServer.open({ ...common, address, tls: { cert, key, minVersion } }, front),
        );
      certificate.watch(() => this.#renew(certificateFile, keyFile));
      this.#watched.push(certificate);
    }
    this.#parts.log.event('info', 'asp.site-started', { site: name, folder: config.folder, urls: this.urls });
  }

  /** One that cannot be read leaves the old one in use. */
  async #renew(certificateFile: string, keyFile: string): Promise<void> {
    const { log } = this.#parts;
    const { name: site } = this.site;
    try {
      const { cert, key } = await readCertificate(certificateFile, keyFile);
      for (const server of this.#servers) server.useCertificate(cert, key);
      log.event('info', 'asp.certificate-renewed', { site, file: certificateFile });
    } catch (thrown) {
      log.event('error', 'asp.certificate-unusable', { site, reason: (thrown as Error).message });
    }
  }
}

async function readCertificate(
  certificateFile: string,
  keyFile: string,
): Promise<{ cert: Buffer; key: Buffer }> {
  const [cert, key] = await Promise.all([read(certificateFile), read(keyFile)]);
  const { createSecureContext } = await import('node:tls');
  try {
    createSecureContext({ cert, key });
  } catch (thrown) {
    throw new RelayError(
      'config-invalid',
      `The certificate '${certificateFile}' with the key '${keyFile}' cannot be used: ${(thrown as Error).message}. Both must be PEM and belong together.`,
      { cause: thrown },
    );
  }
  return { cert, key };
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw toRelayError(thrown, `reading the certificate or key file '${file}'`);
  }
}
