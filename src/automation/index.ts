/** automation: the late-bound object port. */
export * from './face.ts';
export * from './kept-with-object.ts';
export * from './object.ts';
export * from './runtime-errors.ts';
export * from './script-error.ts';
export type * from './script-session.ts';
export * from './value.ts';
export * from './waiting.ts';
