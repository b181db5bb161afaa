/**
 * What differs between the generations of the original, and our own standards-true mode.
 * Owns: one row per profile.  Leaves: acting on it (print-message.ts, content-coding.ts, identifiers.ts).
 * Sources: real messages of each generation (reference A5.1–A5.5).
 */

export type ProfileName =
  | 'standards'
  | 'windows-2000'
  | 'windows-xp'
  | 'windows-2003'
  | 'windows-2008'
  | 'windows-2008r2'
  | 'windows-2012'
  | 'windows-2016';

export type Profile = {
  readonly name: ProfileName;
  /**
   * `standards`: every message is valid everywhere – UTF-8 where a charset is needed and none was chosen, encodings that
   * keep lines short. `original`: what the original wrote, raw 8-bit text and long lines included.
   */
  readonly output: 'standards' | 'original';
  /** `2000`: the layout of Windows 2000; `xp`: that of every later version; `plain`: without the library's own fields. */
  readonly layout: '2000' | 'xp' | 'plain';
  readonly messageId: 'filetime' | 'guid';
  /** Behind `Produced By Microsoft MimeOLE`; undefined: no X-MimeOLE field. */
  readonly mimeOleVersion?: string;
  /** How a zero UTC offset is written in Date. */
  readonly zeroOffset: '+0000' | '-0000';
  /** Charset of a generated text part when none was chosen. */
  readonly generatedTextCharset?: string;
  /** Charset and encoding of HTML when none was chosen. */
  readonly html?: { readonly charset: string; readonly encoding: 'quoted-printable' };
  /** Who writes: CDO adds fields of its own, CDONTS leaves it at what MimeOLE writes. */
  readonly writer: 'cdo' | 'cdonts';
  /** Block-level lines of generated text begin with a blank. */
  readonly leadingBlank: boolean;
};

const later = {
  output: 'original',
  layout: 'xp',
  messageId: 'guid',
  zeroOffset: '+0000',
  writer: 'cdo',
  leadingBlank: false,
} as const satisfies Partial<Profile>;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  standards: {
    name: 'standards',
    output: 'standards',
    layout: 'plain',
    messageId: 'guid',
    zeroOffset: '+0000',
    writer: 'cdo',
    leadingBlank: false,
  },
  'windows-2000': {
    name: 'windows-2000',
    output: 'original',
    layout: '2000',
    messageId: 'filetime',
    mimeOleVersion: ' V5.50.4522.1200',
    zeroOffset: '+0000',
    writer: 'cdo',
    generatedTextCharset: 'Windows-1252',
    html: { charset: 'iso-8859-1', encoding: 'quoted-printable' },
    leadingBlank: true,
  },
  'windows-xp': { name: 'windows-xp', ...later, mimeOleVersion: ' V6.00.2900.2180' },
  'windows-2003': {
    name: 'windows-2003',
    ...later,
    mimeOleVersion: ' V6.00.3790.4073',
    generatedTextCharset: 'iso-8859-1',
  },
  'windows-2008': { name: 'windows-2008', ...later, mimeOleVersion: ' V6.0.6001.18000' },
  'windows-2008r2': { name: 'windows-2008r2', ...later, mimeOleVersion: ' V6.1.7601.17514' },
  'windows-2012': { name: 'windows-2012', ...later, mimeOleVersion: ' V6.2.9200.21989' },
  'windows-2016': { name: 'windows-2016', ...later, mimeOleVersion: '', zeroOffset: '-0000' },
};

/** The newest generation of the original: what script hosts use unless told otherwise. */
export const COMPATIBILITY_PROFILE: ProfileName = 'windows-2016';
