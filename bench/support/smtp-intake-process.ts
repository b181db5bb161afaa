/** The SMTP service over a queue in memory, as a process of its own. Prints its port; counts what it accepted. */
import { startSmtpFixture } from '../../test/support/smtp-fixture.ts';

const fixture = await startSmtpFixture();
let accepted = 0;
fixture.queue.onAccepted = () => {
  accepted += 1;
};
process.on('disconnect', () => process.exit());
process.send!({ port: fixture.port });
process.on('message', () => process.send!({ accepted, sessions: fixture.server.sessionCount }));
