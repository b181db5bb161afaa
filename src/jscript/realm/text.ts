/**
 * Puts the parts of the realm together into the text that is compiled inside the script's context.
 * Owns: the order of the parts, what each gets.  Leaves: what they do (the parts), compiling and calling the text (../session.ts).
 *
 * The inside of the sandbox is all of us that a script ever touches. The parts are not called here: their texts are compiled in
 * the script's context, so every object, function and error they make belongs there. What must hold, and
 * test/jscript/escapes.test.ts tries to break:
 *
 *   1. Functions of the host are known to closures of this text alone; no script-visible value leads to them.
 *   2. They are called through `ask`, which lets nothing through that they throw: even a stack overflow inside the host
 *      is made anew in the realm.
 *   3. They return primitives or objects of the realm.
 *   4. Nothing in the text looks a name up that a script can change: intrinsics are taken at the start, property descriptors and
 *      records have no prototype, lists are passed on by Reflect.apply and never iterated.
 *   5. Proxy, Reflect, Symbol, Promise, WeakMap and all the rest that JScript had not are gone before a script runs.
 *
 * A part is a function that takes names from earlier parts and returns new ones. Its body is what counts: the text is all bodies
 * one behind the other in one function, so that a name is found where it was made and the start of a session pays for no hand-over.
 * Hence three rules, which text.test.ts checks in the text itself: a part names nothing of its module but types; it takes and returns
 * names as they are, and returns once, at its end; no two parts declare the same name. Types hold the parts together: one that
 * asks for what no earlier part gives does not compile.
 */
import { Script } from 'node:vm';
import { asking } from './asking.ts';
import { constructors } from './constructors.ts';
import type { HostSide, RealmSide } from './contract.ts';
import { copies } from './copies.ts';
import { dates } from './dates.ts';
import { errors } from './errors.ts';
import { habits } from './habits.ts';
import { hostFunctions } from './host-functions.ts';
import { hostObjects } from './host-objects.ts';
import { inserted } from './inserted.ts';
import { intrinsics } from './intrinsics.ts';
import { library } from './library.ts';
import { roomFor } from './room.ts';
import { realmSide } from './side.ts';
import { thrownValues } from './thrown.ts';

/** A part; `Kit` is what earlier parts have given together. */
type Part<Kit, More> = (kit: Kit) => More;

/** Parts in the order in which their bodies stand. */
export class Parts<Kit extends object> {
  readonly #given: readonly string[];
  readonly #parts: readonly Part<never, object>[];

  private constructor(given: readonly string[], parts: readonly Part<never, object>[]) {
    this.#given = given;
    this.#parts = parts;
  }

  /** No part yet: there is what the finished function will be given, in this order. */
  static given<Kit extends object>(...names: readonly (keyof Kit & string)[]): Parts<Kit> {
    return new Parts<Kit>(names, []);
  }

  with<More extends object>(part: Part<Kit, More>): Parts<Kit & More> {
    return new Parts<Kit & More>(this.#given, [...this.#parts, part]);
  }

  /** The text of a function that returns `wanted` of what all parts made. It is strict: no script finds out who called it. */
  text(wanted: readonly (keyof Kit & string)[]): string {
    const bodies = this.#parts.map((part) => bodyOf(part.toString()));
    return `(function (${this.#given.join(', ')}) {\n"use strict";\n${bodies.join('\n')}\nreturn { __proto__: null, ${wanted.join(', ')} };\n})`;
  }
}

/** What stands between the head of a function and the return at its end. */
function bodyOf(text: string): string {
  let depth = 0;
  let at = text.indexOf('(');
  do {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    at += 1;
  } while (depth > 0);
  return text.slice(text.indexOf('{', at) + 1, text.lastIndexOf('return {'));
}

/** What the realm's text gives when it is called: the host's side of it, and what NAMES_SCRIPT puts into scripts. */
export type Realm = { readonly side: RealmSide; readonly names: object; readonly evaluate: unknown };

export function realmText(): string {
  return Parts.given<{ readonly host: HostSide }>('host')
    .with(hostFunctions)
    .with(intrinsics)
    .with(errors)
    .with(asking)
    .with(hostObjects)
    .with(thrownValues)
    .with(roomFor)
    .with(inserted)
    .with(constructors)
    .with(dates)
    .with(habits)
    .with(copies)
    .with(library)
    .with(realmSide)
    .text(['side', 'names', 'evaluate']);
}

const NAMES = [
  'self',
  'put',
  'change',
  'type',
  'caught',
  'leave',
  'thrown',
  'with',
  'code',
  'eval',
  'line',
  'test',
  'enter',
  'fuel',
  'look',
  'sum',
  'size',
  'each',
] as const;

/**
 * Gives the inserted names their meaning, at the top of the realm, where neither assignment nor deletion reaches them. `eval`
 * there is the engine's own, so that a call by this name evaluates in the scope of the call.
 */
export function namesText(): string {
  const constants = NAMES.map((name) => `__jscript_${name} = __jscript_boot.names.${name}`);
  return `let eval = __jscript_boot.evaluate;\nconst ${constants.join(', ')};\ndelete this.__jscript_boot;`;
}

/** The scripts that make a context a realm: the same for every session of a thread, made with the first. */
let scripts: { readonly realm: Script; readonly names: Script } | undefined;

export function realmScripts(): { readonly realm: Script; readonly names: Script } {
  scripts ??= { realm: new Script(realmText()), names: new Script(namesText()) };
  return scripts;
}
