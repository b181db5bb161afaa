/** Conversion functions. Source: doc "Conversion Functions". */
import {
  plain,
  toBoolean,
  toByte,
  toCurrency,
  toDate,
  toDoubleValue,
  toInteger,
  toLong,
  toSingle,
  toText,
} from '../convert.ts';
import { runtimeError } from '../errors.ts';
import type { Runtime } from '../runtime.ts';
import type { VbValue } from '../values.ts';
import type { Builtin } from './index.ts';

function conversion(name: string, convert: (value: VbValue, rt: Runtime) => VbValue): Builtin {
  return {
    name,
    min: 1,
    max: 1,
    run: (rt, value) => {
      const it = plain(value, rt);
      if (it === null) throw runtimeError(94);
      return convert(it, rt);
    },
  };
}

export const CONVERSIONS: readonly Builtin[] = [
  conversion('CBool', toBoolean),
  conversion('CByte', toByte),
  conversion('CCur', toCurrency),
  conversion('CDate', toDate),
  conversion('CDbl', toDoubleValue),
  conversion('CInt', toInteger),
  conversion('CLng', toLong),
  conversion('CSng', toSingle),
  conversion('CStr', toText),
];
