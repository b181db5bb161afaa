/**
 * The page's thread: keeps what it learned of each site and runs one order after the other.
 * Owns: contexts of sites, the ways out of the thread, which mail that was sent passes first.
 * Leaves: the message loop (script), one request (page-run).
 */
import type { WaitingRoom } from '../../automation/index.ts';
import { PIECE_SIZE, type ScriptSide, serveThread, TIMEOUT_OPERATION } from '../../script/index.ts';
import { APPLICATION_OPERATION, MAIL_OPERATION, type PageError, type PagePiece } from '../contract.ts';
import { PageOutbox } from '../page/page-outbox.ts';
import { type PagePorts, runPage } from '../page/page-run.ts';
import { SiteContext } from '../page/site-context.ts';
import { packTrace } from '../trace/packed-trace.ts';
import type { WireOrder, WireOutcome, WirePiece } from './page-wire.ts';

serveThread<WireOrder, WireOutcome>((side, isMemoryFull) => {
  const outbox = new PageOutbox({
    send: (sent) => side.send({ sent } satisfies WirePiece, 0),
    settle: () => side.waitFor(MAIL_OPERATION, undefined) as PageError | undefined,
  });
  const ports: PagePorts = { ...portsOf(side, outbox), isMemoryFull };
  const contexts = new Map<string, SiteContext>();
  return ({ site, siteName, mailKeeping, ...order }) => {
    if (site !== undefined) {
      contexts.get(siteName)?.end();
      contexts.set(siteName, new SiteContext(site, side));
    }
    const context = contexts.get(siteName);
    if (context === undefined) throw new Error(`the site ${siteName} is not known to the thread`);
    const outcome = runPage(context, { ...order, site: context.site }, ports, mailKeeping);
    const { bytes } = outcome.rest;
    return {
      outcome: { ...outcome, trace: outcome.trace && packTrace(outcome.trace), hasKeptMail: outbox.end() },
      transfer: bytes.byteLength > 0 ? [bytes.buffer as ArrayBuffer] : [],
      isKeeping: [...contexts.values()].some(({ residents }) => !residents.isEmpty),
    };
  };
});

/** What the main thread answers from itself: nothing of it leaves the process. Whatever else is asked for may. */
const WITHIN: ReadonlySet<string> = new Set([TIMEOUT_OPERATION, ...Object.values(APPLICATION_OPERATION)]);

function guarded(side: ScriptSide, outbox: PageOutbox): WaitingRoom {
  return {
    waitFor(operation, request) {
      if (!WITHIN.has(operation)) outbox.settle();
      return side.waitFor(operation, request);
    },
  };
}

function portsOf(side: ScriptSide, outbox: PageOutbox): PagePorts {
  return {
    waiting: guarded(side, outbox),
    outbox,
    rest: (work) => side.rest(work),
    isConnected: () => !side.isDeserted,
    send({ head, bytes }: PagePiece) {
      // Large pieces are cut, so that a reader who does not keep up holds the page back.
      for (let at = 0; at === 0 || at < bytes.length; at += PIECE_SIZE) {
        const part = bytes.length <= PIECE_SIZE ? bytes : bytes.slice(at, at + PIECE_SIZE);
        const piece: PagePiece = { head: at === 0 ? head : undefined, bytes: part };
        side.send(piece, part.length, part.byteLength > 0 ? [part.buffer as ArrayBuffer] : []);
      }
    },
  };
}
