import { findRun, isBlank, isNewline } from './find-run.ts';
import { FOLDED } from './source-shapes.ts';

/** Names that say enough wherever they stand: with one of them a rule can fire. */
const NAMES =
  /\b(?:execfile|__import__|import_module|subprocess|popen|startfile|exec[lv][ep]{0,2}|pty|runpy|SourceFileLoader|load_source|urlopen|urlretrieve|urllib2|urllib(?!\.parse\b)|httpx|aiohttp|httplib|http\.client|smtplib|ftplib|paramiko|pycurl|telebot|telegram|discord\w*|dhooks|gdown|wget|gethostbyname|getaddrinfo|dup2|pip\._internal|base64|b(?:16|32|64|85)decode|a85decode|binascii|unhexlify|fromhex|marshal|zlib|lzma|bz2|rot_?13|[fF]ernet|decrypt\w*|ctypes|windll|_?winreg|__builtins__|__builtin__|CodeType|pyperclip|clipboard_\w+|ImageGrab|pynput|win32crypt|win32clipboard|browser_cookie3|sitecustomize|crontab|schtasks|LaunchAgents)\b/;

/** Words of prose, annotations and other people's names: they count where they are imported, looked into or called. */
const IN_USE =
  /\b(?:requests|keyboard|pickle|dill|cloudpickle|socket|clipboard|websockets?|urllib3)\.\w|\b(?:import|from)\s[^\n]{0,100}\b(?:requests|keyboard|pickle|dill|socket|clipboard|websockets?|urllib3|system)\b|\b(?:FunctionType|(?:posix_)?spawn(?:p|[lv]p?e?)?)\s{0,9}\(|\bbuiltins\.(?:exec|eval|compile|_)|(?<!\bimport )\bbuiltins(?![.\w])|\bimport builtins[ \t]+as\b|(?<![\w.])(?:exec|eval)\b|\.system\b(?!\(\))|\bos\.environb?\b(?!\s{0,4}(?:\[|\.(?:get|setdefault|pop)\b)|[ \t]*$)|\bimport\s[^\n]{0,60}\benvironb?\b|https?:\/\/\d|\.(?:onion|exe)\b|\\x[0-9a-f]{2}\\x[0-9a-f]{2}\\x[0-9a-f]{2}\\x/;

/** A name in another script that Python folds to ASCII, reordered letters, or a long run of blanks before code. */
const ODD_LETTER = new RegExp(`[${FOLDED}\\u202a-\\u202e\\u2066-\\u2069]`, 'u');
const HIDING_BLANKS = 100;
const HIDING_LINES = 150;
const NOT_ASCII = /[^\x00-\x7f]/;
const LONG_LITERAL = /["'][^"'\n]{200}/;
const INDIRECT = /\bgetattr\s*\(|\bglobals\s*\(|\b__dict__\b|\bvars\s*\(/;
const SYSTEM_MODULE = /\bimport\s+(?:os|sys|builtins)\b(?:\s+as\b)?|\bfrom\s+(?:os|sys)\b/;
/** Lines that are comments, wherever they stand: inside a string that is run they are comments of that code. */
const COMMENTS = /^[ \t]*#.*/gm;

/** True when a file must be parsed. Linear: one pass per pattern, none of them nested. */
export function isRelevant(source: string): boolean {
  const text = withoutComments(source);
  return (
    NAMES.test(text) ||
    IN_USE.test(text) ||
    findRun(text, isBlank, HIDING_BLANKS, (next) => /\S/.test(next)) !== undefined ||
    findRun(text, isNewline, HIDING_LINES, () => true) !== undefined ||
    (NOT_ASCII.test(text) && ODD_LETTER.test(text)) ||
    (INDIRECT.test(text) &&
      SYSTEM_MODULE.test(text) &&
      /["']\s*\+\s*["']|\[::-1\]|\bchr\s*\(|\.join\s*\(\s*\[/.test(text)) ||
    hasLongLiteral(text)
  );
}

/** The same as replacing COMMENTS by nothing, which costs as much as all other patterns together. */
function withoutComments(source: string): string {
  if (/[\r\u2028\u2029]/.test(source)) return source.replace(COMMENTS, '');
  const kept: string[] = [];
  let from = 0;
  for (let at = source.indexOf('#'); at !== -1; ) {
    let start = at;
    while (start > 0 && (source[start - 1] === ' ' || source[start - 1] === '\t')) start--;
    if (start > 0 && source[start - 1] !== '\n') {
      at = source.indexOf('#', at + 1);
      continue;
    }
    kept.push(source.slice(from, start));
    const end = source.indexOf('\n', at);
    from = end === -1 ? source.length : end;
    at = source.indexOf('#', from);
  }
  return from === 0 ? source : kept.join('') + source.slice(from);
}

/** Documentation is long too, but stands on its own line between triple quotes and holds spaces. */
function hasLongLiteral(text: string): boolean {
  return LONG_LITERAL.test(text) && /["'][^"'\s]{200}/.test(text);
}

/** Helpers that only compute texts: what a decoder split over two modules looks like. */
const COMPUTES = /\b(?:chr|ord)\s*\(|maketrans|\[\s*::\s*-1\s*\]|from_bytes|to_bytes/;

/**
 * True when a file without any such word may hold what another module imports from it under `name`: a constant, or a
 * function that computes texts.
 */
export function offersName(text: string, name: string): boolean {
  if (!/^\w{1,100}$/.test(name) || !text.includes(name)) return false;
  return assignsLiteral(text, name) || COMPUTES.test(text);
}

const LITERAL_ASSIGNED = /[ \t]{0,20}=[ \t]{0,20}[rbuRBU]{0,2}["'([{]/y;

/** `name = "…"` at the start of a line. Many names are asked for: a pattern for each of them would have to be compiled first. */
function assignsLiteral(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (at > 0 && !/[\n\r\u2028\u2029]/.test(text[at - 1]!)) continue;
    LITERAL_ASSIGNED.lastIndex = at + name.length;
    if (LITERAL_ASSIGNED.test(text)) return true;
  }
  return false;
}
