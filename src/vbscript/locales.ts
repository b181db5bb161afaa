/**
 * What a locale id means for text: separators, names, patterns.
 * Owns: the table.  Leaves: formatting (`format-date.ts`, `format-number.ts`), reading (`convert.ts`, `dates.ts`).
 * Patterns use the letters of Windows: d dd ddd dddd M MM MMM MMMM yy yyyy h hh H HH m mm s ss tt, text in single quotes.
 * Sources: doc "National Language Support (NLS) API Reference", values as of Windows Server 2003; observed where 1033.
 */

export type Locale = {
  readonly lcid: number;
  readonly decimal: string;
  readonly thousands: string;
  readonly currency: string;
  /** 0 $1, 1 1$, 2 $ 1, 3 1 $. */
  readonly positiveCurrency: 0 | 1 | 2 | 3;
  /** 0 ($1) … 15 (1 $), as LOCALE_INEGCURR counts. */
  readonly negativeCurrency: number;
  readonly currencyDecimals: number;
  readonly dateOrder: 'mdy' | 'dmy' | 'ymd';
  readonly shortDate: string;
  readonly longDate: string;
  readonly time: string;
  readonly am: string;
  readonly pm: string;
  readonly months: readonly string[];
  readonly shortMonths: readonly string[];
  /** Sunday first. */
  readonly days: readonly string[];
  readonly shortDays: readonly string[];
  /** 0 is Sunday. */
  readonly firstDayOfWeek: number;
  readonly true: string;
  readonly false: string;
};

const list = (text: string): readonly string[] => text.split(' ');

export const ENGLISH_MONTHS: readonly string[] = list(
  'January February March April May June July August September October November December Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
);
export const ENGLISH_DAYS: readonly string[] = list(
  'Sunday Monday Tuesday Wednesday Thursday Friday Saturday Sun Mon Tue Wed Thu Fri Sat',
);

