/**
 * Records what a page does, in the page's thread.
 * Owns: records, their number and length, values as text, masking.  Leaves: what becomes of them (store).
 * Only made for requests that are traced: without it nothing of this runs.
 */
import {
  type AutomationValue,
  isAutomationObject,
  NOTHING,
  Scalar,
  type SourcePosition,
  serialToDate,
  type TracedCall,
  type TraceListener,
  VariantArray,
  VT,
} from '../../automation/index.ts';
import type { LogFields, Logger } from '../../base/index.ts';
import type { PageTrace, TraceRecord } from '../contract.ts';
import { MASK, Masking } from './masking.ts';

export type RecorderOptions = {
  readonly maskedNames: readonly string[];
  /** The text of a page's file, for the source of lines; undefined: there is none. */
  readonly textOf: (file: string) => string | undefined;
  /** Where the script stands now. */
  readonly position: () => SourcePosition;
};

/** Name of the object that writes a page's HTML; its calls are none of the page's. */
export const HTML_BLOCK = 'HTML';

const MAX_RECORDS = 20_000;
/** Lines in a loop fill a trace; what matters at the end of it must still find room. */
const MAX_LINES = 15_000;
const MAX_TEXT = 200;

export class TraceRecorder {
  readonly listener: TraceListener;
  /** What the mail objects tell. */
  readonly mailLog: Logger;
  readonly #options: RecorderOptions;
  readonly #masking: Masking;
  readonly #startedAt = performance.now();
  readonly #records: TraceRecord[] = [];
  readonly #sources = new Map<string, readonly string[]>();
  readonly #shownLines = new Map<string, { readonly text: string; readonly secrets: number }>();
  #dropped = 0;
  #lines = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#masking = new Masking(options.maskedNames);
    this.listener = {
      line: ({ file, line }) => this.#line(file, line),
      condition: (at, value) => {
        const isTelling = this.#masking.isTelling(this.#source(at.file, at.line));
        const shown = this.#value(value);
        this.#add(at, { kind: 'condition', value: isTelling && typeof value === 'string' ? MASK : shown });
      },
      call: (at, call) => this.#call(at, call),
      error: (at, { number, source, description }) =>
        this.#add(at, { kind: 'error', number, source, description: this.#text(description) }),
    };
    this.mailLog = new MailLog(
      (fields) => this.#mail(fields),
      (text) => this.#add(this.#options.position(), { kind: 'warning', text: this.#text(text) }),
    );
  }

  /** Learns what came in fields with telling names, so that it is known also where a page takes all of a form at once. */
  expect(fields: Iterable<readonly [name: string, value: string]>): void {
    for (const [name, value] of fields) if (this.#masking.isTelling(name)) this.#masking.remember(value);
  }

  result(): PageTrace {
    return { records: this.#records, dropped: this.#dropped };
  }

  #line(file: string, line: number): void {
    this.#lines += 1;
    if (this.#lines > MAX_LINES) {
      this.#dropped += 1;
      return;
    }
    if (this.#isFull()) return;
    this.#records.push({ atMs: this.#now(), file, line, kind: 'line', source: this.#shown(file, line) });
  }

  /** The source of a line as it is shown; the same lines come again and again in loops. */
  #shown(file: string, line: number): string {
    const key = `${line} ${file}`;
    const known = this.#shownLines.get(key);
    if (known?.secrets === this.#masking.count) return known.text;
    const text = shortened(this.#masking.source(this.#source(file, line)));
    this.#shownLines.set(key, { text, secrets: this.#masking.count });
    return text;
  }

  #call(at: SourcePosition, { object, member, kind, args, result, error, elapsedMs }: TracedCall): void {
    if (object === HTML_BLOCK) return;
    const isTelling =
      this.#masking.isTelling(member) ||
      args.some((arg) => typeof arg === 'string' && arg.length < 300 && this.#masking.isTelling(arg));
    // The name of what is asked for is shown, what it holds is not.
    const isPut = kind === 'put' || kind === 'putref';
    const shownArgs = args.map((arg, index) =>
      isTelling && isPut && index === args.length - 1 ? this.#hidden(arg) : this.#value(arg),
    );
    if (this.#isFull()) return;
    this.#records.push({
      atMs: this.#now(),
      file: at.file,
      line: at.line,
      kind: kind === 'create' ? 'create' : 'call',
      object,
      member: this.#text(member),
      use: kind,
      args: shownArgs,
      result:
        error !== undefined || isPut ? undefined : isTelling ? this.#hidden(result) : this.#value(result),
      hresult: error?.hresult,
      elapsedMs: toMicroseconds(elapsedMs),
    });
  }

  #mail(fields: LogFields): void {
    const { file, line } = this.#options.position();
    const text = (name: string): string => this.#text(String(fields[name] ?? ''));
    this.#add(
      { file, line },
      {
        kind: 'mail',
        object: text('object'),
        messageId: text('messageId'),
        way:
          fields['name'] === undefined
            ? { kind: 'smtp', server: text('server'), reply: text('response') }
            : { kind: 'pickup', file: text('name') },
      },
    );
  }

  #add(at: { readonly file: string; readonly line: number }, record: RecordBody): void {
    if (this.#isFull()) return;
    this.#records.push({ atMs: this.#now(), file: at.file, line: at.line, ...record } as TraceRecord);
  }

  /** True when there is no room for one more record, which is counted then. */
  #isFull(): boolean {
    if (this.#records.length < MAX_RECORDS) return false;
    this.#dropped += 1;
    return true;
  }

  /** Milliseconds since the page began. */
  #now(): number {
    return toMicroseconds(performance.now() - this.#startedAt);
  }

  #source(file: string, line: number): string {
    let lines = this.#sources.get(file);
    if (lines === undefined) {
      lines = (this.#options.textOf(file) ?? '').split(/\r\n|\n|\r/);
      this.#sources.set(file, lines);
    }
    return lines[line - 1] ?? '';
  }

  /** A secret: remembered, so that it is recognised elsewhere, and not shown. */
  #hidden(value: AutomationValue): string {
    if (value === undefined || value === null || value === NOTHING) return this.#value(value);
    if (typeof value === 'string') this.#masking.remember(value);
    else if (isAutomationObject(value)) {
      const plain = defaultText(value);
      if (plain !== undefined) this.#masking.remember(plain);
      return this.#value(value);
    }
    return MASK;
  }

  #value(value: AutomationValue): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(this.#text(value));
      case 'undefined':
        return 'Empty';
      case 'boolean':
        return value ? 'True' : 'False';
      case 'number':
        return String(value);
      default:
        return objectText(value);
    }
  }

  #text(text: string): string {
    return shortened(this.#masking.clean(text.length > 10_000 ? text.slice(0, 10_000) : text));
  }
}

