/**
 * The classes whose every way out of the thread passes a guard: the script's folders (GrantedFiles), the waiting room, or the
 * statements of databases (ObjectScope.beforeEffect).
 * Owns: the list.  Leaves: what the guards do (asp: mail that was sent is made durable before anything else is seen outside).
 *
 * A class that is not listed is not known to be guarded, so a page that makes one has each mail flushed before Send returns. A new
 * class is listed when every member that reads or writes something outside has been looked at.
 */
const GUARDED: ReadonlySet<string> = new Set([
  // Folders and waiting room.
  'cdo.message',
  'cdo.configuration',
  'cdo.dropdirectory',
  'adodb.stream',
  'cdonts.newmail',
  'cdonts.session',
  'scripting.filesystemobject',
  'wscript.shell',
  'msxml2.xmlhttp',
  'microsoft.xmlhttp',
  'msxml2.serverxmlhttp',
  'winhttp.winhttprequest',
  'microsoft.xmldom',
  'microsoft.freethreadedxmldom',
  'msxml.domdocument',
  'msxml2.domdocument',
  'msxml2.freethreadeddomdocument',
  // Mail objects that are built over CDO.
  'jmail.message',
  'jmail.smtpmail',
  'persits.mailsender',
  'smtpsvg.mailer',
  'softartisans.smtpmail',
  'geocel.mailer',
  'dundas.mailer',
  'outlook.application',
  // Databases.
  'adodb.connection',
  'adodb.recordset',
  'adodb.command',
  // Nothing of these gets out.
  'scripting.dictionary',
  'scriptlet.typelib',
  'wscript.network',
]);

export function isGuardedClass(progId: string): boolean {
  const key = progId.trim().toLowerCase();
  return GUARDED.has(key) || GUARDED.has(key.replace(/(?:\.\d{1,4}){1,2}$/, ''));
}
