/**
 * Makes plain text from HTML: what AutoGenerateTextBody writes.
 * Owns: the conversion.  Leaves: when it happens (message.ts), charset and encoding (content-coding.ts).
 * Fails: never; any text is taken for HTML, in time proportional to its length.
 * Sources: messages of the original (reference A5.5): 72 columns, `<li>` as star and tab, `<hr>` as blanks and underscores.
 */

const WIDTH = 72;

/** Elements that begin and end a line. */
const BLOCKS = new Set(
  'address article aside blockquote body center dd dir div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header html legend main menu nav ol p pre section table tbody tfoot thead tr ul'.split(
    ' ',
  ),
);
/** Elements whose content is not text. */
const SKIPPED = new Set(['head', 'script', 'style', 'title', 'noframes', 'template']);
/** Blocks with an empty line around them. */
const SPACED = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'pre']);

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
  trade: '™',
  euro: '€',
  pound: '£',
  yen: '¥',
  cent: '¢',
  sect: '§',
  para: '¶',
  middot: '·',
  bull: '•',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  deg: '°',
  plusmn: '±',
  frac12: '½',
  frac14: '¼',
  times: '×',
  divide: '÷',
  micro: 'µ',
  szlig: 'ß',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  agrave: 'à',
  aacute: 'á',
  acirc: 'â',
  atilde: 'ã',
  aring: 'å',
  aelig: 'æ',
  ccedil: 'ç',
  egrave: 'è',
  eacute: 'é',
  ecirc: 'ê',
  euml: 'ë',
  igrave: 'ì',
  iacute: 'í',
  icirc: 'î',
  iuml: 'ï',
  ntilde: 'ñ',
  ograve: 'ò',
  oacute: 'ó',
  ocirc: 'ô',
  otilde: 'õ',
  oslash: 'ø',
  ugrave: 'ù',
  uacute: 'ú',
  ucirc: 'û',
  yuml: 'ÿ',
  yacute: 'ý',
  eth: 'ð',
  thorn: 'þ',
  Agrave: 'À',
  Aacute: 'Á',
  Acirc: 'Â',
  Atilde: 'Ã',
  Aring: 'Å',
  AElig: 'Æ',
  Ccedil: 'Ç',
  Egrave: 'È',
  Eacute: 'É',
  Ecirc: 'Ê',
  Euml: 'Ë',
  Ntilde: 'Ñ',
  Oacute: 'Ó',
  Ocirc: 'Ô',
  Oslash: 'Ø',
  Uacute: 'Ú',
  iexcl: '¡',
  iquest: '¿',
  shy: '',
  zwnj: '',
  zwj: '',
};

/** The entities of HTML, numbers included; unknown ones stay as written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]\w{1,30}));?/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : '';
    },
  );
}

/** Text with CRLF line ends, wrapped at 72 columns. */
export function textFromHtml(html: string, options: { readonly leadingBlank: boolean }): string {
  return new TextMaker(options.leadingBlank).make(html);
}

class TextMaker {
  readonly #leadingBlank: boolean;
  #lines: string[] = [];
  #line = '';
  /** White space was met since the last word. */
  #blank = false;
  /** Empty lines wanted before the next text. */
  #gap = 0;
  #preformatted = 0;
  #cells = 0;
  #links: string[] = [];
  /** Elements known to have no end tag from here on. */
  readonly #unclosed = new Set<string>();

  constructor(leadingBlank: boolean) {
    this.#leadingBlank = leadingBlank;
  }

  make(html: string): string {
    let at = 0;
    while (at < html.length) {
      const open = html.indexOf('<', at);
      if (open < 0) break;
      this.#text(html.slice(at, open));
      const end = tagEnd(html, open);
      if (end === undefined) {
        this.#text('<');
        at = open + 1;
        continue;
      }
      at = this.#tag(html, open, end);
    }
    this.#text(html.slice(at));
    this.#endLine();
    return this.#lines
      .join('\r\n')
      .replace(/(\r\n)+$/, '')
      .replace(/^(\r\n)+/, '');
  }

