/**
 * The verbs, one row each; what HELP lists and EHLO announces is read off the rows.
 * The order of the rows is the order of the EHLO keywords, which is the old service's.
 */
import { VERBS, type Verb } from '../protocol/command-line.ts';
import type { CommandContext, CommandRow } from './command.ts';
import { auth } from './commands/auth.ts';
import { bdat } from './commands/bdat.ts';
import { data } from './commands/data.ts';
import { etrn } from './commands/etrn.ts';
import { ehlo, helo } from './commands/hello.ts';
import { help, noop, quit, refused, rset, vrfy } from './commands/housekeeping.ts';
import { mail } from './commands/mail.ts';
import { rcpt } from './commands/rcpt.ts';
import { starttls } from './commands/starttls.ts';

export const COMMAND_ROWS: readonly CommandRow[] = [
  auth,
  mail,
  etrn,
  rcpt,
  data,
  bdat,
  vrfy,
  ehlo,
  starttls,
  helo,
  rset,
  noop,
  quit,
  help,
  ...refused,
];

const ROW_OF = new Map<Verb, CommandRow>(COMMAND_ROWS.map((row) => [row.verb, row]));

export function rowOf(verb: Verb): CommandRow {
  return ROW_OF.get(verb)!;
}

/** `HELO EHLO STARTTLS …` in the order of HELP. */
export const HELP_VERBS: string = VERBS.filter((verb) => rowOf(verb).isInHelp).join(' ');

export function keywordsFor(context: CommandContext): readonly string[] {
  const all: string[] = [];
  for (const { keywords } of COMMAND_ROWS) if (keywords !== undefined) all.push(...keywords(context));
  return all;
}
