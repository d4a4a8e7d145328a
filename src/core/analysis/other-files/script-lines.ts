import { type CommandKind, commandKinds } from '../catalogue/commands.ts';
import { javascriptDownloads } from './javascript-downloads.ts';
import type { RiskyLine } from './risky-line.ts';
import { shellDownloads } from './shell-downloads.ts';

/** What a line of a script does that an honest helper script rarely needs. */
const SAYS: Readonly<Partial<Record<CommandKind, string>>> = {
  'reverse-shell': 'gives a remote host a shell',
  encoded: 'starts a command that was encoded',
  persist: 'arranges to run at every start',
  destroy: 'destroys data or stops the machine',
};
/** A download alone is what installers do; together with a start of what came it is a dropper. */
const RUN_AFTER = /\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\|\s*python[\d.]*\b|\|\s*iex\b|\bInvoke-Expression\b|\biex\s*\(/i;

/** JavaScript, VBScript and PowerShell that hide what they run. */
const RUNS_DECODED =
  /\b(?:eval|Function|ExecuteGlobal|Invoke-Expression|iex)\b\s{0,4}\(?\s{0,4}\(?(?:atob|Buffer\.from|unescape|String\.fromCharCode|decodeURIComponent|StrReverse|\[(?:System\.)?Text\.Encoding\])/i;
const SCRIPT = /\.(?:sh|bash|zsh|ps1|psm1|bat|cmd|vbs|js|mjs|cjs|hta)$/i;

/** True for files that a shell, PowerShell, Windows Script Host or Node.js runs. */
export function isScript(path: string): boolean {
  return SCRIPT.test(path);
}

const MAX_LINES = 20_000;
const MAX_LINE = 2_000;
const MAX_FOUND = 3;

/** The first lines of a shell, PowerShell, batch or JavaScript file that say something. Comments do not count. */
export function riskyLines(path: string, source: string): readonly RiskyLine[] {
  const single = singleLines(source);
  const across = /\.(?:m|c)?js$/i.test(path) ? javascriptDownloads(source) : shellDownloads(source);
  const news = across.filter(({ line }) => single.every((each) => each.line !== line));
  return [...single, ...news].sort((a, b) => a.line - b.line).slice(0, MAX_FOUND);
}

function singleLines(source: string): readonly RiskyLine[] {
  const found: RiskyLine[] = [];
  for (const [index, whole] of source.split('\n', MAX_LINES).entries()) {
    const text = whole.slice(0, MAX_LINE).trim();
    if (/^(?:#|\/\/|\*|::|rem\s)/i.test(text)) continue;
    const kinds = commandKinds(text);
    const says =
      kinds.has('download') && RUN_AFTER.test(text)
        ? 'runs what it downloads'
        : RUNS_DECODED.test(text)
          ? 'runs decoded text as code'
          : [...kinds].map((kind) => SAYS[kind]).find((each) => each !== undefined);
    if (says === undefined) continue;
    found.push({ says, line: index + 1, text: text.slice(0, 200) });
    if (found.length === MAX_FOUND) break;
  }
  return found;
}
