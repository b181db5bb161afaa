/**
 * Values on their way between a script and objects of the host.
 * Owns: the mapping in both directions, faces of the script's own objects.  Leaves: what is done with them (session.ts).
 * Whatever goes in is a primitive or an object that the realm made; see the rules in realm/text.ts.
 */
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  DISP_E,
  dateToSerial,
  type InvokeKind,
  isAutomationObject,
  MISSING,
  NOTHING,
  Scalar,
  type ScriptProcedure,
  serialToDate,
  VariantArray,
  VT,
} from '../automation/index.ts';
import type { Handle, RealmSide } from './realm/contract.ts';

/** What a face of a script's object needs of its session: calls into the script, limits and errors included. */
export interface ScriptEntry {
  enter<T>(work: () => T): T;
}

export class Border {
  readonly #realm: RealmSide;
  readonly #entry: ScriptEntry;
  /** Host object ↔ what stands for it in the realm. */
  readonly #handles = new WeakMap<AutomationObject, Handle>();
  readonly #objects = new WeakMap<object, AutomationObject>();
  /** Proxy or opaque value of the realm → value of the host. */
  readonly #values = new WeakMap<object, AutomationValue>();
  /** Arrays of the host keep what stands for them, so that the same array is the same value. */
  readonly #arrays = new WeakMap<object, object>();
  readonly #faces = new WeakMap<object, ScriptObjectFace>();

  constructor(realm: RealmSide, entry: ScriptEntry) {
    this.#realm = realm;
    this.#entry = entry;
  }

  handleOf(object: AutomationObject): Handle {
    let handle = this.#handles.get(object);
    if (handle === undefined) {
      handle = this.#realm.wrap();
      this.#handles.set(object, handle);
      this.#objects.set(handle, object);
      this.#values.set(handle.proxy, object);
    }
    return handle;
  }

  objectOf(handle: Handle): AutomationObject {
    return this.#objects.get(handle)!;
  }

  /** A value for the script. */
  inward(value: AutomationValue): unknown {
    if (typeof value !== 'object' || value === null) return value === NOTHING ? null : value;
    if (value instanceof ScriptObjectFace && value.border === this) return value.target;
    if (isAutomationObject(value)) return this.handleOf(value).proxy;
    if (value instanceof Scalar) return this.#inwardScalar(value);
    let array = this.#arrays.get(value);
    if (array === undefined) {
      array = this.#realm.opaqueArray();
      this.#arrays.set(value, array);
      this.#values.set(array, value);
    }
    return array;
  }

