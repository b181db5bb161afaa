/** mailroot: the folders, their file formats and safe moves. */
export { decodeXtext, encodeXtext, formatEnvelopeLines } from './envelope-lines.ts';
