/** message: RFC 5322 and MIME: read, build, header fields, trace fields, DSN bodies. */

export * from './address-parser.ts';
export * from './address-printer.ts';
export * from './base64.ts';
export * from './charset.ts';
export * from './date-time.ts';
export * from './downgrade.ts';
export * from './dsn.ts';
export * from './encoded-word.ts';
export * from './header-block.ts';
export * from './header-print.ts';
export * from './mime-builder.ts';
export * from './mime-tree.ts';
export * from './parameters.ts';
export * from './quoted-printable.ts';
export * from './trace.ts';
export * from './transfer-encoding.ts';
export * from './uuencode.ts';
