/**
 * A site for tests: a folder, a runner that is a function, real sockets.
 * Owns: making and removing these.  Leaves: what is tested.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LogFields, type Logger, systemClock } from '../../base/index.ts';
import { siteSchema } from '../../config/index.ts';
import type { PageHead, PageOrder, PageOutcome } from '../contract.ts';
import type { PageRunner, PageRunOptions } from '../site/page-runner.ts';
import { SiteHost } from '../site/site-host.ts';

export type FakePage = (order: PageOrder, options: PageRunOptions) => PageOutcome | Promise<PageOutcome>;

export type TestSite = {
  readonly host: SiteHost;
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  readonly orders: readonly PageOrder[];
  readonly events: readonly { readonly name: string; readonly fields: LogFields }[];
  readonly stop: () => Promise<void>;
};

/** Paths below the site's folder → content. `config` as in a file. */
export async function startSite(
  files: Readonly<Record<string, string | Buffer>>,
  page: FakePage = (order) => htmlOutcome(`page ${order.request?.path}`),
  config: Readonly<Record<string, unknown>> = {},
): Promise<TestSite> {
  const top = mkdtempSync(join(tmpdir(), 'mailroot-site-'));
  const folder = join(top, 'site');
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const orders: PageOrder[] = [];
  const runner: PageRunner = {
    async run(order, options) {
      orders.push(order);
      try {
        return await page(order, options);
      } finally {
        options.services.end();
      }
    },
  };
  const events: { name: string; fields: LogFields }[] = [];
  const log: Logger = {
    event: (_level, name, fields = {}) => void events.push({ name, fields }),
    with: () => log,
  };
  const settings = siteSchema.parse({ folder, listen: ['127.0.0.1:0'], ...config });
  const host = await SiteHost.start(
    { name: 'test', config: settings, pickup: undefined, logFolder: settings.log.folder },
    { runner, clock: systemClock, log },
  );
  const { port } = host.addresses[0] ?? { port: 0 };
  return {
    host,
    port,
    url: host.urls[0] ?? '',
    folder,
    orders,
    events,
    stop: async () => {
      await host.stop(100);
      rmSync(top, { recursive: true, force: true });
    },
  };
}

export function pageHead(headers: PageHead['headers'] = [], options: Partial<PageHead> = {}): PageHead {
  return {
    status: 200,
    reason: 'OK',
    headers: [['Content-Type', 'text/html'], ...headers],
    startsSession: false,
    ...options,
  };
}

export function htmlOutcome(html: string, outcome: Partial<PageOutcome> = {}): PageOutcome {
  return {
    rest: { head: pageHead(), bytes: Buffer.from(html, 'latin1') },
    session: { kind: 'unused' },
    error: undefined,
    logText: '',
    trace: undefined,
    ...outcome,
  };
}

/** Sends bytes as they are and resolves with all that comes back, when the server closes or `until` matches. */
export function exchange(port: number, bytes: string | Buffer, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      text += piece;
      if (until?.test(text) === true) socket.destroy();
    });
    socket.on('error', (error: Error & { code?: string }) => {
      // A refusal may close while we still send.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(text));
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });
}

/** The status of the first answer in `text`; 0: there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
}

/** A GET over a connection of its own, target and fields as they are. */
export function get(port: number, target: string, fields = ''): Promise<string> {
  return exchange(port, `GET ${target} HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n${fields}\r\n`);
}
