/** The operations of the host itself, asked by scripts' threads. */

/** Reads from standard input: the answer is text, or undefined at the end. */
export const STDIN_OPERATION = 'script.stdin';

/** Where messages for the local mail service go: the answer is a folder of this machine, or undefined when there is no service. */
export const PICKUP_OPERATION = 'script.pickup';

/** Where messages of CDONTS go instead, because programs use Exchange: a folder of this machine, or undefined when they do not. */
export const EXCHANGE_PICKUP_OPERATION = 'script.exchange-pickup';

/** Where the local mail service puts mail for local domains: the answer is a folder of this machine, or undefined. */
export const DROP_OPERATION = 'script.drop';

/** Sets a time limit in seconds from now, when it is shorter than the one that holds. Answered by the pool. */
export const TIMEOUT_OPERATION = 'script.timeout';
