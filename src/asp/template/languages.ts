/**
 * The script languages of pages, by the names pages give them.
 * Owns: names, and how each language calls what the template writes for HTML and `<%= %>`.
 */

export type PageLanguage = 'vbscript' | 'jscript';

const NAMES: Readonly<Record<string, PageLanguage>> = {
  vbscript: 'vbscript',
  vbs: 'vbscript',
  jscript: 'jscript',
  javascript: 'jscript',
  ecmascript: 'jscript',
  livescript: 'jscript',
};

/** The language of a name in any case, with or without a version behind it; undefined: there is none of this name. */
export function languageNamed(name: string): PageLanguage | undefined {
  return NAMES[
    name
      .trim()
      .toLowerCase()
      .replace(/[.\d]+$/, '')
  ];
}

export type LanguageForms = {
  /** Writes the HTML block of this number. */
  readonly block: (number: number) => string;
  /** Around the text of `<%= %>`. */
  readonly write: readonly [before: string, after: string];
};

/** The names hold characters that no page would use for its own. */
export const BLOCK_NAME = { vbscript: ' html', jscript: '$aspBlock$' } as const;
export const WRITE_NAME = { vbscript: ' write', jscript: '$aspWrite$' } as const;

export const FORMS: Readonly<Record<PageLanguage, LanguageForms>> = {
  vbscript: {
    block: (number) => `[${BLOCK_NAME.vbscript}] ${number}`,
    write: [`[${WRITE_NAME.vbscript}](`, ')'],
  },
  jscript: {
    block: (number) => `${BLOCK_NAME.jscript}(${number});`,
    write: [`${WRITE_NAME.jscript}(`, ');'],
  },
};
