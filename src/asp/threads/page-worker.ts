/**
 * The page's thread: keeps what it learned of each site and runs one order after the other.
 * Owns: contexts of sites.  Leaves: the message loop (script), one request (page-run).
 */
import { PIECE_SIZE, type ScriptSide, serveThread } from '../../script/index.ts';
import type { PagePiece } from '../contract.ts';
import { type PagePorts, runPage } from '../page/page-run.ts';
import { SiteContext } from '../page/site-context.ts';
import { packTrace } from '../trace/packed-trace.ts';
import type { WireOrder, WireOutcome } from './page-wire.ts';

serveThread<WireOrder, WireOutcome>((side, isMemoryFull) => {
  const ports: PagePorts = { ...portsOf(side), isMemoryFull };
  const contexts = new Map<string, SiteContext>();
  return ({ site, siteName, ...order }) => {
    if (site !== undefined) {
      contexts.get(siteName)?.end();
      contexts.set(siteName, new SiteContext(site, side));
    }
    const context = contexts.get(siteName);
    if (context === undefined) throw new Error(`the site ${siteName} is not known to the thread`);
    const outcome = runPage(context, { ...order, site: context.site }, ports);
    const { bytes } = outcome.rest;
    return {
      outcome: { ...outcome, trace: outcome.trace && packTrace(outcome.trace) },
      transfer: bytes.byteLength > 0 ? [bytes.buffer as ArrayBuffer] : [],
      isKeeping: [...contexts.values()].some(({ residents }) => !residents.isEmpty),
    };
  };
});

function portsOf(side: ScriptSide): PagePorts {
  return {
    waiting: side,
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
