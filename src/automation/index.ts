/** automation: the late-bound object port. */
export * from './face.ts';
export * from './object.ts';
export * from './value.ts';
export * from './waiting.ts';
