/**
 * The Err object.
 * Owns: its members, Raise.  Leaves: trapping (`runtime.ts`).
 * Source: doc "Err Object"; observed: public conformance suite for the defaults of Raise.
 */
import type {
  AutomationArgument,
  AutomationObject,
  AutomationValue,
  InvokeKind,
} from '../automation/index.ts';
import { ArgumentReference, MISSING, Scalar } from '../automation/index.ts';
import { RUNTIME_SOURCE, runtimeError, ScriptError } from './errors.ts';
import { numberOfHresult, RUNTIME_TEXT } from './messages.ts';

/** What Err asks of the session. */
export interface ErrHost {
  numberFrom(value: AutomationValue): number;
  textFrom(value: AutomationValue): string;
}

export class ErrObject implements AutomationObject {
  readonly automationName = 'Object';
  number = 0;
  description = '';
  source = '';
  helpFile = '';
  helpContext = 0;
  private readonly host: ErrHost;

  constructor(host: ErrHost) {
    this.host = host;
  }

  clear(): void {
    this.number = 0;
    this.description = '';
    this.source = '';
    this.helpFile = '';
    this.helpContext = 0;
  }

  take(error: ScriptError): void {
    this.number = error.number;
    this.description = error.bareDescription;
    this.source = error.source;
    this.helpFile = error.helpFile;
    this.helpContext = error.helpContext;
  }

  has(member: string): boolean {
    return MEMBERS.has(member.toLowerCase());
  }

  invoke(kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue {
    const given = args.map((argument) => (argument instanceof ArgumentReference ? argument.get() : argument));
    const isPut = kind === 'put' || kind === 'putref';
    const name = member.toLowerCase();
    if (!MEMBERS.has(name)) throw runtimeError(438, member);
    if (name === 'clear' || name === 'raise') {
      if (isPut) throw runtimeError(438, member);
      if (name === 'clear') {
        if (given.length > 0) throw runtimeError(450);
        this.clear();
        return undefined;
      }
      return this.raise(given);
    }
    if (given.length !== (isPut ? 1 : 0)) throw runtimeError(450);
    return isPut ? this.put(name, given[0]) : this.get(name);
  }

  private get(name: string): AutomationValue {
    switch (name) {
      case 'description':
        return this.description;
      case 'source':
        return this.source;
      case 'helpfile':
        return this.helpFile;
      case 'helpcontext':
        return this.helpContext;
      default:
        return this.number;
    }
  }

  private put(name: string, value: AutomationValue): undefined {
    switch (name) {
      case 'description':
        this.description = this.host.textFrom(value);
        break;
      case 'source':
        this.source = this.host.textFrom(value);
        break;
      case 'helpfile':
        this.helpFile = this.host.textFrom(value);
        break;
      case 'helpcontext':
        this.helpContext = this.host.numberFrom(value);
        break;
      default:
        this.number = shownNumber(this.host.numberFrom(value));
        break;
    }
    return undefined;
  }

  private raise(args: readonly AutomationValue[]): never {
    if (args.length < 1 || args.length > 5) throw runtimeError(450);
    const [number, source, description, helpFile, helpContext] = args;
    const given = this.host.numberFrom(number);
    // 0 is no error, and VBScript's own numbers end at 65535.
    if (given === 0 || given > 0xffff) throw runtimeError(5);
    const shown = numberOfHresult(given) ?? given;
    // What is left out stays as Err has it; after Clear it is the standard.
    const standard = RUNTIME_TEXT[shown] ?? 'Unknown runtime error';
    const text = isGiven(description) ? this.host.textFrom(description) : this.description || standard;
    const from = isGiven(source) ? this.host.textFrom(source) : this.source || RUNTIME_SOURCE;
    const error = new ScriptError('runtime', shown, text, from);
    error.helpFile = isGiven(helpFile) ? this.host.textFrom(helpFile) : this.helpFile;
    error.helpContext = isGiven(helpContext) ? this.host.numberFrom(helpContext) : this.helpContext;
    throw error;
  }
}

/** A FACILITY_CONTROL HRESULT is shown as its low word. */
function shownNumber(number: number): number {
  return (number & 0xffff0000) === (0x800a0000 | 0) ? number & 0xffff : number;
}

function isGiven(value: AutomationValue | undefined): value is AutomationValue {
  return value !== undefined && !(value instanceof Scalar && value.value === MISSING.value);
}

const MEMBERS = new Set(['', 'number', 'description', 'source', 'helpfile', 'helpcontext', 'clear', 'raise']);
