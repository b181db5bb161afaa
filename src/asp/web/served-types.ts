/**
 * Which files are handed out as they lie, and with which type; which names never are.
 * Owns: the two tables.  Leaves: additions of a site (web.config's mimeMap), reading files (site-files).
 * A file without a row here is not served: what a site forgot in its folder stays there.
 * Sources: doc "IIS staticContent mimeMap" (rule), RFC 9239 (text/javascript), IANA media types.
 */

/** Extension → media type. Texts carry no charset: old pages say theirs in a meta element. */
export const MEDIA_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aac: 'audio/aac',
    ai: 'application/postscript',
    aif: 'audio/x-aiff',
    aifc: 'audio/aiff',
    aiff: 'audio/aiff',
    appcache: 'text/cache-manifest',
    apng: 'image/apng',
    atom: 'application/atom+xml',
    au: 'audio/basic',
    avi: 'video/x-msvideo',
    avif: 'image/avif',
    bmp: 'image/bmp',
    cab: 'application/vnd.ms-cab-compressed',
    css: 'text/css',
    csv: 'text/csv',
    doc: 'application/msword',
    docm: 'application/vnd.ms-word.document.macroEnabled.12',
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    dot: 'application/msword',
    dotx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.template',
    dtd: 'text/xml',
    eml: 'message/rfc822',
    eot: 'application/vnd.ms-fontobject',
    eps: 'application/postscript',
    flac: 'audio/flac',
    flv: 'video/x-flv',
    gif: 'image/gif',
    gz: 'application/gzip',
    hlp: 'application/winhlp',
    htm: 'text/html',
    html: 'text/html',
    ico: 'image/x-icon',
    ics: 'text/calendar',
    jar: 'application/java-archive',
    jfif: 'image/jpeg',
    jpe: 'image/jpeg',
    jpeg: 'image/jpeg',
    jpg: 'image/jpeg',
    js: 'text/javascript',
    json: 'application/json',
    jsonld: 'application/ld+json',
    m3u: 'audio/x-mpegurl',
    m4a: 'audio/mp4',
    m4v: 'video/mp4',
    map: 'application/json',
    md: 'text/markdown',
    mht: 'message/rfc822',
    mhtml: 'message/rfc822',
    mid: 'audio/midi',
    midi: 'audio/midi',
    mjs: 'text/javascript',
    mov: 'video/quicktime',
    mp2: 'video/mpeg',
    mp3: 'audio/mpeg',
    mp4: 'video/mp4',
    mpe: 'video/mpeg',
    mpeg: 'video/mpeg',
    mpg: 'video/mpeg',
    mpp: 'application/vnd.ms-project',
    msg: 'application/vnd.ms-outlook',
    odp: 'application/vnd.oasis.opendocument.presentation',
    ods: 'application/vnd.oasis.opendocument.spreadsheet',
    odt: 'application/vnd.oasis.opendocument.text',
    oga: 'audio/ogg',
    ogg: 'audio/ogg',
    ogv: 'video/ogg',
    opus: 'audio/ogg',
    otf: 'font/otf',
    pdf: 'application/pdf',
    png: 'image/png',
    pps: 'application/vnd.ms-powerpoint',
    ppt: 'application/vnd.ms-powerpoint',
    pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ps: 'application/postscript',
    psd: 'image/vnd.adobe.photoshop',
    qt: 'video/quicktime',
    ra: 'audio/x-pn-realaudio',
    ram: 'audio/x-pn-realaudio',
    rss: 'application/rss+xml',
    rtf: 'application/rtf',
    svg: 'image/svg+xml',
    svgz: 'image/svg+xml',
    swf: 'application/x-shockwave-flash',
    tar: 'application/x-tar',
    tgz: 'application/gzip',
    tif: 'image/tiff',
    tiff: 'image/tiff',
    ttf: 'font/ttf',
    txt: 'text/plain',
    vcf: 'text/vcard',
    vsd: 'application/vnd.visio',
    vtt: 'text/vtt',
    wasm: 'application/wasm',
    wav: 'audio/wav',
    webm: 'video/webm',
    webmanifest: 'application/manifest+json',
    webp: 'image/webp',
    wma: 'audio/x-ms-wma',
    wmv: 'video/x-ms-wmv',
    woff: 'font/woff',
    woff2: 'font/woff2',
    xht: 'application/xhtml+xml',
    xhtml: 'application/xhtml+xml',
    xls: 'application/vnd.ms-excel',
    xlsm: 'application/vnd.ms-excel.sheet.macroEnabled.12',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    xml: 'text/xml',
    xpi: 'application/x-xpinstall',
    xsd: 'text/xml',
    xsl: 'text/xml',
    xslt: 'application/xml',
    zip: 'application/zip',
  }),
);

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Never served, also when a site gives them a type. Names in lower case, extensions without the dot. */
export const ALWAYS_HIDDEN = {
  names: words(`
    web.config global.asa global.asax bin app_code app_data app_globalresources app_localresources app_webreferences
    app_browsers _vti_pvt _vti_cnf _vti_log _vti_txt _private desktop.ini thumbs.db node_modules
  `),
  extensions: words(`
    asa inc config cs vb vbs vbe jse wsf wsc asax ascx ashx asmx aspx master cshtml vbhtml resx sln csproj vbproj
    cer cdx htr idc idq htw ida stm shtm shtml printer php php3 php4 php5 phtml jsp cfm cgi pl py rb sh bat cmd ps1
    mdb mde accdb accde ldb laccdb sqlite sqlite3 sqlite-wal sqlite-shm sqlite-journal db db3 db-wal db-shm db-journal
    s3db sl3 mdf ndf ldf dbf fdb gdb udl dsn sql bak backup old orig save sav copy tmp temp swp swo rej log ini
    pem pfx p12 crt env dll ocx reg lnk
  `),
  /** Not even with another extension behind: `page.asp.txt`. */
  sources: words('asp asa inc config asax ascx ashx asmx aspx cs vb vbs php mdb accdb sqlite mdf udl'),
} as const;

/** The extension in lower case, without the dot; empty when there is none. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}
