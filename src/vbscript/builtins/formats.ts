/** FormatNumber and its family. Source: doc "FormatNumber"; observed: en-US samples of the public conformance suite. */
import { plain, toDate, toDouble, toInt32 } from '../convert.ts';
import { runtimeError } from '../errors.ts';
import { formatDateTime } from '../format-date.ts';
import { type FormatSettings, formatCurrency, formatNumber, formatPercent } from '../format-number.ts';
import type { Runtime } from '../runtime.ts';
import { MISSING, type VbValue } from '../values.ts';
import { optionalInt } from './arguments.ts';
import type { Builtin } from './index.ts';

/** -1 yes, 0 no, -2 as the locale does. Throws 5 for anything else. */
function tristate(value: VbValue, rt: Runtime): 'yes' | 'no' | 'locale' {
  const state = value === MISSING ? -2 : toInt32(value, rt);
  if (state !== 0 && state !== -1 && state !== -2) throw runtimeError(5);
  return state === -2 ? 'locale' : state === 0 ? 'no' : 'yes';
}

type Form = 'number' | 'currency' | 'percent';

function format(name: string, form: Form): Builtin {
  return {
    name,
    min: 1,
    max: 5,
    run: (rt, value, decimals, leading, parentheses, grouping) => {
      if (plain(value, rt) === null) throw runtimeError(13);
      const number = toDouble(value, rt);
      const preset = form === 'currency' ? rt.locale.currencyDecimals : 2;
      const given = optionalInt(decimals, -1, rt);
      if (given < -1 || given > 99) throw runtimeError(5);
      const inParentheses = tristate(parentheses, rt);
      const settings: FormatSettings = {
        decimals: given === -1 ? preset : given,
        leadingDigit: tristate(leading, rt) !== 'no',
        parentheses: inParentheses === 'yes',
        grouping: tristate(grouping, rt) !== 'no',
      };
      if (form === 'number') return formatNumber(number, settings, rt.locale);
      if (form === 'percent') return formatPercent(number, settings, rt.locale);
      return formatCurrency(number, settings, inParentheses, rt.locale);
    },
  };
}

export const FORMAT_FUNCTIONS: readonly Builtin[] = [
  format('FormatNumber', 'number'),
  format('FormatCurrency', 'currency'),
  format('FormatPercent', 'percent'),
  {
    name: 'FormatDateTime',
    min: 1,
    max: 2,
    run: (rt, date, form) => {
      if (plain(date, rt) === null) throw runtimeError(13);
      const which = optionalInt(form, 0, rt);
      if (which < 0 || which > 4) throw runtimeError(5);
      return formatDateTime(toDate(date, rt).value, which, rt.locale);
    },
  },
];
