/** The part of npm's mailparser that the tests read; the package has no types of its own. */
declare module 'mailparser' {
  export type ParsedMail = {
    readonly subject?: string;
    readonly text?: string;
    readonly html?: string | false;
    readonly from?: { readonly value: readonly { readonly address?: string; readonly name: string }[] };
    readonly to?: { readonly value: readonly { readonly address?: string; readonly name: string }[] };
    readonly attachments: readonly {
      readonly filename?: string;
      readonly content: Buffer;
      readonly contentType: string;
      readonly cid?: string;
    }[];
  };
  export function simpleParser(source: Buffer): Promise<ParsedMail>;
}
