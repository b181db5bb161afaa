/**
 * Rewrites expressions: names, literals, operators, functions, comparisons.
 * Owns: what stands between the clauses of a statement.  Leaves: the clauses (statements), types of columns (types).
 * Fails: SqlProblem for what has no counterpart.
 *
 * A list of words is cut at marks – commas, comparisons, keywords – into runs; a run is one value with its arithmetic. What a
 * run holds is known for literals, calls, parameters and columns of the schema, and only then does a rewrite depend on it.
 */
import type { SqlDialect } from '../data-sources.ts';
import { calendarOf, textOfCalendar } from '../dates.ts';
import { call } from './calls.ts';
import { FUNCTIONS, type SqlTarget } from './functions.ts';
import type { ColumnKind, Schema, SchemaTable } from './schema.ts';
import { type Segment, segmentsOf, withoutHints } from './segments.ts';
import { type Group, type Node, SqlProblem, type Token } from './tokens.ts';
import {
  comparison,
  isPlainValue,
  isWord,
  likeExpression,
  literal,
  markText,
  quotedName,
  splitAt,
  words,
} from './words.ts';

/** A place where a parameter's value is bound. */
export type ParameterUse = {
  /** From 0, in the order of the whole text; or a name. */
  readonly parameter: number | string;
  /** The column it is compared with or put into, where that is known. */
  readonly kind: ColumnKind | undefined;
};

export type ExpressionContext = {
  readonly target: SqlTarget;
  readonly dialect: SqlDialect;
  readonly schema: Schema;
  /** What the parameters hold, in their order. */
  readonly parameterKinds: readonly (ColumnKind | undefined)[];
};

/** Words of SQLite that may name columns in Access. */
const RESERVED = new Set(
  'limit offset transaction check commit default index table add alter create drop foreign primary references trigger unique to then when escape isnull notnull returning'.split(
    ' ',
  ),
);

export class Expressions {
  readonly context: ExpressionContext;
  /** In the order of their places in the text that was made: `?1`, `$1` is the first. */
  readonly parameters: ParameterUse[] = [];
  /** Tables that the statement names. */
  readonly tables: SchemaTable[];
  /** Lower case → spelling of names given with AS. */
  readonly spellings = new Map<string, string>();
  readonly #order: ReadonlyMap<Node, number>;
  /** How nested selects are written. */
  nested: (items: readonly Node[]) => string = (items) => this.list(items);

