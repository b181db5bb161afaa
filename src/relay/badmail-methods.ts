/** The badmail methods of the control interface, over the Badmail folders of all mailroots. */
import { RelayError } from '../base/index.ts';
import type { BadmailEntry, ControlApi, ControlMethods } from '../control/index.ts';
import { formatMailbox, formatPath } from '../envelope/index.ts';
import type { Badmail, BadmailEntry as StoredEntry } from '../mailroot/index.ts';
import { headerText } from './header-text.ts';

/** What these methods need of one mailroot. */
export type BadmailUnit = {
  readonly badmail: Badmail;
  readonly folders: { readonly pickup: string };
};

type Params<M extends keyof ControlApi> = ControlApi[M]['params'];

export function badmailMethods(units: readonly BadmailUnit[]): ControlMethods {
  return {
    'badmail.list': async (params, call) => {
      const { limit } = params as Params<'badmail.list'>;
      const lists = await Promise.all(units.map(({ badmail }) => badmail.list(limit + 1)));
      const entries = lists.flat().sort((a, b) => b.modifiedAt - a.modifiedAt);
      for (const entry of entries.slice(0, limit)) await call.send(toEntry(entry));
      return { more: entries.length > limit };
    },
    'badmail.show': async (params) => {
      const { name } = params as Params<'badmail.show'>;
      const { unit, entry } = await find(units, name);
      return { entry: toEntry(entry), header: await headerText(unit.badmail.content(name)) };
    },
    'badmail.replay': async (params, call) => {
      const { names, all } = params as Params<'badmail.replay'>;
      let messages = 0;
      const replay = async (unit: BadmailUnit, name: string): Promise<void> => {
        await unit.badmail.replay(name, unit.folders.pickup);
        messages += 1;
        await call.send({ name });
      };
      if (all === true) {
        for (const unit of units) {
          for (const { name } of await unit.badmail.list(Number.MAX_SAFE_INTEGER)) await replay(unit, name);
        }
      } else {
        for (const name of names) await replay((await find(units, name)).unit, name);
      }
      return { messages };
    },
  };
}

async function find(
  units: readonly BadmailUnit[],
  name: string,
): Promise<{ unit: BadmailUnit; entry: StoredEntry & { readonly reason: string } }> {
  for (const unit of units) {
    const entry = await unit.badmail.show(name);
    if (entry !== undefined) return { unit, entry };
  }
  throw new RelayError(
    'refused',
    `Badmail holds no message '${name}'. 'mailroot badmail list' shows what it holds.`,
  );
}

function toEntry(entry: StoredEntry & { readonly reason?: string }): BadmailEntry {
  const { name, bytes, modifiedAt, record, reason } = entry;
  const envelope = record?.envelope;
  return {
    name,
    server: record?.server ?? '',
    at: record?.at ?? modifiedAt,
    bytes,
    reasonClass: record?.reasonClass ?? 'unknown',
    reason: record?.detail ?? reason ?? 'no reason is recorded',
    ...(envelope !== undefined && {
      sender: formatPath(envelope.reversePath),
      recipients: envelope.recipients.map(({ forwardPath }) => formatMailbox(forwardPath)),
    }),
  };
}
