/** `npm run demo`: the relay, a receiving server that shows the mails, and the site of examples/site, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { startDemo } from '../examples/demo.ts';

const { values } = parseArgs({
  options: {
    'site-port': { type: 'string', default: '0' },
    'mails-port': { type: 'string', default: '0' },
    verbose: { type: 'boolean', default: false },
  },
});
const port = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  console.error(
    `demo: '${text}' is no port. usage: npm run demo -- [--site-port N] [--mails-port N] [--verbose]`,
  );
  process.exit(2);
};
const demo = await startDemo({
  sitePort: port(values['site-port']),
  mailsPort: port(values['mails-port']),
  ...(values.verbose && { print: (text: string) => process.stdout.write(text) }),
});
console.log(
  [
    '',
    `  The site            ${demo.siteUrl}`,
    `  Mails that arrive   ${demo.receiver.url}`,
    `  The mailroot        ${demo.mailroot}`,
    '',
    'Fill in a form of the site, and see the mail arrive. Stop with Ctrl-C: all of it is removed.',
    '',
  ].join('\n'),
);
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    void demo.stop().then(() => process.exit(0));
  });
await demo.ended;
if (!isStopping) {
  console.error('The service ended by itself; run with --verbose to see why.');
  process.exit(1);
}
