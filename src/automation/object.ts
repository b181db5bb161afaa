/**
 * The late-bound object port: case-blind get, put, putref, call, default member and enumeration by name.
 * Owns: the contract between script engines and objects, and the error that crosses it.  Leaves: everything else.
 * Fails: a member throws AutomationError; any other throw is a defect and the engine reports it as 440.
 * Sources: doc "IDispatch::Invoke" (member kinds, DISPID_VALUE, DISPID_NEWENUM).
 */
import type { AutomationArgument, AutomationValue } from './value.ts';

/**
 * How a member is invoked. `get` reads a property or calls a method for its value (engines cannot tell which they
 * meet); `call` is a statement whose value is dropped; `put` assigns a value, `putref` an object reference (Set).
 */
export type InvokeKind = 'get' | 'call' | 'put' | 'putref';

export interface AutomationObject {
  /** What TypeName answers: `Message`, `IFields`. */
  readonly automationName: string;
  /**
   * Invokes `member`, in any case; the empty name is the default member. For put and putref the new value is the last
   * argument. Throws AutomationError 438 (0x80020003 or 0x80020006) for a member that does not exist.
   */
  invoke(kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue;
  /** For Each. Absent: not a collection (451). */
  enumerate?(): Iterator<AutomationValue>;
  /** True when `member` exists, in any case. Engines use it to choose an error text; absent means unknown. */
  has?(member: string): boolean;
  /**
   * True when `member` is a method and no property, so that naming it does not call it. JScript asks; absent means that
   * nothing is known and that reading a member may call it.
   */
  isMethod?(member: string): boolean;
  /**
   * True for objects that store variants and give them back (Dictionary, Session): numbers then cross in a form that
   * keeps the subtype. A plain number is an Integer within 16 bits, else a Long within 32, else a Double; a Scalar tags
   * a Long or Double that its size would not show. Return counts as `new Scalar(VT.long, n)`.
   */
  readonly keepsSubtypes?: boolean;
  /** True when `member` puts to its arguments: variables then arrive as ArgumentReference. Absent: values only. */
  outArguments?(member: string): boolean;
  /** What it shares with all objects that have the same members. Absent: engines use `invoke` every time. */
  readonly shape?: ObjectShape;
  /** Called once when the script host ends the page or script that created the object. */
  release?(): void;
}

/**
 * The members that a kind of object has. An engine that meets two objects of one shape at the same place of a script asks once
 * and calls what it was given for the second.
 */
export interface ObjectShape {
  /** As `keepsSubtypes` of AutomationObject, for all of its objects. */
  readonly keepsSubtypes: boolean;
  /**
   * What `invoke` of this member does with `count` arguments, not counting an assigned value, all of them values and none missing;
   * `undefined` where `invoke` must be used. The function does and throws the same as `invoke`.
   */
  member(kind: InvokeKind, member: string, count: number): DirectMember | undefined;
}

/** A member that takes its arguments, an assigned value the last of them, one by one. */
export type DirectMember = (
  object: AutomationObject,
  first?: AutomationValue,
  second?: AutomationValue,
) => AutomationValue;

export function isAutomationObject(value: unknown): value is AutomationObject {
  return (
    typeof value === 'object' && value !== null && 'invoke' in value && typeof value.invoke === 'function'
  );
}

/** The error of a member: HRESULT, text, source, as IErrorInfo carries them. */
export class AutomationError extends Error {
  override readonly name = 'AutomationError';
  /** Signed 32-bit HRESULT: `0x80040213 | 0`. */
  readonly hresult: number;
  /** The component's name as `Err.Source` shows it: `CDO.Message.1`. */
  readonly source: string;
  readonly helpFile: string;
  readonly helpContext: number;

  constructor(
    hresult: number,
    description: string,
    options: { source?: string; helpFile?: string; helpContext?: number; cause?: unknown } = {},
  ) {
    super(description, options.cause === undefined ? undefined : { cause: options.cause });
    this.hresult = hresult | 0;
    this.source = options.source ?? '';
    this.helpFile = options.helpFile ?? '';
    this.helpContext = options.helpContext ?? 0;
  }
}

/** HRESULTs of IDispatch itself, for objects that raise them. */
export const DISP_E = {
  unknownInterface: 0x80020001 | 0,
  memberNotFound: 0x80020003 | 0,
  paramNotFound: 0x80020004 | 0,
  typeMismatch: 0x80020005 | 0,
  unknownName: 0x80020006 | 0,
  badVarType: 0x80020008 | 0,
  exception: 0x80020009 | 0,
  overflow: 0x8002000a | 0,
  badIndex: 0x8002000b | 0,
  badParamCount: 0x8002000e | 0,
  paramNotOptional: 0x8002000f | 0,
  notACollection: 0x80020011 | 0,
} as const;
