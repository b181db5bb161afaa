/** How a page ends before its last line: no On Error Resume Next stops these. */
import { ScriptExit } from '../../vbscript/index.ts';

/** Response.End, Response.Redirect, Server.Transfer. */
export class PageEnd extends ScriptExit {
  override readonly name: string = 'PageEnd';
}

/** An error of a page that Server.Execute or Server.Transfer ran: it ends the whole request with its own place. */
export class PageFailed extends PageEnd {
  override readonly name = 'PageFailed';
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('an executed page failed');
    this.reason = reason;
  }
}
