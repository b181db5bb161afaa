/**
 * xtext and the unitext forms of internationalised original recipients.
 * Fails: undefined for text that is not of the form; never throws.
 * Sources: RFC 3461 §4, §5; RFC 6533 §3.
 */

const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/;

/** The decoded text, or undefined. Decoded control characters and bytes above 0x7E are refused: they go into reports. */
export function decodeXtext(text: string): string | undefined {
  if (!XTEXT.test(text)) return undefined;
  const decoded = text.replace(/\+([0-9A-F]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return /^[\x20-\x7e]*$/.test(decoded) ? decoded : undefined;
}

/** The xtext form of printable ASCII text. Other characters become `?`; they cannot be carried. */
export function encodeXtext(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(
      /[+= ]/g,
      (character) => `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}

/** RFC 6533 §3: `\x{HEX}` for characters that xtext or plain UTF-8 cannot carry. */
export function decodeUnitext(text: string): string | undefined {
  if (/[\x00-\x20\x7f=+]/.test(text)) return undefined;
  let isValid = true;
  const decoded = text.replace(/\\(?:x\{([0-9A-F]{2,6})\})?/g, (_all, hex: string | undefined) => {
    const point = hex === undefined ? -1 : Number.parseInt(hex, 16);
    if (point < 0x20 || point === 0x7f || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      isValid = false;
      return '';
    }
    return String.fromCodePoint(point);
  });
  return isValid ? decoded : undefined;
}
