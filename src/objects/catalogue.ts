/**
 * Every ProgID of this room, by name.
 * Owns: names and versions.  Leaves: CDO, CDONTS and ADODB.Stream, which the host registers beside these (it knows those rooms).
 * Sources: doc "Windows Script Host Reference"; doc "MSXML version list".
 */
import { createDictionary } from './dictionary.ts';
import { createFileSystemObject } from './files/file-system-object.ts';
import { createServerXmlHttp, createWinHttp, createXmlHttp } from './http/http-objects.ts';
import { createAspMail } from './mail/asp-mail.ts';
import { createDundasMailer } from './mail/dundas.ts';
import { createJMailMessage, createJMailSmtp } from './mail/jmail.ts';
import { createOutlook } from './mail/outlook.ts';
import { createMailSender } from './mail/persits.ts';
import { ProgIdRegistry } from './registry.ts';
import type { ObjectScope } from './scope.ts';
import { createNetwork, createShell } from './shell/shell.ts';
import { createTypeLib } from './type-lib.ts';
import { createXmlDocument } from './xml/document.ts';

/** A fresh registry with the objects of this room; the caller adds its own. */
export function objectCatalogue(): ProgIdRegistry<ObjectScope> {
  return new ProgIdRegistry<ObjectScope>()
    .register(['Scripting.FileSystemObject'], createFileSystemObject)
    .register(['Scripting.Dictionary'], createDictionary)
    .register(['Scriptlet.TypeLib'], createTypeLib)
    .register(['WScript.Shell'], createShell)
    .register(['WScript.Network'], createNetwork)
    .register(['MSXML2.XMLHTTP', 'Microsoft.XMLHTTP'], createXmlHttp)
    .register(['MSXML2.ServerXMLHTTP'], createServerXmlHttp)
    .register(['WinHttp.WinHttpRequest'], createWinHttp)
    .register(
      [
        'Microsoft.XMLDOM',
        'Microsoft.FreeThreadedXMLDOM',
        'MSXML.DOMDocument',
        'MSXML2.DOMDocument',
        'MSXML2.FreeThreadedDOMDocument',
      ],
      (scope) => createXmlDocument(scope, 3),
    )
    .register(['MSXML2.DOMDocument.6.0', 'MSXML2.FreeThreadedDOMDocument.6.0'], (scope) =>
      createXmlDocument(scope, 6),
    )
    .register(['JMail.Message'], createJMailMessage)
    .register(['JMail.SMTPMail'], createJMailSmtp)
    .register(['Persits.MailSender'], createMailSender)
    .register(['SMTPsvg.Mailer'], createAspMail)
    .register(['Dundas.Mailer'], createDundasMailer)
    .register(['Outlook.Application'], createOutlook);
}