  /** `order`: the parameters of the whole text by their number. */
  constructor(context: ExpressionContext, nodes: readonly Node[], order: ReadonlyMap<Node, number>) {
    this.context = context;
    this.#order = order;
    this.tables = [...this.#tablesIn(nodes)];
  }

  /** A list of words with its marks. */
  list(nodes: readonly Node[]): string {
    const segments = segmentsOf(withoutHints(nodes, this.context.dialect));
    const out: string[] = [];
    let isAssigning = false;
    for (let at = 0; at < segments.length; at += 1) {
      const segment = segments[at]!;
      if ('run' in segment) {
        const before = segments[at - 1];
        const isTarget =
          isAssigning &&
          before !== undefined &&
          'mark' in before &&
          (before.mark.kind === 'comma' || isWord(before.mark, 'set'));
        const compared = this.#comparison(segments, at, isTarget);
        if (compared === undefined) out.push(this.run(segment.run));
        else {
          out.push(compared.text);
          at += compared.used;
        }
        continue;
      }
      const { mark } = segment;
      if (isWord(mark, 'set')) isAssigning = true;
      if (isWord(mark, 'where', 'from')) isAssigning = false;
      if (isWord(mark, 'xor', 'eqv', 'imp'))
        throw new SqlProblem(`${mark.value.toUpperCase()} has no counterpart`, mark.at);
      if (isWord(mark, 'as')) {
        const named = this.#alias(segments[at + 1]);
        if (named !== undefined) {
          out.push(`AS ${named.text}`);
          if (named.rest.length > 0) out.push(this.run(named.rest));
          at += 1;
          continue;
        }
      }
      if (isWord(mark, 'with') && this.context.dialect !== 'native') out.push('WITH');
      else out.push(markText(mark));
    }
    return out.join(' ').replaceAll(' ,', ',');
  }

  /** One value with its arithmetic. */
  run(nodes: readonly Node[], wanted?: ColumnKind): string {
    const { dialect } = this.context;
    if (dialect === 'access') {
      const parts = splitAt(nodes, (node) => node.kind === 'op' && node.value === '&');
      if (parts.length > 1)
        return `(${parts.map((part) => `coalesce(CAST(${this.run(part)} AS TEXT), '')`).join(' || ')})`;
      const whole = splitAt(nodes, (node) => node.kind === 'op' && node.value === '\\');
      if (whole.length > 1) return whole.map((part) => `CAST(${this.run(part)} AS INTEGER)`).join(' / ');
      const powers = splitAt(nodes, (node) => node.kind === 'op' && node.value === '^');
      if (powers.length === 2) return `power(${this.run(powers[0]!)}, ${this.run(powers[1]!)})`;
      if (powers.length > 2) throw new SqlProblem('powers of powers have no counterpart', nodes[0]!.at);
    }
    const operands = splitAt(nodes, (node) => node.kind === 'op' && node.value === '+');
    if (operands.length > 1 && operands.some((operand) => this.isText(operand)))
      return operands
        .map((operand) => this.run(operand))
        .filter((text) => text !== '')
        .join(' || ');
    const moved = this.#movedDate(nodes);
    if (moved !== undefined) return moved;
    let text = '';
    for (let at = 0; at < nodes.length; ) {
      const node = nodes[at]!;
      let piece: string;
      let used = 1;
      if (node.kind === 'op') {
        // Access divides whole numbers into fractions; ours do not.
        piece = node.value === '/' && dialect === 'access' ? '* 1.0 /' : node.value;
      } else if (isWord(node, 'mod') && dialect === 'access' && at > 0) {
        piece = '%';
      } else {
        const atom = this.#atom(nodes, at, wanted);
        piece = atom.text;
        used = atom.used;
      }
      text += text === '' ? piece : ` ${piece}`;
      at += used;
    }
    return text;
  }

  /** A date plus or minus days, or the days between two dates. */
  #movedDate(nodes: readonly Node[]): string | undefined {
    const at = nodes.findLastIndex(
      (node, index) => index > 0 && node.kind === 'op' && (node.value === '+' || node.value === '-'),
    );
    if (at < 0 || this.context.dialect === 'native') return undefined;
    const [left, right] = [nodes.slice(0, at), nodes.slice(at + 1)];
    const kinds = [this.kindOf(left), this.kindOf(right)];
    const isMinus = (nodes[at] as Token).value === '-';
    const isSqlite = this.context.target === 'sqlite';
    if (isMinus && kinds[0] === 'date' && kinds[1] === 'date') {
      const [from, to] = [this.run(right), this.run(left)];
      return isSqlite ? `ado_between(${from}, ${to})` : `(EXTRACT(epoch FROM ${to} - ${from}) / 86400)`;
    }
    if (kinds[0] !== 'date' && (kinds[1] !== 'date' || isMinus)) return undefined;
    const [date, days] = kinds[0] === 'date' ? [left, right] : [right, left];
    const sign = isMinus ? '-' : '';
    return isSqlite
      ? `ado_plus(${this.run(date)}, ${sign}(${this.run(days)}))`
      : `(${this.run(date)} + ${sign}(${this.run(days)}) * interval '1 day')`;
  }

