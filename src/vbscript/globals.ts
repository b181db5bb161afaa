/**
 * The global scope of a session: one cell per name.
 * Owns: variables, constants, procedures, classes and host objects by lower-case name; redefinition.
 * Leaves: resolution inside procedures (`compiler/`).
 */
import type { AutomationObject } from '../automation/index.ts';
import { runtimeError } from './errors.ts';
import type { VbClass, VbProcedure } from './instance.ts';
import { Reference } from './references.ts';
import type { VbValue } from './values.ts';

export type GlobalKind = 'none' | 'variable' | 'constant' | 'procedure' | 'host';

/** A global name. A variable that was never declared is of kind 'none' until something holds it. */
export class GlobalCell extends Reference {
  readonly name: string;
  v: VbValue = undefined;
  kind: GlobalKind = 'none';
  procedure: VbProcedure | undefined;
  /** Compiled code that calls the procedure directly learns of its successor through these. */
  readonly redirects: ((next: VbProcedure) => void)[] = [];

  constructor(name: string) {
    super();
    this.name = name;
  }

  /** True when the name means something already. */
  get exists(): boolean {
    return this.kind !== 'none' || this.v !== undefined;
  }
}

/** What an assignment to a constant, a procedure or a host object meets: it reads, and refuses to be written. */
class FixedCell extends Reference {
  private readonly cell: GlobalCell;

  constructor(cell: GlobalCell) {
    super();
    this.cell = cell;
  }

  override get v(): VbValue {
    return this.cell.v;
  }

  override set v(_value: VbValue) {
    throw runtimeError(501, this.cell.name);
  }
}

export class Globals {
  private readonly cells = new Map<string, GlobalCell>();
  private readonly classes = new Map<string, VbClass>();

  /** The cell of a name, made when there is none. */
  cell(lower: string, name: string = lower): GlobalCell {
    let cell = this.cells.get(lower);
    if (cell === undefined) {
      cell = new GlobalCell(name);
      this.cells.set(lower, cell);
    }
    return cell;
  }

  find(lower: string): GlobalCell | undefined {
    const cell = this.cells.get(lower);
    return cell?.exists ? cell : undefined;
  }

  /** The place that code assigns under this name. */
  place(lower: string, name: string): Reference {
    const cell = this.cell(lower, name);
    return cell.kind === 'none' || cell.kind === 'variable' ? cell : new FixedCell(cell);
  }

  /** Dim at script level: the name is a variable from now on; a value it has stays. */
  declare(lower: string, name: string): GlobalCell {
    const cell = this.cell(lower, name);
    if (cell.kind === 'procedure' || cell.kind === 'host' || cell.kind === 'constant') cell.v = undefined;
    cell.kind = 'variable';
    cell.procedure = undefined;
    return cell;
  }

  constant(lower: string, name: string, value: VbValue): void {
    const cell = this.cell(lower, name);
    cell.kind = 'constant';
    cell.v = value;
    cell.procedure = undefined;
  }

  host(lower: string, name: string, object: VbValue): void {
    const cell = this.cell(lower, name);
    cell.kind = 'host';
    cell.v = object;
    cell.procedure = undefined;
  }

  /** Objects whose members count as global names, the last added first. */
  private readonly memberSources: AutomationObject[] = [];

  addMembers(object: AutomationObject): void {
    this.memberSources.unshift(object);
  }

  /** The object that has a member of this name, among those added with their members. */
  memberOf(name: string): AutomationObject | undefined {
    return this.memberSources.find((object) => object.has?.(name) === true);
  }

  procedure(lower: string, procedure: VbProcedure, redirect: (next: VbProcedure) => void): void {
    const cell = this.cell(lower, procedure.procedureName);
    for (const earlier of cell.redirects) earlier(procedure);
    cell.kind = 'procedure';
    cell.v = undefined;
    cell.procedure = procedure;
    cell.redirects.push(redirect);
  }

  defineClass(lower: string, definition: VbClass): void {
    this.classes.set(lower, definition);
  }

  class(lower: string): VbClass | undefined {
    return this.classes.get(lower);
  }

  all(): IterableIterator<GlobalCell> {
    return this.cells.values();
  }
}
