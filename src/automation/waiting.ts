/**
 * Waiting, for objects that must answer synchronously.
 * Owns: the port through which an object asks for work that takes time (SMTP, HTTP, sleep) and blocks until it is done.
 * Leaves: how. A script host runs scripts in worker threads: it sends the request to the main thread and waits on shared
 * memory; a test may answer at once. Objects used from TypeScript alone never need it: they have promises.
 */
export interface WaitingRoom {
  /**
   * Performs `operation` with `request` and returns its answer. Both are plain structured-cloneable data.
   * Throws what the operation threw, as an Error with the same `name`, `message` and own enumerable fields.
   */
  waitFor(operation: string, request: unknown): unknown;
}
