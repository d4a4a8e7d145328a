/**
 * Words without which no rule can fire on a file: calls that reach the network, start programs, run text as code or
 * decode it, and the ways to name those indirectly.
 */
const WORDS =
  /\b(?:execfile|__import__|import_module|subprocess|popen|startfile|spawn[lv]?\w{0,2}|exec[lv][ep]{0,2}|pty|socket|urlopen|urlretrieve|urllib|urllib2|httpx|aiohttp|httplib|http\.client|urllib3|smtplib|ftplib|paramiko|websockets?|pycurl|telebot|telegram|discord\w*|dhooks|base64|b(?:16|32|64|85)decode|a85decode|binascii|unhexlify|fromhex|marshal|zlib|lzma|bz2|rot_?13|fernet|Fernet|decrypt\w*|ctypes|windll|winreg|_winreg|__builtins__|__builtin__|builtins|pyperclip|clipboard\w*|ImageGrab|pynput|win32crypt|win32clipboard|browser_cookie3|sitecustomize|gethostbyname|getaddrinfo|pip\._internal|runpy|SourceFileLoader|load_source|FunctionType|CodeType|gdown|wget|dup2|crontab|schtasks|LaunchAgents)\b|\b(?:requests|keyboard|pickle|dill|cloudpickle)\.|\b(?:import|from)\s[^\n]{0,100}\b(?:requests|system|keyboard|pickle|dill)\b|(?<![\w.])(?:exec|eval|compile)\b|\.system\b(?!\(\))|https?:\/\/\d|\.(?:onion|exe)\b|\\x[0-9a-f]{2}\\x[0-9a-f]{2}\\x[0-9a-f]{2}\\x/;

/** A name in another script that Python folds to ASCII, or a long run of spaces before code. */
const ODD = /[\uff21-\uff5a\u{1d400}-\u{1d7ff}]| {100}\S/u;
const LONG_LITERAL = /["'][^"'\n]{200}/;
const INDIRECT = /\bgetattr\s*\(|\bglobals\s*\(|\b__dict__\b|\bvars\s*\(/;
const SYSTEM_MODULE = /\bimport\s+(?:os|sys|builtins)\b(?:\s+as\b)?|\bfrom\s+(?:os|sys)\b/;

/** True when a file must be parsed. Linear: one pass per pattern, none of them nested. */
export function isRelevant(text: string): boolean {
  return (
    WORDS.test(text) ||
    ODD.test(text) ||
    (INDIRECT.test(text) &&
      SYSTEM_MODULE.test(text) &&
      /["']\s*\+\s*["']|\[::-1\]|\bchr\s*\(|\.join\s*\(\s*\[/.test(text)) ||
    hasLongLiteral(text)
  );
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
  return COMPUTES.test(text) || new RegExp(`^${name}[ \\t]{0,20}=[ \\t]{0,20}[rbuRBU]{0,2}["'(\\[{]`, 'm').test(text);
}
