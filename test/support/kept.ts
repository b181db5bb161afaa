/** What the tests of a running relay share: things that are stopped behind each test, and a message to send. */
import { afterEach } from 'node:test';

type Stoppable = { stop(): Promise<void> };

/** Gives a `keep` whose things are stopped after each test of the file, the last one first. Call it once, at the top. */
export function keeper(): <T extends Stoppable>(each: T) => T {
  const open: Stoppable[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.stop();
  });
  return (each) => {
    open.push(each);
    return each;
  };
}

/** A message as programs put it into Pickup. */
export function shopMessage(to: string): string {
  return `From: shop@local.test\r\nTo: ${to}\r\n\r\nThank you.\r\n`;
}
