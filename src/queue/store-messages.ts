/** The messages between the queue and the store's thread, as types. One request at a time, each answered once. */
import { RelayError, type RelayErrorCode, type RelayErrorFields } from '../base/index.ts';
import type { Due, StoreOpened } from './store.ts';
import type { PackedBatch } from './store-wire.ts';

export type PackedError = {
  readonly code: RelayErrorCode;
  readonly message: string;
  readonly fields: RelayErrorFields;
};

export type StoreRequest =
  | { readonly kind: 'open' }
  | { readonly kind: 'apply'; readonly batch: PackedBatch }
  | { readonly kind: 'close' };

export type StoreAnswer =
  | { readonly kind: 'opened'; readonly opened: StoreOpened }
  | {
      readonly kind: 'applied';
      /** The batch's block of bytes, for the next batch. */
      readonly block: ArrayBuffer;
      readonly due: Due | undefined;
      /** Operations that failed or have something to tell; all others succeeded. */
      readonly exceptions: readonly {
        readonly index: number;
        readonly value?: unknown;
        readonly error?: PackedError;
      }[];
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly error: PackedError };

export function unpackError(error: PackedError): RelayError {
  return new RelayError(error.code, error.message, { fields: error.fields });
}
