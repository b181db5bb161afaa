/** The part of npm's mailparser that the tests read; the package has no types of its own. */
declare module 'mailparser' {
  export type MailParserAddresses = {
    readonly text: string;
    readonly value: readonly { readonly address?: string; readonly name: string }[];
  };
  export type ParsedMail = {
    readonly subject?: string;
    readonly text?: string;
    readonly html?: string | false;
    readonly from?: MailParserAddresses;
    readonly replyTo?: MailParserAddresses;
    readonly to?: MailParserAddresses;
    readonly attachments: readonly {
      readonly filename?: string;
      readonly content: Buffer;
      readonly contentType: string;
      readonly cid?: string;
    }[];
  };
  export function simpleParser(source: Buffer): Promise<ParsedMail>;
}
