/**
 * Follows the mail objects of one script: what is created, which fields get which values, what is sent how.
 * Owns: values of variables through assignment, With, procedures and both ways of a condition; the faults of fields.
 * Leaves: reading the language (vbscript-tree.ts, jscript-tree.ts), the text of faults (faults.ts).
 * Fails: never. What is not known is unknown and raises no fault.
 * Sources: KB 265527 (names are compared exactly); doc "CDO for Windows 2000: configuration fields".
 */
import { CONFIGURATION_FIELDS, NAMESPACE } from '../../cdo/index.ts';
import type { FaultKind } from './faults.ts';
import {
  componentOf,
  createObject,
  type FieldsValue,
  type MessageValue,
  newConfiguration,
  UNKNOWN,
  type Value,
} from './mail-objects.ts';
import type { Node, Routine, Step, Tree } from './tree.ts';

/** A place that sends mail. */
export type SendFound = {
  readonly at: number;
  /** `CDO.Message`, `CDONTS.NewMail`, … */
  readonly object: string;
  readonly route: 'pickup' | 'port' | 'default' | 'component';
  readonly server?: string;
  readonly port?: number;
  readonly authentication?: 'none' | 'basic' | 'ntlm';
  readonly usesTls?: boolean;
  readonly pickupFolder?: string;
};

export type FaultFound = { readonly kind: FaultKind; readonly at: number; readonly found: string };

export type Analysis = { readonly sends: readonly SendFound[]; readonly faults: readonly FaultFound[] };

export type Surroundings = {
  /** Constants that a type library gives this page, lower case → value. */
  readonly constants: ReadonlyMap<string, string | number>;
  /** Constants that a type library would give; one that is used without it is a fault. */
  readonly knownConstants: ReadonlyMap<string, string | number>;
  /** Objects that elements of the page create, lower-case id → ProgID. */
  readonly objects: ReadonlyMap<string, { readonly progId: string }>;
};

const PREFIX = NAMESPACE.configuration;
const KNOWN_FIELDS: ReadonlySet<string> = new Set(CONFIGURATION_FIELDS.map(({ name }) => name));
const MAX_STEPS = 100_000;
const MAX_DEPTH = 12;
const MACHINE_PATH = /^(?:[a-z]:[\\/]|\\\\[^\\]+\\)/i;
const LOCAL = /^(localhost|127(?:\.\d+){3}|::1|\[::1\]|\.)$/i;

export function analyse(tree: Tree, surroundings: Surroundings): Analysis {
  return new Analyser(tree, surroundings).run();
}

/** True for names of this machine. */
export function isThisMachine(server: string): boolean {
  return LOCAL.test(server.trim());
}

type Scope = Map<string, Value>;

class Analyser {
  readonly #tree: Tree;
  readonly #surroundings: Surroundings;
  readonly #globals: Scope = new Map();
  readonly #declared = new Set<string>();
  readonly #routines = new Map<string, Routine>();
  readonly #called = new Set<Routine>();
  readonly #withs: Value[] = [];
  readonly #sends: SendFound[] = [];
  readonly #faults = new Map<string, FaultFound>();
  #locals: Scope | undefined;
  #returned: Value = UNKNOWN;
  #steps = 0;
  #depth = 0;

  constructor(tree: Tree, surroundings: Surroundings) {
    this.#tree = tree;
    this.#surroundings = surroundings;
  }

  run(): Analysis {
    for (const [id, { progId }] of this.#surroundings.objects)
      this.#globals.set(id, createObject(progId, 0) ?? UNKNOWN);
    this.#collect(this.#tree.steps);
    this.#all(this.#tree.steps);
    // Procedures that nothing here calls are called from elsewhere.
    for (const routine of this.#routines.values()) {
      if (!this.#called.has(routine))
        this.#enter(
          routine,
          routine.parameters.map(() => UNKNOWN),
        );
    }
    return { sends: this.#sends, faults: [...this.#faults.values()] };
  }

  /** Declarations count in the whole script, wherever they stand. */
  #collect(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.do === 'declare') for (const name of step.names) this.#declared.add(name);
      else if (step.do === 'routine') {
        this.#routines.set(step.name, step);
        this.#declared.add(step.name);
        for (const name of step.parameters) this.#declared.add(name);
        this.#collect(step.body);
      } else if (step.do === 'with') this.#collect(step.body);
      else if (step.do === 'choice') for (const body of step.bodies) this.#collect(body);
      else if (step.do === 'assign' && step.target.op === 'name') this.#declared.add(step.target.name);
    }
  }

