/**
 * Every ProgID of this room, by name. An object's code is loaded when it is first created.
 * Owns: names and versions.  Leaves: CDO, CDONTS and ADODB.Stream (full-catalogue).
 * Sources: doc "Windows Script Host Reference"; doc "MSXML version list".
 */
import { lazily } from './lazy.ts';
import { ProgIdRegistry } from './registry.ts';
import type { ObjectScope } from './scope.ts';

const connection = lazily<typeof import('./ado/connection-face.ts')>(
  import.meta.url,
  './ado/connection-face',
);
const recordset = lazily<typeof import('./ado/recordset-face.ts')>(import.meta.url, './ado/recordset-face');
const command = lazily<typeof import('./ado/command-face.ts')>(import.meta.url, './ado/command-face');
const dictionary = lazily<typeof import('./dictionary.ts')>(import.meta.url, './dictionary');
const files = lazily<typeof import('./files/file-system-object.ts')>(
  import.meta.url,
  './files/file-system-object',
);
const http = lazily<typeof import('./http/http-objects.ts')>(import.meta.url, './http/http-objects');
const shell = lazily<typeof import('./shell/shell.ts')>(import.meta.url, './shell/shell');
const typeLib = lazily<typeof import('./type-lib.ts')>(import.meta.url, './type-lib');
const xml = lazily<typeof import('./xml/document.ts')>(import.meta.url, './xml/document');
const jmail = lazily<typeof import('./mail/jmail.ts')>(import.meta.url, './mail/jmail');
const persits = lazily<typeof import('./mail/persits.ts')>(import.meta.url, './mail/persits');
const aspMail = lazily<typeof import('./mail/asp-mail.ts')>(import.meta.url, './mail/asp-mail');
const geocel = lazily<typeof import('./mail/geocel.ts')>(import.meta.url, './mail/geocel');
const dundas = lazily<typeof import('./mail/dundas.ts')>(import.meta.url, './mail/dundas');
const outlook = lazily<typeof import('./mail/outlook.ts')>(import.meta.url, './mail/outlook');

/** A fresh registry with the objects of this room; the caller adds its own. */
export function objectCatalogue(): ProgIdRegistry<ObjectScope> {
  return new ProgIdRegistry<ObjectScope>()
    .register(['Scripting.FileSystemObject'], (scope) => files().createFileSystemObject(scope))
    .register(['Scripting.Dictionary'], () => dictionary().createDictionary())
    .register(['Scriptlet.TypeLib'], () => typeLib().createTypeLib())
    .register(['WScript.Shell'], (scope) => shell().createShell(scope))
    .register(['WScript.Network'], (scope) => shell().createNetwork(scope))
    .register(['MSXML2.XMLHTTP', 'Microsoft.XMLHTTP'], (scope) => http().createXmlHttp(scope))
    .register(['MSXML2.ServerXMLHTTP'], (scope) => http().createServerXmlHttp(scope))
    .register(['WinHttp.WinHttpRequest'], (scope) => http().createWinHttp(scope))
    .register(
      [
        'Microsoft.XMLDOM',
        'Microsoft.FreeThreadedXMLDOM',
        'MSXML.DOMDocument',
        'MSXML2.DOMDocument',
        'MSXML2.FreeThreadedDOMDocument',
      ],
      (scope) => xml().createXmlDocument(scope, 3),
    )
    .register(
      [4, 5].flatMap((version) => [
        `MSXML2.DOMDocument.${version}.0`,
        `MSXML2.FreeThreadedDOMDocument.${version}.0`,
      ]),
      (scope) => xml().createXmlDocument(scope, 4),
    )
    .register(['MSXML2.DOMDocument.6.0', 'MSXML2.FreeThreadedDOMDocument.6.0'], (scope) =>
      xml().createXmlDocument(scope, 6),
    )
    .register(['ADODB.Connection'], (scope) => connection().createConnection(scope))
    .register(['ADODB.Recordset'], (scope) => recordset().createRecordset(scope))
    .register(['ADODB.Command'], (scope) => command().createCommand(scope))
    .register(['JMail.Message'], (scope) => jmail().createJMailMessage(scope))
    .register(['JMail.SMTPMail'], (scope) => jmail().createJMailSmtp(scope))
    .register(['Persits.MailSender'], (scope) => persits().createMailSender(scope))
    .register(['SMTPsvg.Mailer'], (scope) => aspMail().createAspMail(scope))
    .register(['SoftArtisans.SMTPMail'], (scope) => aspMail().createSoftArtisansMail(scope))
    .register(['Geocel.Mailer'], (scope) => geocel().createDevMailer(scope))
    .register(['Dundas.Mailer'], (scope) => dundas().createDundasMailer(scope))
    .register(['Outlook.Application'], (scope) => outlook().createOutlook(scope));
}