  #inwardScalar(value: Scalar): unknown {
    if (value.type === VT.date) {
      const date = this.#realm.opaqueDate(serialToDate(value.value).getTime());
      this.#values.set(date, value);
      return date;
    }
    if (value.type === VT.error) return value.value === MISSING.value ? undefined : value.value;
    return value.value;
  }

  /** A date of the script as the opaque value that members take. */
  date(milliseconds: number): unknown {
    return this.#inwardScalar(new Scalar(VT.date, dateToSerial(new Date(milliseconds))));
  }

  /** A value for the host. `keepsSubtypes`: whole numbers are Longs there, whatever their size. */
  outward(value: unknown, keepsSubtypes = false): AutomationValue {
    switch (typeof value) {
      case 'number':
        return keepsSubtypes && (value | 0) === value ? new Scalar(VT.long, value) : value;
      case 'object':
      case 'function':
        return value === null ? null : this.#outwardObject(value, keepsSubtypes);
      default:
        return value as AutomationValue;
    }
  }

  #outwardObject(value: object, keepsSubtypes: boolean): AutomationValue {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    const kind = this.#realm.classOf(value);
    if (kind === 'primitive') return this.outward(this.#realm.unbox(value), keepsSubtypes);
    return this.faceOf(value, kind);
  }

  faceOf(value: object, kind: ReturnType<RealmSide['classOf']>, name = ''): ScriptObjectFace {
    let face = this.#faces.get(value);
    if (face === undefined) {
      face =
        kind === 'function'
          ? new ScriptFunctionFace(this, this.#realm, this.#entry, value, kind, name)
          : new ScriptObjectFace(this, this.#realm, this.#entry, value, kind);
      this.#faces.set(value, face);
    }
    return face;
  }

  /** Arguments of a member, as a list of the host. */
  outwardList(
    args: { readonly length: number; readonly [index: number]: unknown },
    keepsSubtypes: boolean,
  ): AutomationArgument[] {
    const values: AutomationArgument[] = [];
    for (let at = 0; at < args.length; at += 1) values.push(this.outward(args[at], keepsSubtypes));
    return values;
  }

  /** True for what stands for a value of the host. */
  isHosts(value: object): boolean {
    return this.#values.has(value);
  }

  /** The array behind an opaque value. */
  arrayOf(opaque: object): VariantArray | Uint8Array | undefined {
    const value = this.#values.get(opaque);
    return value instanceof VariantArray || value instanceof Uint8Array ? value : undefined;
  }
}

const KIND_NAMES = {
  function: 'Function',
  array: 'Array',
  date: 'Date',
  error: 'Error',
  object: 'Object',
  primitive: 'Object',
} as const;

/** An object of the script as the host sees it: members by name, the default value is its text. */
export class ScriptObjectFace implements AutomationObject {
  readonly automationName: string;
  readonly border: Border;
  readonly target: object;
  protected readonly realm: RealmSide;
  protected readonly entry: ScriptEntry;

  constructor(
    border: Border,
    realm: RealmSide,
    entry: ScriptEntry,
    target: object,
    kind: ReturnType<RealmSide['classOf']>,
  ) {
    this.border = border;
    this.realm = realm;
    this.entry = entry;
    this.target = target;
    this.automationName = KIND_NAMES[kind];
  }

  invoke(kind: InvokeKind, member: string, args: readonly AutomationArgument[]): AutomationValue {
    return this.entry.enter(() => {
      if (kind === 'put' || kind === 'putref') {
        if (member === '' || args.length !== 1) throw noMember(member);
        const name = this.realm.find(this.target, member) ?? member;
        this.realm.write(this.target, name, this.border.inward(plain(args[0])));
        return undefined;
      }
      if (member === '') return this.invokeSelf(args);
      const name = this.realm.find(this.target, member);
      if (name === undefined) throw noMember(member);
      const value = this.realm.read(this.target, name);
      if (typeof value === 'function' && !this.border.isHosts(value))
        return this.border.outward(this.realm.invoke(value, this.target, this.list(args)));
      if (args.length > 0) throw noMember(member);
      return this.border.outward(value);
    });
  }

  protected invokeSelf(args: readonly AutomationArgument[]): AutomationValue {
    if (args.length > 0) throw noMember('');
    return this.realm.textOf(this.target);
  }

  protected list(args: readonly AutomationArgument[]): never {
    const list = this.realm.list();
    for (const argument of args) list.push(this.border.inward(plain(argument)));
    return list.values as never;
  }

  has(member: string): boolean {
    return this.entry.enter(() => this.realm.find(this.target, member) !== undefined);
  }
}

/** A function of the script: calling it is its default member. */
export class ScriptFunctionFace extends ScriptObjectFace implements ScriptProcedure {
  readonly procedureName: string;

  constructor(
    border: Border,
    realm: RealmSide,
    entry: ScriptEntry,
    target: object,
    kind: ReturnType<RealmSide['classOf']>,
    name: string,
  ) {
    super(border, realm, entry, target, kind);
    this.procedureName = name;
  }

  call(args: readonly AutomationArgument[]): AutomationValue {
    return this.entry.enter(() => this.invokeSelf(args));
  }

  protected override invokeSelf(args: readonly AutomationArgument[]): AutomationValue {
    return this.border.outward(this.realm.invoke(this.target, undefined, this.list(args)));
  }
}

/** References of variables arrive as their values: JScript passes nothing by reference. */
function plain(argument: AutomationArgument | undefined): AutomationValue {
  return typeof argument === 'object' && argument !== null && 'get' in argument && 'put' in argument
    ? (argument.get as () => AutomationValue)()
    : (argument as AutomationValue);
}

function noMember(name: string): AutomationError {
  return new AutomationError(
    name === '' ? DISP_E.memberNotFound : DISP_E.unknownName,
    "Object doesn't support this property or method",
  );
}