  /** Handles the tag between `open` and `end` and gives the place behind it. */
  #tag(html: string, open: number, end: number): number {
    const match = /^<(\/?)([A-Za-z][A-Za-z0-9]*)/.exec(html.slice(open, open + 32));
    if (match === null) return end;
    const name = match[2]!.toLowerCase();
    const isClosing = match[1] === '/';
    if (SKIPPED.has(name) && !isClosing && !this.#unclosed.has(name)) {
      const behind = skipElement(html, name, end);
      if (behind !== undefined) return behind;
      this.#unclosed.add(name);
      return name === 'head' ? end : html.length;
    }
    if (name === 'br') this.#break();
    else if (name === 'hr') this.#rule();
    else if (name === 'li' && !isClosing) this.#item();
    else if (name === 'td' || name === 'th') this.#cell(isClosing);
    else if (name === 'a') this.#link(isClosing, html.slice(open, end));
    else if (BLOCKS.has(name)) this.#block(name, isClosing);
    return end;
  }

  #text(raw: string): void {
    const text = decodeEntities(raw);
    if (this.#preformatted > 0) {
      text.split(/\r\n|\r|\n/).forEach((line, index) => {
        if (index > 0) this.#break();
        this.#line += line;
      });
      return;
    }
    // A blank written as &nbsp; has become one of the ordinary kind and folds like any other.
    for (const word of text.split(/([ \t\r\n\f]+)/)) {
      if (word === '') continue;
      if (/^[ \t\r\n\f]/.test(word)) this.#blank = true;
      else this.#word(word);
    }
  }

  #word(word: string): void {
    this.#openGap();
    const glue = this.#blank && this.#line !== '' && !this.#line.endsWith('\t') ? ' ' : '';
    this.#blank = false;
    if (this.#line !== '' && glue !== '' && this.#line.length + 1 + word.length > WIDTH) this.#endLine();
    else this.#line += glue;
    if (this.#line === '' && this.#leadingBlank) this.#line = ' ';
    this.#line += word;
  }

  #openGap(): void {
    if (this.#gap > 0 && this.#lines.length > 0)
      for (let empty = 1; empty < this.#gap; empty += 1) this.#lines.push('');
    this.#gap = 0;
  }

  #endLine(): void {
    if (this.#line !== '') this.#lines.push(this.#line.trimEnd());
    this.#line = '';
    this.#blank = false;
  }

  #break(): void {
    this.#openGap();
    this.#lines.push(this.#line.trimEnd());
    this.#line = '';
    this.#blank = false;
  }

  #block(name: string, isClosing: boolean): void {
    this.#endLine();
    if (SPACED.has(name)) this.#gap = Math.max(this.#gap, 2);
    if (name === 'tr') this.#cells = 0;
    if (name === 'pre') this.#preformatted = Math.max(0, this.#preformatted + (isClosing ? -1 : 1));
  }

  #rule(): void {
    this.#endLine();
    this.#openGap();
    this.#lines.push('  _____');
  }

  #item(): void {
    this.#endLine();
    this.#openGap();
    this.#line = '*\t';
  }

  #cell(isClosing: boolean): void {
    if (isClosing) return;
    if (this.#cells > 0) {
      this.#line += '\t';
      this.#blank = false;
    }
    this.#cells += 1;
  }

  /** `text <URL>`: the address on a line of its own, cut into pieces of 72. */
  #link(isClosing: boolean, tag: string): void {
    if (!isClosing) {
      this.#links.push(attribute(tag, 'href') ?? '');
      return;
    }
    const url = this.#links.pop() ?? '';
    if (url === '' || url.startsWith('#')) return;
    this.#endLine();
    const written = `<${url}>`;
    for (let at = 0; at < written.length; at += WIDTH) this.#lines.push(written.slice(at, at + WIDTH));
    // What follows stands on the last piece's line, as far as it fits.
    this.#line = this.#lines.pop()!;
    this.#blank = true;
  }
}

/** Quotes in longer tags are not respected: a stray one must not make the reading of a page take its square. */
const LONGEST_QUOTED_TAG = 8192;

/** The place behind the `>` that ends the tag at `open`, quotes respected; undefined: no tag begins here. */
function tagEnd(html: string, open: number): number | undefined {
  if (html.startsWith('<!--', open)) {
    const close = html.indexOf('-->', open + 4);
    return close < 0 ? html.length : close + 3;
  }
  if (!/[A-Za-z/!?]/.test(html[open + 1] ?? '')) return undefined;
  let quote = '';
  const limit = Math.min(html.length, open + LONGEST_QUOTED_TAG);
  for (let at = open + 1; at < limit; at += 1) {
    const character = html[at]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '>') return at + 1;
    else if (character === '"' || character === "'") quote = character;
  }
  const close = html.indexOf('>', open);
  return close < 0 ? html.length : close + 1;
}

function skipElement(html: string, name: string, from: number): number | undefined {
  const close = new RegExp(`</${name}\\b`, 'gi');
  close.lastIndex = from;
  const match = close.exec(html);
  if (match === null) return undefined;
  const end = html.indexOf('>', match.index);
  return end < 0 ? html.length : end + 1;
}

/** The value of an attribute of a tag, entities decoded; undefined when it is not there. */
export function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag);
  if (match === null) return undefined;
  return decodeEntities(match[1] ?? match[2] ?? match[3]!).trim();
}