  /** A name as the target database writes it. */
  name(token: Token): string {
    const { target, schema } = this.context;
    const { value } = token;
    if (target === 'sqlite') {
      if (token.kind === 'word' && !RESERVED.has(value.toLowerCase())) return value;
      return quotedName(value);
    }
    const key = value.toLowerCase();
    const column = this.tables.find(({ columns }) => columns.has(key))?.columns.get(key);
    const known = column?.name ?? schema.table(key)?.name;
    if (known !== undefined) return quotedName(known);
    if (token.kind === 'word') return value;
    return quotedName(/^[a-z_]\w*$/i.test(value) ? value.toLowerCase() : value);
  }

  /** What a run holds, where that can be known. */
  kindOf(nodes: readonly Node[]): ColumnKind | undefined {
    const [first] = nodes;
    if (first === undefined) return undefined;
    if (nodes.length === 1) {
      switch (first.kind) {
        case 'string':
          return 'text';
        case 'date':
          return 'date';
        case 'number':
          return 'number';
        case 'param':
          return this.context.parameterKinds[this.#order.get(first) ?? -1];
        case 'group':
          return this.kindOf(first.items);
        default:
      }
    }
    if (nodes.length === 2 && first.kind === 'word' && nodes[1]!.kind === 'group') {
      const name = first.value.toLowerCase();
      if ((name === 'cast' || name === 'convert') && /char|text/i.test(words(nodes[1]!.items))) return 'text';
      return FUNCTIONS.get(name)?.kind;
    }
    const column = this.#column(nodes);
    if (column !== undefined || nodes.length < 3) return column?.kind;
    const at = nodes.findLastIndex(
      (node) => node.kind === 'op' && (node.value === '+' || node.value === '-'),
    );
    if (at <= 0) return undefined;
    const kinds = [this.kindOf(nodes.slice(0, at)), this.kindOf(nodes.slice(at + 1))];
    return kinds.filter((kind) => kind === 'date').length === 1 ? 'date' : undefined;
  }

  isText(nodes: readonly Node[]): boolean {
    return this.kindOf(nodes) === 'text';
  }

  /** The column that a run names, alone or behind its table. */
  #column(nodes: readonly Node[]): { readonly name: string; readonly kind: ColumnKind } | undefined {
    const names = nodes.filter((node) => node.kind !== 'dot');
    if (
      names.length === 0 ||
      names.length > 3 ||
      names.some((node) => node.kind !== 'word' && node.kind !== 'name')
    )
      return undefined;
    if (nodes.length !== names.length * 2 - 1) return undefined;
    const column = (names.at(-1) as Token).value.toLowerCase();
    const qualifier = names.length > 1 ? (names.at(-2) as Token).value.toLowerCase() : undefined;
    const qualified = this.tables.find(({ name }) => name.toLowerCase() === qualifier);
    if (qualified !== undefined) return qualified.columns.get(column);
    for (const table of this.tables) {
      const found = table.columns.get(column);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A comparison or assignment that needs more than its words; `used`: segments taken besides the first. */
  #comparison(
    segments: readonly Segment[],
    at: number,
    isAssigning: boolean,
  ): { text: string; used: number } | undefined {
    const left = (segments[at] as { run: readonly Node[] }).run;
    const mark = segments[at + 1];
    const right = segments[at + 2];
    if (mark === undefined || !('mark' in mark) || this.context.dialect === 'native') return undefined;
    if (isWord(mark.mark, 'like', 'alike') || isWord(mark.mark, 'not')) return this.#like(segments, at, left);
    if (isWord(mark.mark, 'between')) return this.#between(segments, at, left);
    if (mark.mark.kind !== 'op' || right === undefined || !('run' in right)) return undefined;
    if (isAssigning && mark.mark.value === '=') {
      const target = this.#column(left);
      const name = left.at(-1) as Token;
      return { text: `${this.name(name)} = ${this.value(right.run, target?.kind)}`, used: 2 };
    }
    return { text: this.#compared(left, comparison(mark.mark), right.run), used: 2 };
  }

  /** A value that is put into a column of `kind`. */
  value(nodes: readonly Node[], kind: ColumnKind | undefined): string {
    const [only] = nodes;
    if (nodes.length === 1 && only !== undefined) {
      if (only.kind === 'param') return this.#parameter(only, kind);
      if (kind === 'boolean') return this.#truth(nodes) ?? this.run(nodes);
      if (kind === 'date' && only.kind === 'string') return this.#dateLiteral(only);
    }
    if (kind === 'boolean') return this.#truth(nodes) ?? this.run(nodes);
    return this.run(nodes);
  }

  #compared(left: readonly Node[], operator: string, right: readonly Node[]): string {
    const { target } = this.context;
    const [leftKind, rightKind] = [this.kindOf(left), this.kindOf(right)];
    if (operator === '=' || operator === '<>') {
      const truth = this.#truthOf(right);
      const isNamed = isWord(right[0], 'true', 'false') && right.length === 1;
      if (truth !== undefined && (isNamed || leftKind === 'boolean')) {
        const isTrue = truth === (operator === '=');
        if (target === 'sqlite') return `${this.run(left)} ${isTrue ? '<>' : '='} 0`;
        if (leftKind === 'boolean' || leftKind === undefined)
          return `${this.run(left)} = ${isTrue ? 'true' : 'false'}`;
        return `${this.run(left)} ${isTrue ? '<>' : '='} 0`;
      }
    }
    if (target === 'sqlite' && (leftKind === 'date' || rightKind === 'date'))
      return `${this.#asDate(left, leftKind)} ${operator} ${this.#asDate(right, rightKind)}`;
    if (leftKind === 'date' && right.length === 1 && right[0]!.kind === 'string')
      return `${this.run(left)} ${operator} ${this.#dateLiteral(right[0] as Token)}`;
    const leftText = this.#operand(left, rightKind);
    const rightText = this.#operand(right, leftKind);
    // Access and SQL Server compare texts without regard to case.
    const hasText = rightKind === 'text' || leftKind === 'text';
    const isBlind = target === 'sqlite' && hasText;
    if (target === 'postgresql' && leftKind === 'text' && rightKind === 'text' && isPlainValue(right))
      return `lower(${leftText}) ${operator} lower(${rightText})`;
    return `${leftText} ${operator} ${rightText}${isBlind && isPlainValue(right) ? ' COLLATE NOCASE' : ''}`;
  }

  #operand(nodes: readonly Node[], other: ColumnKind | undefined): string {
    const [only] = nodes;
    return nodes.length === 1 && only!.kind === 'param' ? this.#parameter(only!, other) : this.run(nodes);
  }

