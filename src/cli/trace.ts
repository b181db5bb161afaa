/** `mailroot trace`: the live dialogue of sessions. */
import { type Command, EXIT, print, text } from './command.ts';
import { withService } from './queue.ts';

const ARROW = { in: '<', out: '>', event: '*' } as const;

export const traceCommand: Command = {
  name: 'trace',
  summary: 'Show the live dialogue of SMTP sessions, in and out, until Ctrl-C; passwords are masked.',
  details:
    '`<` the other side said it, `>` we said it, `*` tells what is no dialogue. Sessions of ours as a client are called outN.\n' +
    'Example: mailroot trace --recipient @example.com',
  options: {
    client: {
      type: 'string',
      value: 'ADDRESS',
      doc: 'Only sessions with this address, as client or as host.',
    },
    sender: { type: 'string', value: 'TEXT', doc: 'Only sessions with a sender that contains this.' },
    recipient: { type: 'string', value: 'TEXT', doc: 'Only sessions with a recipient that contains this.' },
  },
  async run(invocation) {
    const client = text(invocation, 'client');
    const sender = text(invocation, 'sender');
    const recipient = text(invocation, 'recipient');
    const filter = {
      ...(client !== undefined && { client }),
      ...(sender !== undefined && { sender }),
      ...(recipient !== undefined && { recipient }),
    };
    await withService(invocation, (service) =>
      service.ask('trace', filter, (line) => {
        if (invocation.values['json'] === true) print(invocation.io, JSON.stringify(line));
        else {
          const time = new Date(line.at).toISOString().slice(11, 23);
          print(
            invocation.io,
            `${time} ${line.sessionId} ${line.client} ${ARROW[line.direction]} ${line.text}`,
          );
        }
      }),
    );
    return EXIT.done;
  },
};
