/** The demonstration of examples/, driven in a real browser: what a visitor does leads to the mails that arrive. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Demo, startDemo } from '../../examples/demo.ts';
import type { ReceivedMail } from '../../examples/receiver.ts';
import { startBrowser } from '../support/browser.ts';

const STEP_MS = 20_000;

describe('the demonstration site', () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;
  let output = '';
  before(async () => {
    demo = await startDemo({
      sitePort: 0,
      mailsPort: 0,
      print: (text) => {
        output += text;
      },
    });
    browser = await startBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(STEP_MS);
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** The first mail that `wanted` names; fails with what the service said when none comes. */
  async function arrived(what: string, wanted: (mail: ReceivedMail) => boolean): Promise<ReceivedMail> {
    const end = performance.now() + STEP_MS;
    for (;;) {
      const mail = demo.receiver.mails.find(wanted);
      if (mail !== undefined) return mail;
      if (performance.now() > end)
        assert.fail(`${what} did not arrive; ${demo.receiver.mails.length} others did.\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** What the page says when it has done what was asked; fails with the whole page when it says something else. */
  async function done(): Promise<string> {
    await page.waitForLoadState('load');
    const found = page.locator('#done');
    assert.equal(await found.count(), 1, await page.locator('body').innerText());
    return found.innerText();
  }

  for (const [way, name] of [
    ['pickup', 'Ada Lovelace'],
    ['smtp', 'Zoë <b>Quick</b>'],
    ['cdonts', 'Grace Hopper'],
  ] as const) {
    test(`the contact form sends by ${way}`, async () => {
      await page.goto(`${demo.siteUrl}contact.asp`);
      await page.getByLabel('Name').fill(name);
      await page.getByLabel('Address').fill('visitor@customers.example');
      await page.getByLabel('Comments').fill(`How much is the pie?\nBy ${way}.`);
      await page.getByLabel('Way').selectOption(way);
      await page.getByRole('button', { name: 'Send' }).click();
      assert.equal(await done(), `Thank you, ${name}. We answer to visitor@customers.example.`);
      const { parsed, sender, recipients } = await arrived(`the mail by ${way}`, (mail) =>
        (mail.parsed.text ?? '').includes(`By ${way}.`),
      );
      assert.equal(sender, '<website@pies.example>');
      assert.deepEqual(recipients, ['staff@customers.example']);
      assert.equal(parsed.subject, `Contact form: ${name}`);
      assert.match(parsed.text!, /How much is the pie\?/);
      assert.equal(parsed.replyTo?.value[0]?.address, 'visitor@customers.example');
    });
  }

  test('a form with a mistake comes back with what was filled in, and sends nothing', async () => {
    const before = demo.receiver.mails.length;
    await page.goto(`${demo.siteUrl}contact.asp`);
    await page.getByLabel('Name').fill('"><script>alert(1)</script>');
    await page.getByLabel('Address').fill('no address');
    await page.getByLabel('Comments').fill('x');
    await page.getByRole('button', { name: 'Send' }).click();
    assert.match(await page.locator('#problem').innerText(), /an address that we can answer to/);
    assert.equal(await page.getByLabel('Name').inputValue(), '"><script>alert(1)</script>');
    assert.equal(demo.receiver.mails.length, before);
  });

  test('a file that is uploaded arrives as it was', async () => {
    const content = Buffer.from('Pie recipe\r\nflour, apples \x80\xe9\xff\x00\x01 end', 'latin1');
    await page.goto(`${demo.siteUrl}upload.asp`);
    await page.getByLabel('File').setInputFiles({
      name: 'my recipe.txt',
      mimeType: 'text/plain',
      buffer: content,
    });
    await page.getByRole('button', { name: 'Send' }).click();
    assert.equal(await done(), `my recipe.txt, ${content.length} bytes, is with us.`);
    const { parsed } = await arrived('the upload', (mail) => mail.parsed.subject === 'A file: my recipe.txt');
    assert.equal(parsed.attachments.length, 1);
    assert.equal(parsed.attachments[0]!.filename, 'my_recipe.txt');
    assert.deepEqual(parsed.attachments[0]!.content, content);
  });

  test('somebody who subscribes gets the newsletter with the others', async () => {
    await page.goto(`${demo.siteUrl}newsletter.asp`);
    await page.getByLabel('Address').fill('Eve@Customers.Example');
    await page.getByLabel('Name').fill('Eve & Co');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    assert.equal(await done(), 'eve@customers.example is subscribed.');
    assert.equal(await page.locator('#subscribers tr').count(), 4);
    await page.getByRole('button', { name: 'Send the newsletter' }).click();
    assert.equal(await done(), 'The newsletter was sent to 3 subscribers.');
    for (const [address, name] of [
      ['ada@customers.example', 'Ada'],
      ['eve@customers.example', 'Eve &amp; Co'],
      ['zoe@customers.example', 'Zoë'],
    ]) {
      const { parsed } = await arrived(
        `the newsletter for ${address}`,
        (mail) => mail.parsed.subject === 'Pies of the month' && mail.recipients.includes(address!),
      );
      assert.match(String(parsed.html), new RegExp(`Dear ${name},`));
      assert.equal(parsed.attachments[0]?.filename, 'prices.txt');
      assert.match(parsed.attachments[0]!.content.toString(), /^Apple pie {5}4\.50\r\n/);
    }
  });

  test('the password reminder mails a link, and says the same of an address nobody knows', async () => {
    await page.goto(`${demo.siteUrl}password.asp`);
    await page.getByLabel('Address').fill('nobody@customers.example');
    await page.getByRole('button', { name: 'Send a reminder' }).click();
    assert.equal(await done(), 'If we know nobody@customers.example, a mail is on its way.');
    await page.goto(`${demo.siteUrl}password.asp`);
    await page.getByLabel('Address').fill('ada@customers.example');
    await page.getByRole('button', { name: 'Send a reminder' }).click();
    assert.equal(await done(), 'If we know ada@customers.example, a mail is on its way.');
    const { parsed } = await arrived(
      'the reminder',
      (mail) => mail.parsed.subject === 'Your password at The Pie Shop',
    );
    const [link] = /http:\S+/.exec(parsed.text!)!;
    assert.match(link, /\/password\.asp\?token=[0-9A-F-]{36}$/);
    await page.goto(link);
    assert.match(await page.locator('.done').innerText(), /The link works/);
    assert.ok(
      demo.receiver.mails.every(({ recipients }) => !recipients.includes('nobody@customers.example')),
    );
  });

  test('the site counts its mails, and the receiving server shows them', async () => {
    await page.goto(demo.siteUrl);
    assert.equal(Number(await page.locator('#mails').innerText()), demo.receiver.mails.length);
    await page.goto(demo.receiver.url);
    assert.equal(await page.locator('tr').count(), demo.receiver.mails.length + 1);
    await page.getByRole('link', { name: 'A file: my recipe.txt' }).click();
    await page.locator('#attachments').waitFor();
    assert.match(await page.locator('#attachments').innerText(), /my_recipe\.txt/);
  });
});