  /** SQLite keeps dates as texts or numbers of several forms; compared, they need one. */
  #asDate(nodes: readonly Node[], kind: ColumnKind | undefined): string {
    const [only] = nodes;
    if (nodes.length === 1 && only!.kind === 'date') return this.run(nodes);
    if (nodes.length === 1 && only!.kind === 'string') return this.#dateLiteral(only as Token);
    if (nodes.length === 1 && only!.kind === 'param') return `ado_date(${this.#parameter(only!, 'date')})`;
    if (nodes.length === 1 && isWord(only, 'null')) return 'NULL';
    const text = this.run(nodes);
    return kind === 'date' && (nodes[1]?.kind === 'group' || nodes.length > 2) ? text : `ado_date(${text})`;
  }

  /** A text that is a date, in the one form that all databases read. */
  #dateLiteral(token: Token): string {
    const ms = calendarOf(token.value);
    return literal(ms === undefined ? token.value : textOfCalendar(ms), token.at);
  }

  #between(
    segments: readonly Segment[],
    at: number,
    left: readonly Node[],
  ): { text: string; used: number } | undefined {
    const [low, and, high] = [segments[at + 2], segments[at + 3], segments[at + 4]];
    if (low === undefined || and === undefined || high === undefined) return undefined;
    if (!('run' in low) || !('mark' in and) || !isWord(and.mark, 'and') || !('run' in high)) return undefined;
    const kinds = [left, low.run, high.run].map((run) => this.kindOf(run));
    if (this.context.target !== 'sqlite' || !kinds.includes('date')) return undefined;
    const [value, from, to] = [left, low.run, high.run].map((run, index) => this.#asDate(run, kinds[index]));
    return { text: `${value} BETWEEN ${from} AND ${to}`, used: 4 };
  }

  /** LIKE with the wildcards of OLE DB: % and _, and lists in brackets, which need a function. */
  #like(
    segments: readonly Segment[],
    at: number,
    left: readonly Node[],
  ): { text: string; used: number } | undefined {
    const isNot = isWord((segments[at + 1] as { mark: Token }).mark, 'not');
    const mark = segments[at + (isNot ? 2 : 1)];
    const right = segments[at + (isNot ? 3 : 2)];
    if (mark === undefined || !('mark' in mark) || !isWord(mark.mark, 'like', 'alike')) return undefined;
    if (right === undefined || !('run' in right)) return undefined;
    const used = isNot ? 3 : 2;
    const ending = segments[at + used + 1];
    const hasEscape = ending !== undefined && 'mark' in ending && isWord(ending.mark, 'escape');
    const hasList =
      right.run.some((node) => node.kind === 'string' && node.value.includes('[')) && !hasEscape;
    const not = isNot ? 'NOT ' : '';
    const pattern = this.#operand(right.run, 'text');
    if (this.context.target === 'sqlite') {
      if (hasList) return { text: `${not}ado_like(${pattern}, ${this.run(left)})`, used };
      return { text: `${this.run(left)} ${not}LIKE ${pattern}`, used };
    }
    const value = this.kindOf(left) === 'text' ? this.run(left) : `CAST(${this.run(left)} AS text)`;
    if (hasList) {
      const [only] = right.run;
      if (right.run.length > 1 || only?.kind !== 'string')
        throw new SqlProblem('a list in brackets in LIKE is translated in a plain text alone', only!.at);
      return { text: `${value} ${isNot ? '!~*' : '~*'} ${literal(likeExpression(only.value))}`, used };
    }
    return { text: `${value} ${not}ILIKE ${pattern}${hasEscape ? '' : " ESCAPE ''"}`, used };
  }

  /** True or false when the run is that literal, or 1, -1, 0. */
  #truthOf(nodes: readonly Node[]): boolean | undefined {
    const text = words(nodes).replaceAll(' ', '').toLowerCase();
    if (text === 'true' || text === '1' || text === '-1') return true;
    if (text === 'false' || text === '0') return false;
    if (this.context.dialect !== 'access') return undefined;
    return text === 'yes' || text === 'on' ? true : text === 'no' || text === 'off' ? false : undefined;
  }

  #truth(nodes: readonly Node[]): string | undefined {
    const truth = this.#truthOf(nodes);
    if (truth === undefined) return undefined;
    return this.context.target === 'sqlite' ? (truth ? '1' : '0') : String(truth);
  }

  #parameter(node: Node, kind: ColumnKind | undefined): string {
    const token = node as Token;
    this.parameters.push({
      parameter: token.value === '' ? this.#order.get(node)! : token.value,
      kind,
    });
    return `${this.context.target === 'sqlite' ? '?' : '$'}${this.parameters.length}`;
  }

  #atom(nodes: readonly Node[], at: number, wanted?: ColumnKind): { text: string; used: number } {
    const node = nodes[at]!;
    switch (node.kind) {
      case 'string':
        return { text: literal(node.value, node.at), used: 1 };
      case 'number':
        return { text: this.#number(node), used: 1 };
      case 'date':
        return {
          text: this.context.target === 'sqlite' ? literal(node.value) : `timestamp ${literal(node.value)}`,
          used: 1,
        };
      case 'param':
        return { text: this.#parameter(node, wanted), used: 1 };
      case 'group':
        return { text: `(${this.group(node)})`, used: 1 };
      case 'word':
      case 'name':
        return this.#named(nodes, at);
      default:
        return { text: markText(node), used: 1 };
    }
  }

  group(group: Group): string {
    return isWord(group.items[0], 'select', 'with') ? this.nested(group.items) : this.list(group.items);
  }

  #number(node: Token): string {
    if (!/^0x/i.test(node.value)) return node.value;
    const digits = node.value.slice(2).padStart(node.value.length + (node.value.length % 2) - 2, '0');
    return this.context.target === 'sqlite' ? `x'${digits}'` : `'\\x${digits}'::bytea`;
  }

  /** A name with its qualifiers, a call, or a word that stands for a value. */
  #named(nodes: readonly Node[], at: number): { text: string; used: number } {
    const first = nodes[at] as Token;
    const next = nodes[at + 1];
    if (first.kind === 'word' && next?.kind === 'group') {
      const called = call(this, first, next);
      if (called !== undefined) return { text: called, used: 2 };
    }
    const chain: Token[] = [first];
    let used = 1;
    while (nodes[at + used]?.kind === 'dot') {
      const member = nodes[at + used + 1];
      // `db..users` leaves the owner out; `t.*` ends a chain.
      if (member?.kind === 'dot') used += 1;
      else if (member?.kind === 'word' || member?.kind === 'name') {
        chain.push(member);
        used += 2;
      } else if (member?.kind === 'op' && member.value === '*') {
        return { text: `${this.#chain(chain)}.*`, used: used + 2 };
      } else throw new SqlProblem('a name is expected behind the point', first.at);
    }
    // A function of an owner: dbo.fn(x).
    const arguments_ = nodes[at + used];
    if (chain.length > 1 && arguments_?.kind === 'group')
      return { text: `${chain.at(-1)!.value}(${this.group(arguments_)})`, used: used + 1 };
    if (chain.length === 1 && first.kind === 'word') {
      const value = this.#word(first);
      if (value !== undefined) return { text: value, used };
    }
    return { text: this.#chain(chain), used };
  }

  #chain(chain: readonly Token[]): string {
    const owner = chain.findIndex((token) => token.value.toLowerCase() === 'dbo');
    return chain
      .slice(owner + 1)
      .map((token) => this.name(token))
      .join('.');
  }

  #word(token: Token): string | undefined {
    const word = token.value.toLowerCase();
    const isSqlite = this.context.target === 'sqlite';
    if (word === 'true' || word === 'false') return isSqlite ? (word === 'true' ? '1' : '0') : word;
    if (word === '@@identity') return isSqlite ? 'last_insert_rowid()' : 'lastval()';
    if (word === '@@rowcount' && isSqlite) return 'changes()';
    if (word === 'current_timestamp') return isSqlite ? "datetime('now', 'localtime')" : 'localtimestamp(0)';
    if (word.startsWith('@@')) throw new SqlProblem(`${token.value} has no counterpart`, token.at);
    return undefined;
  }

  #alias(segment: Segment | undefined): { text: string; rest: readonly Node[] } | undefined {
    if (segment === undefined || !('run' in segment)) return undefined;
    const [first, ...rest] = segment.run;
    if (first?.kind !== 'word' && first?.kind !== 'name' && first?.kind !== 'string') return undefined;
    if (rest[0]?.kind === 'dot' || (first.kind === 'word' && rest[0]?.kind === 'group')) return undefined;
    this.spellings.set(first.value.toLowerCase(), first.value);
    const token: Token = first.kind === 'string' ? { ...first, kind: 'name' } : first;
    return { text: this.name(token), rest };
  }

  *#tablesIn(nodes: readonly Node[]): Generator<SchemaTable> {
    for (const node of nodes) {
      if (node.kind === 'group') yield* this.#tablesIn(node.items);
      else if (node.kind === 'word' || node.kind === 'name') {
        const table = this.context.schema.table(node.value);
        if (table !== undefined) yield table;
      }
    }
  }
}
