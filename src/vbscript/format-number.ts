/**
 * Writes numbers: the shortest general form of CStr, and the fixed forms of FormatNumber and its like.
 * Owns: significant digits, rounding half away from zero in formats, grouping.  Leaves: coercion (`convert.ts`).
 * Source: observed: public conformance suite (CStr, FormatNumber).
 */
import type { Locale } from './locales.ts';

/** A Double with 15 significant digits, a Single with 7. Exponents from 1E+15 (Single 1E+07) and below 0.0001-like lengths. */
export function generalNumber(value: number, digits: 15 | 7, locale: Locale): string {
  if (value === 0) return '0';
  if (Number.isNaN(value)) return '-1.#IND';
  if (!Number.isFinite(value)) return value > 0 ? '1.#INF' : '-1.#INF';
  const [mantissa, exponentText] = Math.abs(value)
    .toExponential(digits - 1)
    .split('e') as [string, string];
  const exponent = Number(exponentText);
  const significant = mantissa.replace('.', '').replace(/0+$/, '');
  const sign = value < 0 ? '-' : '';
  if (exponent >= digits || needsExponent(exponent, significant.length, digits)) {
    const fraction = significant.length > 1 ? locale.decimal + significant.slice(1) : '';
    const size = Math.abs(exponent);
    return `${sign}${significant[0]}${fraction}E${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
  }
  if (exponent < 0) return `${sign}0${locale.decimal}${'0'.repeat(-exponent - 1)}${significant}`;
  const whole = significant.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = significant.slice(exponent + 1);
  return sign + whole + (fraction === '' ? '' : locale.decimal + fraction);
}

/** A small number stays plain while its digits fit behind the point: 0.00001 but 1.2345678901234E-05. */
function needsExponent(exponent: number, significantLength: number, digits: number): boolean {
  return exponent < 0 && -exponent - 1 + significantLength > digits;
}

/** Currency and Decimal: all their digits, no exponent. `scaled` is in units of 10 to the -`scale`. */
export function fixedPoint(scaled: bigint, scale: number, locale: Locale): string {
  const negative = scaled < 0n;
  const digits = (negative ? -scaled : scaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : locale.decimal + fraction}`;
}

/** -2 is the locale's habit, 0 no, everything else yes; as the tristate arguments of FormatNumber. */
export type FormatSettings = {
  readonly decimals: number;
  readonly leadingDigit: boolean;
  readonly parentheses: boolean;
  readonly grouping: boolean;
};

/** Decimal digits of |value| rounded half away from zero to `decimals` places. */
export function roundedDigits(value: number, decimals: number): string {
  const text = decimalExpansion(Math.abs(value));
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  if (fraction.length <= decimals) return `${whole}${fraction.padEnd(decimals, '0')}`;
  let digits = BigInt(whole + fraction.slice(0, decimals));
  if (fraction.charCodeAt(decimals) >= 53) digits += 1n;
  return digits.toString().padStart(decimals + 1, '0');
}

/** The 15 significant digits of a number written out, without exponent. */
function decimalExpansion(value: number): string {
  const [mantissa, exponentText] = value.toExponential(14).split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent >= digits.length - 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

export type FormattedParts = { readonly negative: boolean; readonly text: string };

/** Absolute value as grouped text, and whether a minus belongs to it (never for what rounds to zero). */
export function groupedNumber(value: number, settings: FormatSettings, locale: Locale): FormattedParts {
  const { decimals } = settings;
  const digits = roundedDigits(value, decimals).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/^0+(?=\d)/, '');
  const fraction = digits.slice(digits.length - decimals);
  const grouped = settings.grouping ? whole.replace(/\B(?=(\d{3})+(?!\d))/g, () => locale.thousands) : whole;
  const shown = grouped === '0' && decimals > 0 && !settings.leadingDigit ? '' : grouped;
  return {
    negative: value < 0 && /[1-9]/.test(digits),
    text: decimals > 0 ? shown + locale.decimal + fraction : shown,
  };
}

export function formatNumber(value: number, settings: FormatSettings, locale: Locale): string {
  const { negative, text } = groupedNumber(value, settings, locale);
  if (!negative) return text;
  return settings.parentheses ? `(${text})` : `-${text}`;
}

export function formatPercent(value: number, settings: FormatSettings, locale: Locale): string {
  const { negative, text } = groupedNumber(value * 100, settings, locale);
  if (!negative) return `${text}%`;
  return settings.parentheses ? `(${text}%)` : `-${text}%`;
}

const POSITIVE = ['$n', 'n$', '$ n', 'n $'] as const;
const NEGATIVE = [
  '($n)',
  '-$n',
  '$-n',
  '$n-',
  '(n$)',
  '-n$',
  'n-$',
  'n$-',
  '-n $',
  '-$ n',
  'n $-',
  '$ n-',
  '$ -n',
  'n- $',
  '($ n)',
  '(n $)',
] as const;
/** The form with parentheses, and without, that goes with each positive form. */
const WITH_PARENTHESES = [0, 4, 14, 15] as const;
const WITHOUT_PARENTHESES = [1, 5, 9, 8] as const;

export function formatCurrency(
  value: number,
  settings: FormatSettings,
  parentheses: 'locale' | 'yes' | 'no',
  locale: Locale,
): string {
  const { negative, text } = groupedNumber(value, settings, locale);
  const form =
    parentheses === 'yes'
      ? WITH_PARENTHESES[locale.positiveCurrency]
      : parentheses === 'no'
        ? WITHOUT_PARENTHESES[locale.positiveCurrency]
        : locale.negativeCurrency;
  const pattern = negative ? NEGATIVE[form]! : POSITIVE[locale.positiveCurrency];
  return pattern
    .replace('$', '\u0000')
    .replace('n', () => text)
    .replace('\u0000', () => locale.currency);
}