  #all(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: Step): void {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) return;
    switch (step.do) {
      case 'assign':
        this.#assign(step.target, this.#value(step.value), step.at);
        return;
      case 'run':
        this.#run(step.node, step.isCalled);
        return;
      case 'with':
        this.#withs.push(this.#value(step.object));
        this.#all(step.body);
        this.#withs.pop();
        return;
      case 'choice':
        for (const part of step.parts) this.#value(part);
        for (const body of step.bodies) this.#all(body);
        return;
      case 'return':
        if (step.value !== undefined) this.#returned = this.#value(step.value);
        return;
      default:
        return;
    }
  }

  #run(node: Node, isCalled: boolean): void {
    if (node.op === 'member' && !isCalled) {
      const object = this.#owner(node);
      if ((object.kind === 'message' || object.kind === 'cdonts') && node.name === 'send') {
        this.#fault('send-not-called', node.at, node.name);
        if (object.kind === 'message') this.#send(object, [], node.at);
      }
      return;
    }
    this.#value(node);
  }

  // ── assignment ──────────────────────────────────────────────────────────────────────────────────────────────

  #assign(target: Node, value: Value, at: number): void {
    if (target.op === 'name') {
      this.#setVariable(target.name, value);
      return;
    }
    if (target.op === 'member') {
      const object = this.#owner(target);
      this.#put(object, target.name, value, target.at);
      return;
    }
    const place = this.#value(target);
    if (place.kind === 'field') this.#putField(place.fields, place.name, value, at);
  }

  #setVariable(name: string, value: Value): void {
    const scope = this.#locals?.has(name) ? this.#locals : this.#globals;
    scope.set(name, value);
    if (this.#routines.has(name)) this.#returned = value;
  }

  #put(object: Value, name: string, value: Value, at: number): void {
    if (object.kind === 'message' && name === 'configuration') {
      const configuration = value.kind === 'configuration' ? value : newConfiguration();
      if (value.kind !== 'configuration') configuration.fields.isEscaped = true;
      object.configuration = configuration;
    } else if (object.kind === 'field' && name === 'value')
      this.#putField(object.fields, object.name, value, at);
    else if (object.kind === 'component') {
      object.properties.set(name, value);
      if (name === componentOf(object.progId)?.password && isFixedText(value))
        this.#fault('hard-coded-password', at, name);
    }
  }

  #putField(fields: FieldsValue, name: Value, value: Value, at: number): void {
    const written = name.kind === 'text' ? name.text : name.kind === 'partial' ? name.start : undefined;
    if (written === undefined) return;
    if (/^https:\/\/schemas\.microsoft\.com\/cdo\//i.test(written)) {
      this.#fault('https-schema', at, written);
      return;
    }
    if (name.kind !== 'text') return;
    const isConfiguration = written.toLowerCase().startsWith(PREFIX);
    if (isConfiguration && fields.of === 'configuration') {
      const own = written.slice(PREFIX.length);
      const lower = own.toLowerCase();
      if (!written.startsWith(PREFIX) || (own !== lower && KNOWN_FIELDS.has(lower)))
        this.#fault('wrong-case', at, written);
      else if (!KNOWN_FIELDS.has(own)) this.#fault('unknown-field', at, written);
      this.#judgeField(lower, value, at);
    }
    fields.fields.set(written, { value, at, isCommitted: false });
  }

  #judgeField(name: string, value: Value, at: number): void {
    if (name === 'sendpassword' && isFixedText(value)) this.#fault('hard-coded-password', at, name);
    if (name === 'smtpserverpickupdirectory' && isMachinePath(value))
      this.#fault('hard-coded-path', at, (value as { text: string }).text);
  }

  // ── values ──────────────────────────────────────────────────────────────────────────────────────────────────

  #value(node: Node): Value {
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) return UNKNOWN;
    switch (node.op) {
      case 'text':
        if (/[\\/](?:mailroot|imcdata)[\\/]pickup/i.test(node.value) && MACHINE_PATH.test(node.value)) {
          this.#fault('hard-coded-path', node.at, node.value);
        }
        return { kind: 'text', text: node.value, at: node.at };
      case 'number':
        return { kind: 'number', number: node.value };
      case 'name':
        return this.#name(node.name, node.at);
      case 'join':
        return joined(this.#value(node.left), this.#value(node.right), node.at);
      case 'member':
        return this.#member(
          node.object === undefined ? this.#with() : this.#value(node.object),
          node.name,
          node.at,
        );
      case 'new':
        return this.#create(
          node.args,
          node.at,
          node.className.op === 'name' && node.className.name === 'activexobject',
        );
      case 'call':
        return this.#call(node.callee, node.args, node.at);
      case 'other':
        for (const part of node.parts) this.#value(part);
        return UNKNOWN;
    }
  }

  /** The object that a member is taken of. */
  #owner({ object, name, at }: Node & { readonly op: 'member' }): Value {
    if (object === undefined) return this.#with();
    // `= 2 .Item(…)`: the engine takes the next statement for a member of the number.
    const value = this.#value(object);
    const isLiteral = object.op === 'text' || value.kind === 'number';
    if (isLiteral && this.#tree.language === 'vbscript') this.#fault('run-together', at, `.${name}`);
    return value;
  }

  #with(): Value {
    return this.#withs.at(-1) ?? UNKNOWN;
  }

  #name(name: string, at: number): Value {
    const own = this.#locals?.get(name) ?? this.#globals.get(name);
    if (own !== undefined) return own;
    const constants = this.#surroundings;
    const imported = constants.constants.get(name);
    if (imported !== undefined) return constant(imported, at);
    const known = constants.knownConstants.get(name);
    // A procedure without arguments is called by its name in VBScript.
    const routine = this.#tree.language === 'vbscript' ? this.#routines.get(name) : undefined;
    if (routine !== undefined && routine.parameters.length === 0) return this.#enter(routine, []);
    if (known === undefined || this.#declared.has(name)) return UNKNOWN;
    this.#fault('undefined-constant', at, name);
    return constant(known, at);
  }

  #member(object: Value, name: string, at: number): Value {
    switch (object.kind) {
      case 'message':
        if (name === 'configuration') return object.configuration;
        if (name === 'fields') return object.fields;
        if (name === 'send' && this.#tree.language === 'vbscript') this.#send(object, [], at);
        return UNKNOWN;
      case 'configuration':
        return name === 'fields' ? object.fields : UNKNOWN;
      case 'fields':
        if (name === 'update') this.#update(object);
        return name === 'item' ? object : UNKNOWN;
      case 'field':
        return name === 'value' ? object : UNKNOWN;
      case 'cdonts':
        if (name === 'send' && this.#tree.language === 'vbscript') this.#sendCdonts(object.progId, at);
        // Everything that a session gives belongs to it.
        return object.progId.toLowerCase().includes('session') ? object : UNKNOWN;
      case 'component':
        if (this.#tree.language === 'vbscript') this.#sendComponent(object, name, at);
        return UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  #call(callee: Node, args: readonly (Node | undefined)[], at: number): Value {
    const name = callee.op === 'name' || callee.op === 'member' ? callee.name : '';
    if (name === 'createobject') return this.#create(args, at, true);
    const given = args.map((arg) => (arg === undefined ? UNKNOWN : this.#value(arg)));
    if (callee.op === 'name') {
      const variable = this.#locals?.get(callee.name) ?? this.#globals.get(callee.name);
      if (variable !== undefined && variable.kind !== 'unknown') return this.#index(variable, given, at);
      const routine = this.#routines.get(callee.name);
      if (routine !== undefined) return this.#enter(routine, given);
      for (const value of given) loseTrack(value);
      return UNKNOWN;
    }
    if (callee.op === 'member') {
      const object = this.#owner(callee);
      return this.#callMember(object, callee.name, given, args, callee.at);
    }
    return this.#index(this.#value(callee), given, at);
  }

  #callMember(
    object: Value,
    name: string,
    given: readonly Value[],
    args: readonly (Node | undefined)[],
    at: number,
  ): Value {
    if (object.kind === 'message') {
      if (name === 'send') this.#send(object, args, at);
      else if (name === 'addattachment' || name === 'addrelatedbodypart') this.#attachment(given[0], at);
      else if (name === 'fields') return this.#index(object.fields, given, at);
      else if (name === 'configuration') return this.#index(object.configuration.fields, given, at);
      return UNKNOWN;
    }
    if (object.kind === 'configuration') {
      if (name === 'fields') return this.#index(object.fields, given, at);
      if (name === 'load') return UNKNOWN;
    }
    if (object.kind === 'fields') {
      if (name === 'item') return this.#index(object, given, at);
      if (name === 'update') this.#update(object);
      else if (name === 'append' && given[0] !== undefined)
        this.#putField(object, given[0], given[4] ?? UNKNOWN, at);
      return UNKNOWN;
    }
    if (object.kind === 'cdonts') {
      if (name === 'send') this.#sendCdonts(object.progId, at);
      else if (name === 'attachfile') this.#attachment(given[0], at);
      return object.progId.toLowerCase().includes('session') ? object : UNKNOWN;
    }
    if (object.kind === 'component') {
      this.#sendComponent(object, name, at);
      return UNKNOWN;
    }
    const isFileSystem = object.kind === 'unknown';
    if (!isFileSystem) return UNKNOWN;
    for (const value of given) loseTrack(value);
    return UNKNOWN;
  }

  /** `x(key)`: the default member of a collection, or of a configuration. */
  #index(object: Value, given: readonly Value[], at: number): Value {
    const [name] = given;
    if (object.kind === 'configuration') return this.#index(object.fields, given, at);
    if (object.kind === 'fields' && name !== undefined) return { kind: 'field', fields: object, name, at };
    return UNKNOWN;
  }

  #create(args: readonly (Node | undefined)[], at: number, isCreation: boolean): Value {
    const given = args.map((arg) => (arg === undefined ? UNKNOWN : this.#value(arg)));
    const [progId] = given;
    if (!isCreation || progId?.kind !== 'text') return UNKNOWN;
    const made = createObject(progId.text, at);
    if (made?.kind === 'cdonts') this.#fault('object-missing', at, progId.text);
    return made ?? UNKNOWN;
  }

  #enter(routine: Routine, given: readonly Value[]): Value {
    this.#called.add(routine);
    if (this.#depth >= MAX_DEPTH) return UNKNOWN;
    const before = { locals: this.#locals, returned: this.#returned, withs: this.#withs.splice(0) };
    this.#depth += 1;
    this.#locals = new Map(routine.parameters.map((name, index) => [name, given[index] ?? UNKNOWN]));
    for (const name of declaredIn(routine.body)) if (!this.#locals.has(name)) this.#locals.set(name, UNKNOWN);
    this.#returned = UNKNOWN;
    this.#all(routine.body);
    const result = this.#returned;
    this.#depth -= 1;
    this.#locals = before.locals;
    this.#returned = before.returned;
    this.#withs.push(...before.withs);
    return result;
  }

  // ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────

  #update(fields: FieldsValue): void {
    for (const state of fields.fields.values()) state.isCommitted = true;
  }

  #send(message: MessageValue, args: readonly (Node | undefined)[], at: number): void {
    if (args.length > 0) this.#fault('run-together', at, 'Send with something behind it');
    const { fields } = message.configuration;
    const open = [...fields.fields, ...message.fields.fields].find(([, { isCommitted }]) => !isCommitted);
    const isEscaped = fields.isEscaped || message.fields.isEscaped;
    if (open !== undefined && !isEscaped)
      this.#fault('update-missing', open[1].at, `${open[0]} is set, Send follows without Update`);
    const get = (name: string): Value | undefined => fields.fields.get(PREFIX + name)?.value;
    const using = get('sendusing');
    const method =
      using?.kind === 'number' ? using.number : using?.kind === 'text' ? Number(using.text) : undefined;
    const server = get('smtpserver');
    // A name in the wrong case or with https is a fault of its own; one cause, one finding.
    const hasMisspelt = [...fields.fields.keys()].some(
      (name) => name.startsWith(PREFIX) && name !== name.toLowerCase(),
    );
    if (
      server !== undefined &&
      using === undefined &&
      !isEscaped &&
      !hasMisspelt &&
      !this.#hasFault('https-schema')
    ) {
      this.#fault('server-without-sendusing', fields.fields.get(`${PREFIX}smtpserver`)!.at, 'smtpserver');
    }
    const port = numberOf(get('smtpserverport'));
    const authentication = numberOf(get('smtpauthenticate'));
    const pickup = get('smtpserverpickupdirectory');
    this.#sends.push({
      at,
      object: 'CDO.Message',
      route: method === 2 ? 'port' : method === 1 ? 'pickup' : 'default',
      ...(server?.kind === 'text' && { server: server.text }),
      ...(port !== undefined && { port }),
      ...(authentication !== undefined && {
        authentication: authentication === 1 ? 'basic' : authentication === 2 ? 'ntlm' : 'none',
      }),
      ...(get('smtpusessl') !== undefined && { usesTls: isTrue(get('smtpusessl')) }),
      ...(pickup?.kind === 'text' && { pickupFolder: pickup.text }),
    });
  }

  #sendCdonts(progId: string, at: number): void {
    this.#sends.push({ at, object: progId, route: 'pickup' });
  }

  #sendComponent(component: Value & { readonly kind: 'component' }, method: string, at: number): void {
    const row = componentOf(component.progId)!;
    if (!row.send.includes(method)) return;
    const server = component.properties.get(row.server);
    const port = row.port === undefined ? undefined : numberOf(component.properties.get(row.port));
    this.#sends.push({
      at,
      object: component.progId,
      route: 'component',
      ...(server?.kind === 'text' && { server: server.text }),
      ...(port !== undefined && { port }),
    });
  }

  #attachment(path: Value | undefined, at: number): void {
    if (path !== undefined && isMachinePath(path))
      this.#fault('hard-coded-path', at, (path as { text: string }).text);
  }

  #fault(kind: FaultKind, at: number, found: string): void {
    const key = `${kind} ${at}`;
    if (!this.#faults.has(key)) this.#faults.set(key, { kind, at, found });
  }

  #hasFault(kind: FaultKind): boolean {
    return [...this.#faults.values()].some((fault) => fault.kind === kind);
  }
}

