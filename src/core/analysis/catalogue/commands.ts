/** What a command line does; a text may be several. */
export type CommandKind =
  | 'download'
  | 'encoded'
  | 'decode'
  | 'reverse-shell'
  | 'install-package'
  | 'executable'
  | 'hidden'
  | 'destroy'
  | 'persist'
  | 'inline-python'
  | 'credentials'
  | 'agent'
  | 'publish'
  | 'secret-scan'
  | 'mine';

const PATTERNS: readonly (readonly [CommandKind, RegExp])[] = [
  [
    'download',
    /\b(?:curl|wget)(?:\.exe)?\s[^\n]{0,300}(?:https?:|ftp:|\d{1,3}\.\d{1,3}\.|\w\.\w|\uf8ff|\{\w)|\bcertutil\b[^\n]{0,80}-urlcache|\bbitsadmin\b[^\n]{0,80}\/transfer|\bmshta(?:\.exe)?\s+(?:https?:|vbscript:|javascript:)|\bInvoke-WebRequest\b|\bInvoke-RestMethod\b|\bDownload(?:String|File|Data)\s*\(|\bStart-BitsTransfer\b|\b(?:iwr|irm)\s+-?\w*\s*['"]?https?:|\bNet\.WebClient\b|\bnslookup\s+[^\s]{0,60}(?:\$\(|`|\uf8ff)/i,
  ],
  [
    'encoded',
    /\bpowershell(?:\.exe)?\b[^\n]{0,200}\s-e(?:nc?|ncodedcommand)?\s+['"]?[A-Za-z0-9+/=\uf8ff]{8}|\bFromBase64String\b/i,
  ],
  [
    'decode',
    /\bbase64(?:\.exe)?\s+(?:-d|--decode|-D)\b|\bcertutil\b[^\n]{0,60}-decode\b|\bxxd\s+-r\b|\bopenssl\s+(?:enc|base64)\s[^\n]{0,60}-d\b/i,
  ],
  [
    'reverse-shell',
    /\/dev\/tcp\/|\bnc(?:at)?(?:\.exe)?\s[^\n]{0,80}\s-(?:e|c)\s|\bnc\s+-e\s|\b(?:ba)?sh\s+-i\b[^\n]{0,40}[>&|]|\bmkfifo\s[^\n]{0,80}\bnc\b|\bsocat\s[^\n]{0,80}exec:|\bTCPClient\s*\(/i,
  ],
  [
    'install-package',
    /(?:^|[\s\uf8ff/\\])pip[\d.]*(?:\.exe)?\s+(?:-\w+\s+)?install\b|(?:^|\s)(?:npm|gem|cargo)\s+i(?:nstall)?\s+-?g?/i,
  ],
  // `git.cmd` is how tools that read a version from git call it on Windows.
  ['executable', /(?<=[\w\uf8ff%)])(?<!\bgit)\.(?:exe|bat|cmd|ps1|vbs|msi|scr|hta)\b/i],
  [
    'hidden',
    />\s*\/dev\/null\s+2>&1\s*&|\bnohup\s|\bchmod\s+(?:\+x|[0-7]?7[0-7]{2})|\bstart\s+\/(?:b|min)\b|-w(?:indowstyle)?\s+hid|\battrib\s[^\n]{0,20}\+h|\bdisown\b|\bpythonw\b/i,
  ],
  [
    'destroy',
    /\brm\s+-\w*[rf]\w*\s+(?:-\w+\s+)*(?:\/(?:\s|\*|$)|~|\$HOME)|\bmkfs\.|\bdel\s+\/[sfq]\b[^\n]{0,40}[a-z]:\\|\bformat\s+[a-z]:|\bshutdown\s+[/-][rshf]|\bvssadmin\s+delete|\btaskkill\s+\/f\s+\/im\s+(?!python)|:\(\)\s*\{\s*:\|:&/i,
  ],
  [
    'persist',
    /\bcrontab\b|\bschtasks\b[^\n]{0,80}\/create|\breg(?:\.exe)?\s+add\b[^\n]{0,120}\\run\b|\bsystemctl\s+(?:--user\s+)?enable\b|\blaunchctl\s+load\b|>>\s*~?\/?[\w$/]{0,40}\.(?:bashrc|zshrc|profile|bash_profile)\b|\bauthorized_keys\b/i,
  ],
  [
    'credentials',
    /\bsecurity\s+(?:find-(?:generic|internet)-password|dump-keychain|unlock-keychain)\b|\bdscl\s+[^\n]{0,40}authonly\b|\bosascript\b[^\n]{0,300}\b(?:password|hidden answer)\b|\bcmdkey\s+\/list\b|\bnetsh\s+wlan\s+(?:show|export)\s+profile[^\n]{0,80}\bkey=clear\b|\bvaultcmd\s+\/list|\bgh\s+auth\s+token\b|\baws\s+configure\s+export-credentials\b|\baws\s+secretsmanager\s+(?:list|get)|\bgcloud\s+(?:auth\s+(?:application-default\s+)?print-access-token|secrets\s+versions\s+access)\b|\baz\s+account\s+get-access-token\b|\baz\s+keyvault\s+secret\b|\bkubectl\s+get\s+secrets?\b|\bop\s+item\s+(?:list|get)\b|\bvault\s+kv\s+get\b|\bmimikatz\b|\bsekurlsa\b|\blsass(?:\.exe|\.dmp)\b|\breg\s+save\s+hklm\\sam\b/i,
  ],
  [
    'agent',
    /--dangerously-skip-permissions\b|--dangerously-bypass-approvals\b|--trust-all-tools\b|\b(?:gemini|claude|codex|qwen|cursor-agent|q\s+chat)\b[^\n]{0,200}\s--yolo\b/i,
  ],
  [
    'publish',
    /\btwine(?:\.exe)?\s+upload\b|\b(?:npm|yarn|pnpm|bun|poetry|uv|flit|cargo)\s+publish\b|\bgem\s+push\b|\bgh\s+repo\s+(?:create|edit|fork)\b|\bgh\s+(?:secret|variable)\s+set\b/i,
  ],
  [
    'secret-scan',
    /\b(?:trufflehog|gitleaks|detect-secrets|noseyparker)(?:\.exe)?\s+(?:\w+\s+)?(?:filesystem|git|detect|scan|--)/i,
  ],
  [
    'mine',
    /\bstratum\+(?:tcp|ssl):\/\/|\bxmrig\b|\b(?:minerd|cpuminer|t-rex|nbminer|lolminer|phoenixminer)(?:\.exe)?\s|--donate-level\b/i,
  ],
  ['inline-python', /\bpython[\d.]*w?(?:\.exe)?\s+-c\s/i],
];

/** The kinds of a command text. Every pattern is bounded: linear on hostile input. */
export function commandKinds(command: string): Set<CommandKind> {
  const kinds = new Set<CommandKind>();
  const text = command.length > 40_000 ? command.slice(0, 40_000) : command;
  for (const [kind, pattern] of PATTERNS) if (pattern.test(text)) kinds.add(kind);
  return kinds;
}

const ENVIRONMENT =
  /(?:^|[\s;&|"'(])(?:printenv|env|set|export -p|declare -x)\s*(?:$|[|>;&"')])|\b(?:gci|dir|ls|Get-ChildItem)\s+env:|\/proc\/(?:self|\d{1,9}|\$\$)\/environ\b/i;

/** True for commands that print all environment variables. */
export function readsEnvironment(command: string): boolean {
  return command.length < 40_000 && ENVIRONMENT.test(command);
}

const BUILD_TOOLS = new Set(
  'git hg svn cmake make gmake ninja meson gcc g++ cc c++ cpp clang clang++ ld ar nm ranlib arch pkg-config llvm-config automake autoconf aclocal autoheader autopoint libtoolize gettextize intltoolize xcodebuild xcode-select msgfmt bison flex cython swig cargo rustc go npm yarn pnpm node nvcc nvidia-smi protoc dpkg-architecture uname sw_vers xcrun brew where which hostname tput stty sysctl lscpu lsb_release ldconfig ldd file cp cd mkdir true df patchelf f2py mpicc pandoc sphinx-build pytest doxygen autoreconf configure nproc getconf scutil mypyc twine fc-list objdump readelf otool lsof oslevel mach machine system_profiler isainfo psrinfo getprop kpsewhich gs latex dvipng cls clear color chcp title mode reset'.split(
    ' ',
  ),
);
/** What `pip install` takes from this machine. */
function isLocalPath(word: string): boolean {
  return word === '.' || word === '\uf8ff/' || (/[\\/]/.test(word) && !/^\w+[:+]/.test(word));
}

const BUILD_MODULES = new Set(['build', 'pytest', 'unittest', 'cython', 'numpy.f2py', 'grpc_tools.protoc']);

/** Programs that tell how to compile against a library: `pg_config`, `net-snmp-config`. */
const TELLS_FLAGS = /[\w-][-_]config$/;
/** What those programs are asked for, whatever variable names the program. */
const ASKS_FOR_FLAGS = /^--(?:cflags|libs|ldflags|modversion|variable|exists|atleast-version)\b/;
/** What only picks from the output of the command before it. */
const FILTERS = /^(?:[ef]?grep|cut|tr|head|tail|sort|uniq|wc)$/;
const STREAMS_JOINED = /\b2>&1(?=\s|\)|$)/g;
const MAX_BUILD_COMMAND = 2000;

/**
 * True for constant commands of build tools and of terminal set-up (`clear`, the empty command that turns colours on),
 * also several in a row, unless they name a URL or run what another command printed.
 */
export function isBuildCommand(command: string): boolean {
  if (command.length > MAX_BUILD_COMMAND || /https?:|`|\$\(/.test(command)) return false;
  return command
    .replace(STREAMS_JOINED, '')
    .split(/&&|\|\|?|;/)
    .every((step, at) => isBuildStep(step) || (at > 0 && FILTERS.test(step.trim().split(' ')[0]!)));
}

function isBuildStep(step: string): boolean {
  const words = step
    .trim()
    .replace(/^\(\s*|\s*\)$/g, '')
    .split(/\s+/);
  const [first = '', second = '', third = ''] = words;
  if (first === '') return true;
  if (step.includes('&')) return false;
  const tool = first.replace(/^.*[\\/]/, '').replace(/\.(?:exe|cmd)$/i, '');
  if (BUILD_TOOLS.has(tool) || BUILD_TOOLS.has(tool.replace(/-?[\d.]+$/, '')) || TELLS_FLAGS.test(tool)) return true;
  if (first === '\uf8ff' && words.some((word) => ASKS_FOR_FLAGS.test(word))) return true;
  if (tool === 'sh' || tool === 'bash') return /^[\w./-]*\b(?:configure|autogen\.sh|bootstrap)$/.test(second);
  if (/^python[\d.]*$/.test(tool)) return second === 'setup.py' || (second === '-m' && BUILD_MODULES.has(third));
  return (
    /^pip[\d.]*$/.test(tool) &&
    second === 'install' &&
    words.slice(2).every((word) => word.startsWith('-') || isLocalPath(word))
  );
}
