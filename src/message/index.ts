/** message: RFC 5322 and MIME: read, build, header fields, trace fields, DSN bodies. */
export * from './trace.ts';
