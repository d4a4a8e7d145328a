/** White space as Python's `str.strip` and `\s` know it. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACE_CHARACTER = new RegExp(`[${SPACE}]`);
const COMMENT_LINE = new RegExp(`^[${SPACE}]*#`);
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);
/** Ends of lines as `str.splitlines` knows them. */
const LINE_END = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/;

/** A line as pip sees it: continuations joined, comments and outer white space gone, never empty. */
export type RequirementLine = {
  /** Of its first physical line, from 1. */
  readonly line: number;
  /** How many physical lines it is made of. */
  readonly height: number;
  readonly text: string;
};

/** The physical lines with their ends, which together are the content. */
export function physicalLines(content: string): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  for (const end of content.matchAll(new RegExp(LINE_END, 'g'))) {
    lines.push(content.slice(start, end.index + end[0].length));
    start = end.index + end[0].length;
  }
  return [...lines, content.slice(start)];
}

/** Splits a requirements file into what pip reads one by one (`preprocess` of its req_file.py, up to the variables). */
export function requirementLines(content: string): readonly RequirementLine[] {
  return joinLines(content.split(LINE_END))
    .map((joined) => ({ ...joined, text: stripSpace(withoutComment(joined.text)) }))
    .filter(({ text }) => text !== '');
}

/** Replaces `${NAME}` by the variable's value; what has none, or an empty one, stays. */
export function expandVariables(text: string, variable: (name: string) => string | undefined): string {
  let expanded = text;
  for (const [whole, name] of text.matchAll(/\$\{([A-Z0-9_]+)\}/g)) {
    const value = variable(name!);
    if (value) expanded = expanded.replaceAll(whole, () => value);
  }
  return expanded;
}

/** A backslash at the end joins the next line, unless the line is a comment: that one ends what came before it. */
function joinLines(physical: readonly string[]): readonly RequirementLine[] {
  const joined: RequirementLine[] = [];
  let parts: string[] = [];
  let start = 0;
  for (const [at, text] of physical.entries()) {
    const isComment = COMMENT_LINE.test(text);
    if (parts.length === 0) start = at + 1;
    if (text.endsWith('\\') && !isComment) {
      parts.push(withoutOuterBackslashes(text));
    } else {
      // The space makes a comment of it after whatever it is joined to.
      parts.push(isComment ? ` ${text}` : text);
      joined.push({ line: start, height: parts.length, text: parts.join('') });
      parts = [];
    }
  }
  if (parts.length > 0) joined.push({ line: start, height: parts.length, text: parts.join('') });
  return joined;
}

function withoutOuterBackslashes(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === '\\') start++;
  while (end > start && text[end - 1] === '\\') end--;
  return text.slice(start, end);
}

/** A comment begins at the start or after white space: `#sha256=` of a URL is none. */
export function withoutComment(text: string): string {
  for (let at = text.indexOf('#'); at !== -1; at = text.indexOf('#', at + 1)) {
    if (at === 0 || SPACE_CHARACTER.test(text[at - 1]!)) return text.slice(0, at);
  }
  return text;
}

function stripSpace(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE_CHARACTER.test(text[end - 1]!)) end--;
  return text.slice(0, end).replace(LEADING_SPACE, '');
}
