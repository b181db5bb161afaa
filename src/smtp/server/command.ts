/**
 * What a verb is: one row of the table, and the context in which it acts.
 * Owns: the types, and the order of judgement that all verbs share.  Leaves: each verb (commands/), the list (table.ts).
 */
import type { Reply } from '../../envelope/index.ts';
import { replies } from '../protocol/catalogue.ts';
import type { Verb } from '../protocol/command-line.ts';
import type { AuthContext, Authenticator, SessionFacts } from './contract.ts';
import type { ServerSettings } from './settings.ts';
import { type At, answer, type Resting, type Step } from './state.ts';

/** What a command may look at. It changes nothing of it. */
export interface CommandContext extends SessionFacts, AuthContext {
  readonly settings: ServerSettings;
  readonly authenticator: Authenticator;
  readonly offersEtrn: boolean;
  /** A certificate is there, the binding allows STARTTLS and TLS is not active yet. */
  readonly offersStartTls: boolean;
  /** Messages begun and octets received in this session. */
  readonly tally: { readonly messages: number; readonly bytes: number };
  /** Verbs that HELP lists, and keywords for EHLO, both from the table. */
  readonly helpVerbs: string;
  /** Now, as the banner shows it. */
  bannerDate(): string;
  keywords(): readonly string[];
}

export type CommandRow = {
  readonly verb: Verb;
  /** States in which the verb may act, and the reply in the other states that read commands. */
  readonly allowedIn: readonly At[];
  readonly outOfOrder: (at: At) => Reply;
  /** Acts also before STARTTLS where TLS is required. */
  readonly worksWithoutTls: boolean;
  /** Acts also before AUTH where authentication is required. */
  readonly worksWithoutAuth: boolean;
  /** Nothing may follow in the same group: the reply changes how what follows is to be read. */
  readonly mustEndGroup: boolean;
  readonly isInHelp: boolean;
  /** Keywords that EHLO announces because of this verb. */
  readonly keywords?: (context: CommandContext) => readonly string[];
  /** Order, syntax, limits, then the act. */
  readonly run: (state: Resting, argument: string, context: CommandContext) => Step;
};

/**
 * A row from its two halves: `check` reads the argument and may refuse, `proceed` acts on what it read.
 * They are joined here so that each row keeps its own type of argument.
 */
export function command<T extends object | string>(
  row: Omit<CommandRow, 'run'> & {
    readonly check: (argument: string, context: CommandContext, state: Resting) => T | Refusal;
    readonly proceed: (checked: T, context: CommandContext, state: Resting) => Step;
  },
): CommandRow {
  const { check, proceed, ...rest } = row;
  return {
    ...rest,
    run(state, argument, context) {
      const checked = check(argument, context, state);
      if (checked instanceof Refusal) return answer(state, checked.reply);
      return proceed(checked, context, state);
    },
  };
}

/** What `check` returns to refuse. */
export class Refusal {
  readonly reply: Reply;

  constructor(reply: Reply) {
    this.reply = reply;
  }
}

export function refuse(reply: Reply): Refusal {
  return new Refusal(reply);
}

/** For verbs without argument. */
export function checkNoArgument(verb: Verb): (argument: string) => '' | Refusal {
  return (argument) => (argument === '' ? '' : refuse(replies.noArguments(verb)));
}

/** The judgement that all verbs share: order, TLS, AUTH. Undefined lets the verb act. */
export function refusalFor(row: CommandRow, state: Resting, context: CommandContext): Reply | undefined {
  if (!row.allowedIn.includes(state.at)) return row.outOfOrder(state.at);
  if (!row.worksWithoutTls && context.settings.requireTls && context.tls === undefined)
    return replies.tlsNeeded;
  if (!row.worksWithoutAuth && !context.grants.mayBeAnonymous && context.identity === undefined)
    return replies.authNeeded;
  return undefined;
}

/** The usual answer of verbs that need a greeting, or no transaction, or a finished BDAT sequence. */
export function usualOrder(at: At): Reply {
  if (at === 'greeted') return replies.helloFirst;
  return at === 'chunking' ? replies.chunkFirst : replies.mailFirst;
}
