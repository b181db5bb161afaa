/**
 * Local mail on its way to Drop: a bounded number of files at once.
 * Owns: the line and its bound.  Leaves: the file (mailroot, behind DropPort), retries (outcome, queue).
 */
import type { Logger } from '../base/index.ts';
import type { Claim, QueuedRecipient } from '../queue/index.ts';
import type { DropPort } from './contract.ts';
import { Line } from './job.ts';
import type { Reporter } from './reporter.ts';

export type DropJob = {
  readonly claim: Claim;
  readonly recipients: readonly QueuedRecipient[];
  readonly drop: DropPort;
};

export class DropWriter {
  readonly #most: number;
  readonly #reporter: Reporter;
  readonly #log: Logger;
  readonly #line = new Line<DropJob>();
  #running = 0;

  constructor(most: number, reporter: Reporter, log: Logger) {
    this.#most = most;
    this.#reporter = reporter;
    this.#log = log;
  }

  add(job: DropJob): void {
    this.#line.push(job);
    this.#pump();
  }

  /** Gives back what is not being written. */
  stop(): void {
    for (const { claim, recipients } of this.#line.drain()) {
      this.#reporter.report(
        claim,
        recipients.map(({ recipientId }) => ({ recipientId, untried: true })),
      );
    }
  }

  #pump(): void {
    while (this.#running < this.#most) {
      const job = this.#line.shift();
      if (job === undefined) return;
      this.#running += 1;
      this.#write(job).finally(() => {
        this.#running -= 1;
        this.#pump();
      });
    }
  }

  async #write({ claim, recipients, drop }: DropJob): Promise<void> {
    let result: Awaited<ReturnType<DropPort['drop']>>;
    try {
      result = await drop.drop(claim.message, recipients, claim.body);
    } catch (defect) {
      this.#log.event('error', 'delivery.defect', {
        messageId: claim.message.id,
        defect: defect instanceof Error ? (defect.stack ?? defect.message) : String(defect),
      });
      result = {
        dropped: false,
        quota: false,
        text: 'the message could not be written to Drop; the log has the details',
      };
    }
    this.#reporter.report(
      claim,
      recipients.map(({ recipientId }) =>
        result.dropped
          ? { recipientId, dropped: true, file: result.file }
          : { recipientId, dropRefused: { quota: result.quota, text: result.text } },
      ),
    );
  }
}
