/** Torture messages: what mail systems meet, made large or broken. Name → the message's bytes. */

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const crlf = (text: string): Buffer => latin1(text.replaceAll('\n', '\r\n'));
const HEAD =
  'From: <a@x>\nTo: <b@y>\nSubject: s\nDate: Mon, 3 Mar 2014 09:00:00 +0000\nMessage-ID: <1@x>\nMIME-Version: 1.0\n';

function nested(depth: number): string {
  let text = '\ninnermost';
  for (let level = depth; level > 0; level -= 1)
    text = `Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n${text}\n--b${level}--\n`;
  return text;
}

export const TORTURE: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  'one NUL': latin1('\0'),
  'only line ends': latin1('\r\n\r\n\n\r\r\n'),
  'no header': crlf('\njust text'),
  'no body': crlf('Subject: s'),
  'no blank line': crlf('Subject: s\nfirst line of the text\nmore'),
  'bare LF': latin1(`${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n`),
  'bare CR': latin1('Subject: a\rBcc: b\r\n\r\none\rtwo\r\n'),
  'NUL in header and body': crlf('Subject: a\0b\nX-\0: c\n\nte\0xt'),
  'raw 8-bit header': crlf('Subject: gr\xfcn\nFrom: J\xfcrgen <j@x>\n\nK\xf6ln'),
  'raw UTF-8 header': Buffer.from('Subject: grün 😀\r\nFrom: Jürgen <j@x>\r\n\r\nKöln'),
  'header of a megabyte': latin1(`Subject: ${'x'.repeat(1_000_000)}\r\n\r\nbody`),
  'ten thousand header fields': crlf(`${'X-A: b\n'.repeat(10_000)}\nbody`),
  'fifty thousand recipients': latin1(`To: ${'a@x,\r\n '.repeat(50_000)}b@x\r\n\r\nbody`),
  'five thousand parts': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\npart\n'.repeat(5000)}--b--\n`,
  ),
  'thirty thousand boundaries': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n${'--b\n'.repeat(30_000)}`,
  ),
  'nested three hundred deep': crlf(`${HEAD}${nested(300)}`),
  'boundary missing': crlf(`${HEAD}Content-Type: multipart/mixed\n\n--b\n\nx\n--b--`),
  'boundary empty': crlf(`${HEAD}Content-Type: multipart/mixed; boundary=""\n\n--\n\nx\n----`),
  'boundary never met': crlf(`${HEAD}Content-Type: multipart/mixed; boundary=b\n\nno part`),
  'boundary never closed': crlf(`${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nopen`),
  'boundary that is a prefix': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\ninner\n--bb--\n--b\n\nouter\n--b--`,
  ),
  'boundary of the parent inside': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n--b--`,
  ),
  'boundary of 8-bit characters': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary="\xe9"\n\n--\xe9\n\nx\n--\xe9--`,
  ),
  'two content types': crlf(`${HEAD}Content-Type: text/plain\nContent-Type: text/html\n\n<p>x</p>`),
  'unreadable content type': crlf(`${HEAD}Content-Type: ;;; ==\n\nx`),
  'multipart in base64': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\nx\n--b--`,
  ),
  'unknown encoding': crlf(`${HEAD}Content-Transfer-Encoding: rot13\n\nuryyb`),
  'damaged base64': crlf(`${HEAD}Content-Transfer-Encoding: base64\n\n!!aGVs*bG8\n=====\nxx`),
  'damaged quoted-printable': crlf(
    `${HEAD}Content-Transfer-Encoding: quoted-printable\n\na=ZZ=\nb= \nc==3D=`,
  ),
  'unknown charset': crlf(`${HEAD}Content-Type: text/plain; charset=klingon\n\nK\xf6ln`),
  'wrong charset': crlf(`${HEAD}Content-Type: text/plain; charset=utf-8\n\nK\xf6ln`),
  'stateful charset cut off': crlf(`${HEAD}Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$`),
  'encoded words cut in two': crlf('Subject: =?utf-8?B?w6?= =?utf-8?Q?=C3?= =?utf-8?Q?=BC?= =?x?Q?a\n\nx'),
  'twenty thousand encoded words': crlf(`Subject: ${'=?utf-8?Q?=C3=BC?=\n '.repeat(20_000)}x\n\nx`),
  'parameter continuations': crlf(
    `${HEAD}Content-Type: text/plain; ${Array.from({ length: 5000 }, (_, n) => `name*${n}*=%41`).join('; ')}\n\nx`,
  ),
  'unclosed quotes and comments': crlf('From: "((((<<<<\nTo: (((((("a" <b@\nCc: <<<>>>,;:;,"\n\nx'),
  'a hundred thousand parentheses': latin1(`From: ${'('.repeat(100_000)}\r\n\r\nx`),
  'message in a message in a message': crlf(
    `${HEAD}Content-Type: message/rfc822\n\nSubject: one\nContent-Type: message/rfc822\n\nSubject: two\n\ninner`,
  ),
  digest: crlf(`${HEAD}Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\ntext\n--b--`),
  'uuencoded attachments': latin1(
    'Subject: s\r\n\r\ntext\r\nbegin 644 a.bin\r\n#0V%T\r\n`\r\nend\r\nmore\r\nbegin 644 b\r\nbroken',
  ),
  'attachment alone': crlf(
    `${HEAD}Content-Type: application/pdf; name=x.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg==`,
  ),
  'attachment without body': crlf(
    `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Disposition: attachment; filename="../../etc/passwd"\n\nx\n--b--`,
  ),
  signed: crlf(
    `${HEAD}Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\n\npreamble\n--b\nContent-Type: text/plain\n\nsigned  \n--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIIB\n--b--\nepilogue`,
  ),
  report: crlf(
    `${HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; b@y\n--b\nContent-Type: message/rfc822\n\nSubject: original\n\nx\n--b--\n`,
  ),
};
