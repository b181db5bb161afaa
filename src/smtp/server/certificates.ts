/**
 * The certificates of one virtual server as TLS contexts, one set per lowest version that a binding asks for.
 * Owns: loading, choosing by server name, replacing them while sessions run.  Leaves: the handshake (session).
 * Fails: `load` throws RelayError that names the file; the contexts in use stay as they were.
 * Sources: RFC 3207; RFC 6066 §3 (server name); RFC 8996 (TLS 1.0 and 1.1 only where an operator opts down).
 */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type TLSSocketOptions } from 'node:tls';
import { RelayError, toRelayError } from '../../base/index.ts';
import type { TlsSettings, TlsVersion } from './settings.ts';

type Loaded = {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly passphrase: string | undefined;
  readonly leaf: X509Certificate;
};

export type CertificateSummary = {
  readonly subject: string;
  readonly names: readonly string[];
  /** UTC milliseconds. */
  readonly expiresAt: number;
};

export class TlsContexts {
  #loaded: readonly Loaded[] = [];
  #ciphers: string | undefined;
  #contexts = new Map<TlsVersion, readonly SecureContext[]>();

  get isAvailable(): boolean {
    return this.#loaded.length > 0;
  }

  /** What is in use, for status and for a warning before certificates expire. */
  get summaries(): readonly CertificateSummary[] {
    return this.#loaded.map(({ leaf }) => ({
      subject: leaf.subject.replace(/\n/g, ', '),
      names: namesOf(leaf),
      expiresAt: Date.parse(leaf.validTo),
    }));
  }

  /** Reads all files, and puts them to use only when all of them are good. Sessions under way keep their keys. */
  async load(settings: TlsSettings, readFile: (path: string) => Promise<Buffer>): Promise<void> {
    const loaded = await Promise.all(
      settings.certificates.map(async ({ certFile, keyFile, passphrase }): Promise<Loaded> => {
        const cert = await read(readFile, certFile);
        const key = await read(readFile, keyFile);
        try {
          createSecureContext({ cert, key, ...(passphrase === undefined ? {} : { passphrase }) });
          return { cert, key, passphrase, leaf: new X509Certificate(cert) };
        } catch (thrown) {
          const reason = thrown instanceof Error ? thrown.message : String(thrown);
          throw new RelayError(
            'config-invalid',
            `The certificate '${certFile}' with the key '${keyFile}' cannot be used: ${reason}. Both must be PEM and belong together.`,
            { cause: thrown, fields: { certFile, keyFile } },
          );
        }
      }),
    );
    this.#loaded = loaded;
    this.#ciphers = settings.ciphers;
    this.#contexts = new Map();
  }

  /** Options of a server-side TLS socket; undefined without a certificate. */
  optionsFor(minVersion: TlsVersion): TLSSocketOptions | undefined {
    if (this.#loaded.length === 0) return undefined;
    const contexts = this.#contextsFor(minVersion);
    const loaded = this.#loaded;
    return {
      secureContext: contexts[0]!,
      ...(contexts.length === 1
        ? {}
        : {
            SNICallback: (name, done) => {
              const index = loaded.findIndex(({ leaf }) => leaf.checkHost(name) !== undefined);
              done(null, contexts[Math.max(index, 0)]!);
            },
          }),
    };
  }

  #contextsFor(minVersion: TlsVersion): readonly SecureContext[] {
    let contexts = this.#contexts.get(minVersion);
    if (contexts === undefined) {
      contexts = this.#loaded.map(({ cert, key, passphrase }) =>
        createSecureContext({
          cert,
          key,
          minVersion,
          ...(passphrase === undefined ? {} : { passphrase }),
          ...this.#cipherOption(minVersion),
        }),
      );
      this.#contexts.set(minVersion, contexts);
    }
    return contexts;
  }

  #cipherOption(minVersion: TlsVersion): { ciphers?: string } {
    if (this.#ciphers !== undefined) return { ciphers: this.#ciphers };
    // OpenSSL 3 offers TLS 1.0 and 1.1 at security level 0 alone.
    return minVersion === 'TLSv1' || minVersion === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
  }
}

function namesOf(leaf: X509Certificate): readonly string[] {
  return (leaf.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice(4));
}

async function read(readFile: (path: string) => Promise<Buffer>, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw toRelayError(thrown, `reading the certificate or key file '${path}'`, { path });
  }
}
