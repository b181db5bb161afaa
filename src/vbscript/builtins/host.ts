/** Functions that reach outside the language: objects, dialogs, the engine itself, Execute and its kin. */
import { AutomationError } from '../../automation/index.ts';
import { outward } from '../border.ts';
import { plain, toInt32, toUnits } from '../convert.ts';
import { runtimeError, ScriptError } from '../errors.ts';
import { localeOf } from '../locales.ts';
import { OddString, wholeUnits } from '../odd-string.ts';
import { createRegExp } from '../regexp/objects.ts';
import { positionIn, type Runtime } from '../runtime.ts';
import { fromLong, MISSING, NOTHING, type VbObject, type VbValue } from '../values.ts';
import type { Builtin } from './index.ts';

function optionalText(value: VbValue, rt: Runtime): string | undefined {
  return value === MISSING ? undefined : toUnits(value, rt);
}

/** Makes an object and reports it to the trace. */
function created(
  rt: Runtime,
  name: string,
  member: string,
  args: readonly VbValue[],
  make: () => VbObject | undefined,
): VbValue {
  const startedAt = performance.now();
  const report = rt.trace?.call;
  const call = {
    object: name,
    member,
    kind: 'create' as const,
    args: args.filter((arg) => arg !== MISSING).map(outward),
  };
  const at = rt.unit === undefined ? { file: '', line: 0, column: 0 } : positionIn(rt.unit, rt.offset);
  try {
    const object = make();
    if (object === undefined) throw runtimeError(429, name);
    report?.(at, { ...call, result: outward(object), elapsedMs: performance.now() - startedAt });
    return object;
  } catch (caught) {
    const error = rt.scriptError(caught);
    const isUnknownClass =
      caught instanceof AutomationError && error instanceof ScriptError && error.number === 429;
    const shown = isUnknownClass ? runtimeError(429, name) : error;
    report?.(at, {
      ...call,
      ...(shown instanceof ScriptError && { error: shown }),
      elapsedMs: performance.now() - startedAt,
    });
    throw shown;
  }
}

function createObject(rt: Runtime, progId: VbValue, server: VbValue): VbValue {
  const name = toUnits(progId, rt);
  return created(rt, name, 'CreateObject', [progId, server], () => {
    if (/^vbscript\.regexp(\.\d+)?$/i.test(name)) return createRegExp(rt);
    const object = rt.host.createObject?.(name, optionalText(server, rt));
    if (object?.release !== undefined && rt.host.keepsObjects !== true) rt.releasable.add(object);
    return object;
  });
}

function getObject(rt: Runtime, path: VbValue, progId: VbValue): VbValue {
  const where = optionalText(path, rt);
  const name = optionalText(progId, rt);
  return created(rt, name ?? where ?? '', 'GetObject', [path, progId], () =>
    rt.host.getObject?.(where, name),
  );
}

function getRef(rt: Runtime, name: VbValue): VbValue {
  const it = plain(name, rt);
  if (typeof it !== 'string' && !(it instanceof OddString)) throw runtimeError(13);
  const cell = rt.globals.find(wholeUnits(it).toLowerCase());
  if (cell?.procedure === undefined) throw runtimeError(5);
  return cell.procedure;
}

const COLOURS = [
  0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0xc0c0c0, 0x808080, 0xff0000,
  0x00ff00, 0xffff00, 0x0000ff, 0xff00ff, 0x00ffff, 0xffffff,
] as const;

export const HOST_FUNCTIONS: readonly Builtin[] = [
  { name: 'CreateObject', min: 1, max: 2, run: createObject },
  { name: 'GetObject', min: 0, max: 2, run: getObject },
  { name: 'GetRef', min: 1, max: 1, run: getRef },
  { name: 'Err', min: 0, max: 0, run: (rt) => rt.err },
  {
    name: 'Eval',
    min: 1,
    max: 1,
    run: (rt, source) => rt.compiler!.evaluate(source, undefined),
  },
  {
    name: 'Execute',
    min: 1,
    max: 1,
    run: (rt, source) => {
      rt.compiler!.execute(source, undefined);
      return undefined;
    },
  },
  {
    name: 'ExecuteGlobal',
    min: 1,
    max: 1,
    run: (rt, source) => {
      rt.compiler!.executeGlobal(source);
      return undefined;
    },
  },
  {
    name: 'MsgBox',
    min: 1,
    max: 5,
    run: (rt, text, buttons, title) =>
      fromShort(
        rt.host.messageBox?.(
          toUnits(text, rt),
          buttons === MISSING ? 0 : toInt32(buttons, rt),
          optionalText(title, rt),
        ) ?? 1,
      ),
  },
  {
    name: 'InputBox',
    min: 1,
    max: 7,
    run: (rt, prompt, title, preset) =>
      rt.host.inputBox?.(toUnits(prompt, rt), optionalText(title, rt), optionalText(preset, rt) ?? ''),
  },
  { name: 'GetLocale', min: 0, max: 0, run: (rt) => fromLong(rt.locale.lcid) },
  { name: 'SetLocale', min: 0, max: 1, run: setLocale },
  { name: 'ScriptEngine', min: 0, max: 0, run: () => 'VBScript' },
  { name: 'ScriptEngineMajorVersion', min: 0, max: 0, run: () => fromLong(5) },
  { name: 'ScriptEngineMinorVersion', min: 0, max: 0, run: () => fromLong(8) },
  { name: 'ScriptEngineBuildVersion', min: 0, max: 0, run: () => fromLong(16384) },
  {
    name: 'QBColor',
    min: 1,
    max: 1,
    run: (rt, colour) => {
      const found = COLOURS[toInt32(colour, rt)];
      if (found === undefined) throw runtimeError(5);
      return fromLong(found);
    },
  },
  {
    name: 'LoadPicture',
    min: 0,
    max: 1,
    run: (_rt, path) => {
      if (path === MISSING || path === '') return NOTHING;
      throw runtimeError(481);
    },
  },
];

function fromShort(value: number): number {
  return value | 0;
}

/** Tags that SetLocale takes besides numbers. */
const TAGS: Readonly<Record<string, number>> = {
  'en-us': 1033,
  'en-gb': 2057,
  'en-au': 3081,
  'en-ca': 4105,
  'de-de': 1031,
  de: 1031,
  'de-at': 3079,
  'de-ch': 2055,
  'fr-fr': 1036,
  fr: 1036,
  'fr-be': 2060,
  'fr-ca': 3084,
  'es-es': 3082,
  es: 3082,
  'es-mx': 2058,
  'es-ar': 11274,
  'it-it': 1040,
  it: 1040,
  'pt-br': 1046,
  'pt-pt': 2070,
  'nl-nl': 1043,
  'sv-se': 1053,
  'da-dk': 1030,
  'nb-no': 1044,
  'fi-fi': 1035,
  'pl-pl': 1045,
  'ru-ru': 1049,
  'zh-cn': 2052,
  'zh-tw': 1028,
  'ja-jp': 1041,
  ja: 1041,
  'ko-kr': 1042,
};

function setLocale(rt: Runtime, id: VbValue): VbValue {
  const before = rt.locale.lcid;
  const it = id === MISSING ? 0 : plain(id, rt);
  const text = typeof it === 'string' ? it.trim().toLowerCase() : undefined;
  const lcid =
    text === '' ? 0 : text !== undefined && Object.hasOwn(TAGS, text) ? TAGS[text]! : toInt32(it, rt);
  const locale = localeOf(lcid);
  if (locale === undefined) throw runtimeError(447);
  rt.locale = locale;
  return fromLong(before);
}
