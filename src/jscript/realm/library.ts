/**
 * Makes the realm JScript's: takes away what it had not, puts in what it had.
 * Owns: the lists of names that remain, where the other parts' functions go.  Leaves: the functions themselves.
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Constructors } from './constructors.ts';
import type { Dates } from './dates.ts';
import type { Errors } from './errors.ts';
import type { Habits } from './habits.ts';
import type { Inserted } from './inserted.ts';
import type { Intrinsics } from './intrinsics.ts';
import type { Room } from './room.ts';

export function library({
  RealArray,
  RealDate,
  RealError,
  RealFunction,
  RealObject,
  RealString,
  construct,
  defineProperty,
  deleteProperty,
  getPrototypeOf,
  global,
  objectPrototype,
  ownKeys,
  property,
  realUtc,
  unscopables,
  realClasses,
  nameOfPrototype,
  harvest,
  describeAs,
  textOf,
  guard,
  indirectEval,
  makeFunction,
  ActiveXObject,
  GetObject,
  Enumerator,
  enumeratorMethods,
  VBArray,
  arrayMethods,
  JDate,
  datePrototype,
  dateMethods,
  parseDate,
  otherHabits,
  stringHabits,
  arrayHabits,
  errorHabits,
  functionHabits,
}: Intrinsics & Errors & Room & Inserted & Constructors & Dates & Habits) {
  function only(object: object, names: string): void {
    const kept: Record<string, boolean> = { __proto__: null } as never;
    for (const name of names.split(' ')) kept[name] = true;
    for (const key of ownKeys(object))
      if (typeof key === 'string' && kept[key] !== true) deleteProperty(object, key);
  }

  function install(object: object, members: object): void {
    for (const key of ownKeys(members)) property(object, key, (members as Record<PropertyKey, unknown>)[key]);
  }

  function replaceConstructor(name: string, made: unknown, prototype: object): void {
    const fn = made as object;
    defineProperty(fn, 'prototype', { __proto__: null, value: prototype, writable: false } as never);
    defineProperty(fn, 'name', { __proto__: null, value: name } as never);
    property(prototype, 'constructor', fn);
    property(global, name, fn);
  }

  for (const name of [
    'Error',
    'EvalError',
    'RangeError',
    'ReferenceError',
    'SyntaxError',
    'TypeError',
    'URIError',
  ]) {
    const real = global[name] as ErrorConstructor;
    const { prototype } = real;
    realClasses[name] = real;
    nameOfPrototype.set(prototype, name);
    const made = function (this: unknown, first: unknown, second: unknown): unknown {
      const error = construct(real, []) as object;
      harvest(error);
      const isNumbered = typeof first === 'number';
      const description = isNumbered ? (second === undefined ? '' : textOf(second)) : first;
      describeAs(
        error,
        isNumbered ? (first as number) : 0,
        description === undefined ? '' : textOf(description),
      );
      return error;
    };
    only(prototype, 'constructor name message toString');
    replaceConstructor(name, made, prototype);
    defineProperty(made, 'length', { __proto__: null, value: 2 } as never);
    // The engine below looks for this function when a stack is written: there is to be none, whatever a script does.
    property(made, 'prepareStackTrace', undefined, true);
    property(global, name, made, true);
  }
  install(RealError.prototype, errorHabits);
  (RealError as unknown as { stackTraceLimit: number }).stackTraceLimit = 20;

  only(
    RealObject,
    'length name prototype create defineProperty defineProperties getOwnPropertyDescriptor getOwnPropertyNames getPrototypeOf keys freeze seal preventExtensions isFrozen isSealed isExtensible',
  );
  only(
    objectPrototype,
    'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
  );
  only(RealArray, 'length name prototype isArray');
  only(
    RealArray.prototype,
    'length constructor concat join pop push reverse shift slice sort splice unshift toString toLocaleString indexOf lastIndexOf every some forEach map filter reduce reduceRight',
  );
  deleteProperty(RealArray.prototype, unscopables);
  install(RealArray.prototype, arrayHabits);
  only(RealString, 'length name prototype fromCharCode');
  only(
    RealString.prototype,
    'length constructor charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substr substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase toString trim valueOf anchor big blink bold fixed fontcolor fontsize italics link small strike sub sup',
  );
  install(RealString.prototype, stringHabits);
  // These make many pieces of one text: a piece is many times a letter.
  for (const name of ['split', 'match']) guard(RealString.prototype, name, 24);
  for (const name of [
    'escape',
    'unescape',
    'encodeURI',
    'encodeURIComponent',
    'decodeURI',
    'decodeURIComponent',
  ])
    guard(global, name, 12);
  only(Number, 'length name prototype MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY');
  only(Number.prototype, 'constructor toString toFixed toExponential toPrecision toLocaleString valueOf');
  only(
    Math,
    'E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan',
  );
  only(JSON, 'parse stringify');
  only(
    datePrototype,
    'constructor getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds toISOString toJSON valueOf',
  );
  install(datePrototype, dateMethods);
  replaceConstructor('Date', JDate, datePrototype);
  install(JDate, { parse: (text: unknown) => parseDate(textOf(text)) });
  property(JDate, 'UTC', realUtc);
  property(JDate, 'now', RealDate.now);

  only(RealFunction.prototype, 'length name constructor apply call bind toString');
  install(RealFunction.prototype, functionHabits);
  replaceConstructor('Function', makeFunction, RealFunction.prototype);
  // Constructors of functions that only newer syntax makes.
  for (const example of [function* () {}, async () => {}, async function* () {}])
    deleteProperty(getPrototypeOf(example)!, 'constructor');

  only(
    global,
    'Object Function Array String Boolean Number Date RegExp Math JSON Error EvalError RangeError ReferenceError SyntaxError TypeError URIError parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape NaN Infinity undefined',
  );
  install(global, otherHabits);
  defineProperty(indirectEval, 'name', { __proto__: null, value: 'eval' } as never);
  property(global, 'eval', indirectEval);
  install(Enumerator.prototype, enumeratorMethods);
  install(VBArray.prototype, arrayMethods);
  install(global, {
    ActiveXObject,
    GetObject,
    Enumerator,
    VBArray,
    ScriptEngine: () => 'JScript',
    ScriptEngineMajorVersion: () => 5,
    ScriptEngineMinorVersion: () => 8,
    ScriptEngineBuildVersion: () => 16384,
    CollectGarbage: () => undefined,
  });

  return {};
}
