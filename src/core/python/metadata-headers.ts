import { quoted } from './quoted.ts';

/** A header field, unfolded. `line` is 1-based. */
export type Header = { readonly name: string; readonly value: string; readonly line: number };

type Malformed = { readonly line: number; readonly message: string };

/** Printable ASCII without the colon, which ends it (RFC 822; Python's email.feedparser has the same class). */
const FIELD = /^([!-9;-~]+):(.*)$/s;

/** How setuptools and distutils marked the continued lines of a description. */
const FOLD = /^(?: {7}\||[ \t]{1,8})/;

/**
 * Splits a file of header fields as Python's email parser does: a line that starts with white space continues the field
 * above, an empty line ends the headers, and so does any line that is neither, which then belongs to the body.
 */
export function readHeaders(text: string): {
  readonly headers: readonly Header[];
  readonly body: string;
  readonly malformed: readonly Malformed[];
} {
  const headers: Header[] = [];
  const malformed: Malformed[] = [];
  const line = /([^\r\n]*)(?:\r\n|\r|\n|$)/y;
  let open: { name: string; lines: string[]; line: number } | undefined;
  const close = () => {
    if (open !== undefined) headers.push({ name: open.name, value: trimAscii(open.lines.join('\n')), line: open.line });
    open = undefined;
  };
  let end = text.length;
  for (let number = 1; line.lastIndex < text.length; number += 1) {
    const start = line.lastIndex;
    const content = line.exec(text)![1]!;
    if (content === '') {
      end = line.lastIndex;
      break;
    }
    const [, name, value] = FIELD.exec(content) ?? [];
    if (/^[ \t]/.test(content)) {
      if (open === undefined) malformed.push({ line: number, message: 'a continued line has no field above it' });
      else open.lines.push(content.replace(FOLD, ''));
    } else if (name !== undefined && value !== undefined) {
      close();
      open = { name, lines: [value], line: number };
    } else if (/^(?:From |:)/.test(content)) {
      // The email parser passes over these two.
      close();
      malformed.push({ line: number, message: `${quoted(content)} is passed over` });
    } else {
      malformed.push({ line: number, message: `${quoted(content)} is not a field, so that the fields end here` });
      end = start;
      break;
    }
  }
  close();
  return { headers, body: text.slice(end), malformed };
}

/** Unlike `String.prototype.trim`, leaves the invisible spaces of Unicode, which make a name another name. */
function trimAscii(text: string): string {
  const start = text.search(/[^ \t\n\f\v]/);
  if (start < 0) return '';
  let end = text.length;
  while (' \t\n\f\v'.includes(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}
