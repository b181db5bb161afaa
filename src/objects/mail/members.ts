/** Rows that the tables of the mail components share: texts, numbers and switches kept in the message. */
import type { Member } from '../../automation/index.ts';
import { booleanAt, longAt, textAt } from '../arguments.ts';
import { type AliasMessage, type Correspondent, priorityOf } from './alias-message.ts';

export type MailMember = Member<AliasMessage>;

type TextKey = {
  [Key in keyof AliasMessage]: AliasMessage[Key] extends string ? Key : never;
}[keyof AliasMessage];
type ListKey = 'to' | 'cc' | 'bcc' | 'replyTo';

export function text(key: Exclude<TextKey, 'source'>): MailMember {
  return {
    arity: [0, 0],
    get: (self) => self[key],
    put: (self, args) => {
      self[key] = textAt(args, 0);
    },
  };
}

/** A text or a switch that one component keeps beside the message. */
export function own<Self extends AliasMessage>(key: KeysOf<Self, string | boolean>): MailMember {
  return {
    arity: [0, 0],
    get: (self) => (self as Self)[key] as string | boolean,
    put: (self, args) => {
      const mine = self as unknown as Record<typeof key, string | boolean>;
      mine[key] = typeof mine[key] === 'boolean' ? booleanAt(args, 0) : textAt(args, 0);
    },
  };
}

type KeysOf<Self, Value> = { [Key in keyof Self]: Self[Key] extends Value ? Key : never }[keyof Self];

/** 1 high, 3 normal, 5 low. */
export const PRIORITY: MailMember = {
  arity: [0, 0],
  get: (self) => self.priority,
  put: (self, args) => {
    self.priority = priorityOf(longAt(args, 0));
  },
};

/** One address for replies, as a property. */
export const REPLY_TO: MailMember = {
  arity: [0, 0],
  get: (self) => self.replyTo[0]?.address ?? '',
  put: (self, args) => {
    self.replyTo = [{ address: textAt(args, 0), name: '' }];
  },
};

/** The request for a receipt, under the name each component has for it. */
export const RECEIPT: MailMember = own<AliasMessage>('wantsReceipt');

/** Methods that empty lists of the message. */
export function clear(...keys: (ListKey | 'attachments' | 'headers')[]): MailMember {
  return method([0, 0], (self) => {
    for (const key of keys) self[key].length = 0;
    return undefined;
  });
}

/** A header field that stands once, as a property. */
export function header(name: string): MailMember {
  return {
    arity: [0, 0],
    get: (self) => self.headers.find((each) => each.name === name)?.value ?? '',
    put: (self, args) => {
      self.headers = self.headers.filter((each) => each.name !== name);
      self.addHeader(name, textAt(args, 0));
    },
  };
}

export function fromPart(part: keyof Correspondent): MailMember {
  return {
    arity: [0, 0],
    get: (self) => self.from[part],
    put: (self, args) => {
      self.from = { ...self.from, [part]: textAt(args, 0) };
    },
  };
}

/** A method that adds a correspondent; `order` says which argument is the address. */
export function add(key: ListKey, order: 'address-first' | 'name-first' = 'address-first'): MailMember {
  const [address, name] = order === 'address-first' ? [0, 1] : [1, 0];
  return {
    arity: order === 'address-first' ? [1, 4] : [2, 2],
    call: (self, args) => {
      self[key].push({ address: textAt(args, address), name: textAt(args, name, '') });
      return true;
    },
  };
}

/** A property that is taken and given back but changes nothing here. */
export function inert(initial: string | number | boolean): MailMember {
  const values = new WeakMap<AliasMessage, string | number | boolean>();
  return {
    arity: [0, 0],
    get: (self) => values.get(self) ?? initial,
    put: (self, args) => {
      const value =
        typeof initial === 'string'
          ? textAt(args, 0)
          : typeof initial === 'number'
            ? longAt(args, 0)
            : booleanAt(args, 0);
      values.set(self, value);
    },
  };
}

export function method(arity: readonly [number, number], call: NonNullable<MailMember['call']>): MailMember {
  return { arity, call };
}
