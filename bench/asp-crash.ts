/** Kills a site again and again while its pages send mail by Pickup: `node bench/asp-crash.ts [ROUNDS=50]`. Throws when a mail is missing. */
import { killRounds } from '../test/asp/support/kill-rounds.ts';

const rounds = Number(process.argv[2] ?? 50);
const { answered, mails } = await killRounds(rounds);
console.log(`${rounds} kills: ${answered} answers, ${mails} mails, none missing, none twice, each whole`);