function constant(value: string | number, at: number): Value {
  return typeof value === 'string' ? { kind: 'text', text: value, at } : { kind: 'number', number: value };
}

function joined(left: Value, right: Value, at: number): Value {
  if (left.kind === 'number' && right.kind === 'number') return UNKNOWN;
  const start = textOf(left);
  if (start === undefined) return left.kind === 'partial' ? left : UNKNOWN;
  const end = textOf(right);
  return end === undefined ? { kind: 'partial', start, at } : { kind: 'text', text: start + end, at };
}

function textOf(value: Value): string | undefined {
  return value.kind === 'text' ? value.text : value.kind === 'number' ? String(value.number) : undefined;
}

function numberOf(value: Value | undefined): number | undefined {
  if (value?.kind === 'number') return value.number;
  return value?.kind === 'text' && /^\d+$/.test(value.text.trim()) ? Number(value.text) : undefined;
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'number'
    ? value.number !== 0
    : value?.kind === 'text' && /^(true|[1-9]\d*|-1)$/i.test(value.text);
}

function isFixedText(value: Value): boolean {
  return value.kind === 'text' && value.text.trim() !== '';
}

function isMachinePath(value: Value): boolean {
  return value.kind === 'text' && MACHINE_PATH.test(value.text);
}

/** A collection that is given to code we do not see may get its Update there. */
function loseTrack(value: Value): void {
  if (value.kind === 'fields') value.isEscaped = true;
  else if (value.kind === 'configuration') value.fields.isEscaped = true;
  else if (value.kind === 'message') {
    value.configuration.fields.isEscaped = true;
    value.fields.isEscaped = true;
  }
}

function declaredIn(steps: readonly Step[]): string[] {
  return steps.flatMap((step): readonly string[] => {
    if (step.do === 'declare') return step.names;
    if (step.do === 'with') return declaredIn(step.body);
    return step.do === 'choice' ? step.bodies.flatMap(declaredIn) : [];
  });
}