const english = {
  months: ENGLISH_MONTHS.slice(0, 12),
  shortMonths: ENGLISH_MONTHS.slice(12),
  days: ENGLISH_DAYS.slice(0, 7),
  shortDays: ENGLISH_DAYS.slice(7),
  true: 'True',
  false: 'False',
};
const german = {
  decimal: ',',
  thousands: '.',
  months: list('Januar Februar März April Mai Juni Juli August September Oktober November Dezember'),
  shortMonths: list('Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez'),
  days: list('Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag'),
  shortDays: list('So Mo Di Mi Do Fr Sa'),
  true: 'Wahr',
  false: 'Falsch',
};
const french = {
  months: list('janvier février mars avril mai juin juillet août septembre octobre novembre décembre'),
  shortMonths: list('janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.'),
  days: list('dimanche lundi mardi mercredi jeudi vendredi samedi'),
  shortDays: list('dim. lun. mar. mer. jeu. ven. sam.'),
  true: 'Vrai',
  false: 'Faux',
};
const spanish = {
  months: list('enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'),
  shortMonths: list('ene feb mar abr may jun jul ago sep oct nov dic'),
  days: list('domingo lunes martes miércoles jueves viernes sábado'),
  shortDays: list('dom lun mar mié jue vie sáb'),
  true: 'Verdadero',
  false: 'Falso',
};
const italian = {
  months: list(
    'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  ),
  shortMonths: list('gen feb mar apr mag giu lug ago set ott nov dic'),
  days: list('domenica lunedì martedì mercoledì giovedì venerdì sabato'),
  shortDays: list('dom lun mar mer gio ven sab'),
  true: 'Vero',
  false: 'Falso',
};
const portuguese = {
  months: list('janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro'),
  shortMonths: list('jan fev mar abr mai jun jul ago set out nov dez'),
  days: list('domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado'),
  shortDays: list('dom seg ter qua qui sex sáb'),
  true: 'Verdadeiro',
  false: 'Falso',
};
const dutch = {
  months: list('januari februari maart april mei juni juli augustus september oktober november december'),
  shortMonths: list('jan feb mrt apr mei jun jul aug sep okt nov dec'),
  days: list('zondag maandag dinsdag woensdag donderdag vrijdag zaterdag'),
  shortDays: list('zo ma di wo do vr za'),
  true: 'Waar',
  false: 'Onwaar',
};
const swedish = {
  months: list('januari februari mars april maj juni juli augusti september oktober november december'),
  shortMonths: list('jan feb mar apr maj jun jul aug sep okt nov dec'),
  days: list('söndag måndag tisdag onsdag torsdag fredag lördag'),
  shortDays: list('sö må ti on to fr lö'),
  true: 'Sant',
  false: 'Falskt',
};
const danish = {
  months: list('januar februar marts april maj juni juli august september oktober november december'),
  shortMonths: list('jan feb mar apr maj jun jul aug sep okt nov dec'),
  days: list('søndag mandag tirsdag onsdag torsdag fredag lørdag'),
  shortDays: list('sø ma ti on to fr lø'),
  true: 'Sand',
  false: 'Falsk',
};
const norwegian = {
  months: list('januar februar mars april mai juni juli august september oktober november desember'),
  shortMonths: list('jan feb mar apr mai jun jul aug sep okt nov des'),
  days: list('søndag mandag tirsdag onsdag torsdag fredag lørdag'),
  shortDays: list('sø ma ti on to fr lø'),
  true: 'Sann',
  false: 'Usann',
};
const finnish = {
  months: list(
    'tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu',
  ),
  shortMonths: list('tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu'),
  days: list('sunnuntai maanantai tiistai keskiviikko torstai perjantai lauantai'),
  shortDays: list('su ma ti ke to pe la'),
  true: 'Tosi',
  false: 'Epätosi',
};
const polish = {
  months: list(
    'styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień',
  ),
  shortMonths: list('sty lut mar kwi maj cze lip sie wrz paź lis gru'),
  days: list('niedziela poniedziałek wtorek środa czwartek piątek sobota'),
  shortDays: list('N Pn Wt Śr Cz Pt So'),
  true: 'Prawda',
  false: 'Fałsz',
};
const russian = {
  months: list('Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь'),
  shortMonths: list('янв фев мар апр май июн июл авг сен окт ноя дек'),
  days: list('воскресенье понедельник вторник среда четверг пятница суббота'),
  shortDays: list('Вс Пн Вт Ср Чт Пт Сб'),
  true: 'Истина',
  false: 'Ложь',
};
const numbered = (suffix: string): readonly string[] =>
  Array.from({ length: 12 }, (_, index) => `${index + 1}${suffix}`);
const CHINESE_MONTHS = list('一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月');
const CHINESE_DAYS = list('星期日 星期一 星期二 星期三 星期四 星期五 星期六');

const base = {
  decimal: '.',
  thousands: ',',
  currency: '$',
  positiveCurrency: 0,
  negativeCurrency: 0,
  currencyDecimals: 2,
  dateOrder: 'mdy',
  shortDate: 'M/d/yyyy',
  longDate: 'dddd, MMMM d, yyyy',
  time: 'h:mm:ss tt',
  am: 'AM',
  pm: 'PM',
  firstDayOfWeek: 0,
  ...english,
} as const;
const euro = { currency: '€', positiveCurrency: 3, negativeCurrency: 8 } as const;
const continental = {
  decimal: ',',
  thousands: '.',
  dateOrder: 'dmy',
  time: 'HH:mm:ss',
  am: '',
  pm: '',
  firstDayOfWeek: 1,
} as const;

const TABLE: readonly Locale[] = [
  { ...base, lcid: 1033 },
  {
    ...base,
    lcid: 2057,
    currency: '£',
    negativeCurrency: 1,
    dateOrder: 'dmy',
    shortDate: 'dd/MM/yyyy',
    longDate: 'dd MMMM yyyy',
    time: 'HH:mm:ss',
    firstDayOfWeek: 1,
  },
  {
    ...base,
    lcid: 3081,
    negativeCurrency: 1,
    dateOrder: 'dmy',
    shortDate: 'd/MM/yyyy',
    longDate: 'dddd, d MMMM yyyy',
    firstDayOfWeek: 1,
  },
  {
    ...base,
    lcid: 4105,
    negativeCurrency: 1,
    dateOrder: 'dmy',
    shortDate: 'dd/MM/yyyy',
    longDate: 'MMMM d, yyyy',
  },
  {
    ...base,
    ...continental,
    ...german,
    ...euro,
    lcid: 1031,
    shortDate: 'dd.MM.yyyy',
    longDate: 'dddd, d. MMMM yyyy',
  },
  {
    ...base,
    ...continental,
    ...german,
    lcid: 3079,
    currency: '€',
    positiveCurrency: 2,
    negativeCurrency: 9,
    shortDate: 'dd.MM.yyyy',
    longDate: 'dddd, dd. MMMM yyyy',
    months: ['Jänner', ...german.months.slice(1)],
  },
  {
    ...base,
    ...continental,
    ...german,
    lcid: 2055,
    decimal: '.',
    thousands: "'",
    currency: 'SFr.',
    positiveCurrency: 2,
    negativeCurrency: 2,
    shortDate: 'dd.MM.yyyy',
    longDate: 'dddd, d. MMMM yyyy',
  },
  {
    ...base,
    ...continental,
    ...french,
    ...euro,
    lcid: 1036,
    thousands: '\u00a0',
    shortDate: 'dd/MM/yyyy',
    longDate: 'dddd d MMMM yyyy',
  },
  {
    ...base,
    ...continental,
    ...french,
    ...euro,
    lcid: 2060,
    positiveCurrency: 2,
    negativeCurrency: 9,
    shortDate: 'd/MM/yyyy',
    longDate: 'dddd d MMMM yyyy',
    time: 'H:mm:ss',
  },
  {
    ...base,
    ...continental,
    ...french,
    lcid: 3084,
    thousands: '\u00a0',
    positiveCurrency: 3,
    negativeCurrency: 15,
    dateOrder: 'ymd',
    shortDate: 'yyyy-MM-dd',
    longDate: 'd MMMM yyyy',
    firstDayOfWeek: 0,
  },
  {
    ...base,
    ...continental,
    ...spanish,
    ...euro,
    lcid: 3082,
    shortDate: 'dd/MM/yyyy',
    longDate: "dddd, dd' de 'MMMM' de 'yyyy",
    time: 'H:mm:ss',
  },
  {
    ...base,
    ...spanish,
    lcid: 2058,
    negativeCurrency: 1,
    dateOrder: 'dmy',
    shortDate: 'dd/MM/yyyy',
    longDate: "dddd, dd' de 'MMMM' de 'yyyy",
    time: 'hh:mm:ss tt',
    am: 'a.m.',
    pm: 'p.m.',
  },
  {
    ...base,
    ...continental,
    ...spanish,
    lcid: 11274,
    currency: '$',
    positiveCurrency: 2,
    negativeCurrency: 14,
    shortDate: 'dd/MM/yyyy',
    longDate: "dddd, dd' de 'MMMM' de 'yyyy",
    firstDayOfWeek: 0,
  },
  {
    ...base,
    ...continental,
    ...italian,
    currency: '€',
    positiveCurrency: 2,
    negativeCurrency: 9,
    lcid: 1040,
    shortDate: 'dd/MM/yyyy',
    longDate: 'dddd d MMMM yyyy',
    time: 'H.mm.ss',
  },
  {
    ...base,
    ...continental,
    ...portuguese,
    lcid: 1046,
    currency: 'R$ ',
    positiveCurrency: 0,
    negativeCurrency: 0,
    shortDate: 'd/M/yyyy',
    longDate: "dddd, d' de 'MMMM' de 'yyyy",
    firstDayOfWeek: 0,
  },
  {
    ...base,
    ...continental,
    ...portuguese,
    ...euro,
    lcid: 2070,
    shortDate: 'dd-MM-yyyy',
    longDate: "dddd, d' de 'MMMM' de 'yyyy",
    time: 'H:mm:ss',
  },
  {
    ...base,
    ...continental,
    ...dutch,
    lcid: 1043,
    currency: '€',
    positiveCurrency: 2,
    negativeCurrency: 11,
    shortDate: 'd-M-yyyy',
    longDate: 'dddd d MMMM yyyy',
    time: 'H:mm:ss',
  },
  {
    ...base,
    ...continental,
    ...swedish,
    lcid: 1053,
    currency: 'kr',
    positiveCurrency: 3,
    negativeCurrency: 8,
    dateOrder: 'ymd',
    shortDate: 'yyyy-MM-dd',
    longDate: "'den 'd MMMM yyyy",
  },
  {
    ...base,
    ...continental,
    ...danish,
    lcid: 1030,
    currency: 'kr',
    positiveCurrency: 2,
    negativeCurrency: 12,
    shortDate: 'dd-MM-yyyy',
    longDate: 'd. MMMM yyyy',
  },
  {
    ...base,
    ...continental,
    ...norwegian,
    lcid: 1044,
    thousands: '\u00a0',
    currency: 'kr',
    positiveCurrency: 2,
    negativeCurrency: 12,
    shortDate: 'dd.MM.yyyy',
    longDate: 'd. MMMM yyyy',
  },
  {
    ...base,
    ...continental,
    ...finnish,
    ...euro,
    lcid: 1035,
    thousands: '\u00a0',
    shortDate: 'd.M.yyyy',
    longDate: "d. MMMM'ta 'yyyy",
    time: 'H:mm:ss',
  },
  {
    ...base,
    ...continental,
    ...polish,
    lcid: 1045,
    thousands: '\u00a0',
    currency: 'zł',
    positiveCurrency: 3,
    negativeCurrency: 8,
    dateOrder: 'ymd',
    shortDate: 'yyyy-MM-dd',
    longDate: 'd MMMM yyyy',
  },
  {
    ...base,
    ...continental,
    ...russian,
    lcid: 1049,
    thousands: '\u00a0',
    currency: 'р.',
    positiveCurrency: 1,
    negativeCurrency: 5,
    shortDate: 'dd.MM.yyyy',
    longDate: "d MMMM yyyy' г.'",
    time: 'H:mm:ss',
  },
  {
    ...base,
    lcid: 2052,
    currency: '￥',
    negativeCurrency: 2,
    dateOrder: 'ymd',
    shortDate: 'yyyy-M-d',
    longDate: "yyyy'年'M'月'd'日'",
    time: 'H:mm:ss',
    am: '上午',
    pm: '下午',
    months: CHINESE_MONTHS,
    shortMonths: CHINESE_MONTHS,
    days: CHINESE_DAYS,
    shortDays: list('日 一 二 三 四 五 六'),
  },
  {
    ...base,
    lcid: 1028,
    currency: 'NT$',
    negativeCurrency: 1,
    dateOrder: 'ymd',
    shortDate: 'yyyy/M/d',
    longDate: "yyyy'年'M'月'd'日'",
    time: 'tt hh:mm:ss',
    am: '上午',
    pm: '下午',
    months: CHINESE_MONTHS,
    shortMonths: CHINESE_MONTHS,
    days: CHINESE_DAYS,
    shortDays: CHINESE_DAYS,
  },
  {
    ...base,
    lcid: 1041,
    currency: '\\',
    negativeCurrency: 1,
    currencyDecimals: 0,
    dateOrder: 'ymd',
    shortDate: 'yyyy/MM/dd',
    longDate: "yyyy'年'M'月'd'日'",
    time: 'H:mm:ss',
    am: '午前',
    pm: '午後',
    months: numbered('月'),
    shortMonths: numbered(''),
    days: list('日曜日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日'),
    shortDays: list('日 月 火 水 木 金 土'),
  },
  {
    ...base,
    lcid: 1042,
    currency: '\\',
    negativeCurrency: 1,
    currencyDecimals: 0,
    dateOrder: 'ymd',
    shortDate: 'yyyy-MM-dd',
    longDate: "yyyy'년' M'월' d'일' dddd",
    time: 'tt h:mm:ss',
    am: '오전',
    pm: '오후',
    months: numbered('월'),
    shortMonths: numbered(''),
    days: list('일요일 월요일 화요일 수요일 목요일 금요일 토요일'),
    shortDays: list('일 월 화 수 목 금 토'),
  },
];

const BY_LCID: ReadonlyMap<number, Locale> = new Map(TABLE.map((locale) => [locale.lcid, locale]));

export const DEFAULT_LCID = 1033;

/** The locale of an id, or `undefined` when the table has none (error 447). 0, 1024 and 2048 are the default. */
export function localeOf(lcid: number): Locale | undefined {
  return BY_LCID.get(lcid === 0 || lcid === 1024 || lcid === 2048 ? DEFAULT_LCID : lcid);
}

/** Every id that the table knows. */
export function localeIds(): number[] {
  return [...BY_LCID.keys()];
}
