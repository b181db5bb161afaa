/** A reload: what it puts to use, and what it must not forget. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nodeDisk } from '../../src/base/index.ts';
import { addUser } from '../../src/intake/index.ts';
import { RelayHere } from '../support/in-process.ts';
import { keeper, shopMessage } from '../support/kept.ts';
import { startNsd } from '../support/nsd.ts';
import { freePort } from '../support/ports.ts';
import { SinkServer } from '../support/sink-server.ts';

const keep = keeper();

describe('a reload', () => {
  it('puts other DNS servers to use for the mail that waits', async () => {
    const sink = keep(await SinkServer.start());
    const dns = keep(
      await startNsd({
        'far.test': [
          ['far.test', 'MX', '10 mx.far.test.'],
          ['mx.far.test', 'A', '127.0.0.1'],
        ],
      }),
    );
    const delivery = { port: sink.port, addressFamilies: 'ipv4-only' };
    const silent = `127.0.0.1:${await freePort()}`;
    const relay = keep(await RelayHere.start({ delivery: { ...delivery, dnsServers: [silent] } }));
    writeFileSync(join(relay.pickup, 'a.eml'), shopMessage('ann@far.test'));
    await relay.told(({ name }) => name === 'outcome.deferred');
    await relay.reload({ delivery: { ...delivery, dnsServers: [dns.server] } });
    await relay.retry();
    await sink.reached(1);
    assert.deepEqual(sink.messages[0]!.recipients, ['ann@far.test']);
  });

  it('puts another smart host and another masquerade domain to use', async () => {
    const [first, second] = [keep(await SinkServer.start()), keep(await SinkServer.start())];
    const relay = keep(
      await RelayHere.start({
        delivery: { smartHost: `[127.0.0.1]:${first.port}` },
        domains: { default: 'local.test' },
      }),
    );
    writeFileSync(join(relay.pickup, 'a.eml'), shopMessage('ann@far.test'));
    await first.reached(1);
    assert.equal(first.messages[0]!.sender, 'shop@local.test');
    await relay.reload({
      delivery: { smartHost: `[127.0.0.1]:${second.port}`, masqueradeDomain: 'face.test' },
      domains: { default: 'local.test' },
    });
    writeFileSync(join(relay.pickup, 'b.eml'), shopMessage('bob@far.test'));
    await second.reached(1);
    assert.equal(second.messages[0]!.sender, 'shop@face.test', 'the local domain is not shown');
  });

  it('does not forget failed log-ons, nor how much a device has sent in its hour', async () => {
    const relay = keep(await RelayHere.start());
    const usersFile = join(relay.mailroot, 'users');
    await addUser({ disk: nodeDisk, path: usersFile }, 'ann', 'right');
    const settings = (banner: string) => ({
      banner,
      access: {
        usersFile,
        plainTextAuthNetworks: ['127.0.0.0/8'],
        identities: [{ name: 'scanner', networks: ['127.0.0.1/32'], messagesPerHour: 1 }],
      },
    });
    const failures = (): unknown[] =>
      relay.events
        .filter(({ name }) => name === 'smtp.auth-rejected')
        .map(({ fields }) => fields['failures']);
    const wrong = Buffer.from('\0ann\0wrong').toString('base64');
    await relay.reload(settings('one'));
    const first = await Client.to(relay.smtpPort);
    assert.match(first.greeting, /^220 .*one/);
    await first.say('EHLO client.test');
    assert.match(await first.say(`AUTH PLAIN ${wrong}`), /^535 /);
    await first.say('RSET');
    assert.match(await first.say('MAIL FROM:<a@local.test>'), /^250 /);
    first.end();
    await relay.reload(settings('two'));
    const second = await Client.to(relay.smtpPort);
    assert.match(second.greeting, /^220 .*two/);
    await second.say('EHLO client.test');
    assert.match(await second.say(`AUTH PLAIN ${wrong}`), /^535 /);
    assert.deepEqual(failures(), [1, 2]);
    assert.match(await second.say('MAIL FROM:<a@local.test>'), /^452 /);
    second.end();
  });
});

/** Says one line, hears one reply. */
class Client {
  readonly #socket;
  greeting = '';

  private constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setEncoding('latin1');
  }

  static async to(port: number): Promise<Client> {
    const client = new Client(port);
    client.greeting = await client.#hear();
    return client;
  }

  async say(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.#hear();
  }

  end(): void {
    this.#socket.destroy();
  }

  async #hear(): Promise<string> {
    let text = '';
    while (!/^\d{3} .*\r\n$/m.test(text)) text += String((await once(this.#socket, 'data'))[0]);
    return text;
  }
}