type RecordBody = TraceRecord extends infer One
  ? One extends TraceRecord
    ? Omit<One, 'atMs' | 'file' | 'line'>
    : never
  : never;

function objectText(value: Exclude<AutomationValue, undefined | boolean | number | string>): string {
  if (value === null) return 'Null';
  if (value === NOTHING) return 'Nothing';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof VariantArray)
    return `array(${value.upperBounds.map((upper) => String(upper + 1)).join(', ')})`;
  if (value instanceof Scalar)
    return value.type === VT.date
      ? `#${serialToDate(value.value).toISOString().slice(0, 19).replace('T', ' ')}#`
      : String(value.value);
  return `{${(value as { automationName: string }).automationName}}`;
}

/** The text that an object stands for, such as a field of a form; undefined: it has none. */
function defaultText(object: {
  invoke: (kind: 'get', member: string, args: readonly []) => unknown;
}): string | undefined {
  try {
    const value = object.invoke('get', '', []);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** Milliseconds to the microsecond: more digits would be written and read for nothing. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

const MAIL_EVENTS: Readonly<Record<string, string>> = {
  'cdo.message-written': 'CDO.Message',
  'cdo.message-submitted': 'CDO.Message',
  'cdonts.message-written': 'CDONTS.NewMail',
};

/** Hears what the mail objects tell, and passes on what left the page and what they warn of. */
class MailLog implements Logger {
  readonly #report: (fields: LogFields) => void;
  readonly #warn: (text: string) => void;

  constructor(report: (fields: LogFields) => void, warn: (text: string) => void) {
    this.#report = report;
    this.#warn = warn;
  }

  event(level: string, name: string, fields: LogFields = {}): void {
    const object = MAIL_EVENTS[name];
    if (object !== undefined) this.#report({ object, ...fields });
    else if (level === 'warn') this.#warn(String(fields['message'] ?? name));
  }

  with(): Logger {
    return this;
  }
}
