/**
 * ObjectContext: the transaction of a page. There is no transaction server here; a page that says TRANSACTION may call both
 * methods, and its OnTransactionCommit or OnTransactionAbort is run at the end.
 * Fails: ASP 0248 for a page that did not ask for a transaction.
 * Sources: doc "ObjectContext object"; KB 294271.
 */
import { type AutomationObject, freshFace } from '../../automation/index.ts';
import { AspProblem } from '../errors.ts';

export class ObjectContext {
  readonly #isTransacted: boolean;
  #isAborted = false;

  constructor(isTransacted: boolean) {
    this.#isTransacted = isTransacted;
  }

  get isTransacted(): boolean {
    return this.#isTransacted;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  vote(isAborted: boolean): void {
    if (!this.#isTransacted) throw new AspProblem('ObjectContext object', 248);
    this.#isAborted = isAborted;
  }
}

export const objectContextFace: (self: ObjectContext) => AutomationObject = freshFace<ObjectContext>({
  name: 'IContextObject',
  members: {
    SetAbort: { arity: [0, 0], call: (self) => void self.vote(true) },
    SetComplete: { arity: [0, 0], call: (self) => void self.vote(false) },
  },
});
