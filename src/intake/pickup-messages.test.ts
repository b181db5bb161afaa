import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { domainName } from '../envelope/index.ts';
import { type PickupItem, packItems, unpackItems } from './pickup-messages.ts';

test('items of every kind, with any text and any bytes, arrive at the other thread as they were', () => {
  const domain = domainName('x.example')!;
  // Lone surrogates too: a file name may hold anything.
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const bytes = fc.uint8Array({ maxLength: 50 });
  const draft = fc.record({ subject: text, fileName: text }).map(({ subject, fileName }) => ({
    reversePath: { localPart: 'a', domain },
    body: '8bitmime' as const,
    smtpUtf8: true,
    origin: { kind: 'pickup' as const, fileName, claimId: '0123456789ABCDEF' },
    server: 'default',
    subject,
    hops: 3,
  }));
  const recipients = fc.array(
    text.map((localPart) => ({ forwardPath: { localPart, domain } })),
    { maxLength: 3 },
  );
  const common = { claimId: text, draft, recipients };
  const item: fc.Arbitrary<PickupItem> = fc.oneof(
    fc.record({ kind: fc.constant('message' as const), ...common, body: bytes }),
    fc.record({
      kind: fc.constant('large' as const),
      ...common,
      path: text,
      header: bytes,
      bodyAt: fc.nat(),
      dotStuffed: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('bad' as const),
      claimId: text,
      path: text,
      fileName: text,
      reasonClass: fc.constant('Bad Pickup File' as const),
      detail: text,
    }),
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), (items) => {
      const packed = packItems(items);
      // Objects made by the generators have no prototype.
      assert.deepEqual(
        unpackItems(structuredClone(packed, { transfer: [packed.block] })),
        structuredClone(items),
      );
    }),
  );
});
