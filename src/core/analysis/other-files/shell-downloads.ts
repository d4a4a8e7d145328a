import type { RiskyLine } from './risky-line.ts';
import { TaintedNames } from './tainted-names.ts';

const DOWNLOADERS = words(
  'curl curl.exe wget wget.exe aria2c invoke-webrequest invoke-restmethod iwr irm start-bitstransfer bitsadmin certutil downloadfile downloadstring downloaddata',
);
/** They write to the name that stands last. */
const TO_LAST = words('bitsadmin certutil downloadfile');
const COPIES = words('cp mv copy move ren rename xcopy copy-item move-item rename-item');
/** They run what they are given. */
const RUNNERS = words(
  'sh bash zsh dash ksh source . eval exec sudo nohup env start call cmd cmd.exe powershell powershell.exe pwsh python python3 python.exe pythonw node perl ruby php iex invoke-expression start-process saps invoke-item ii invoke-command icm & mshta wscript cscript rundll32 regsvr32 msiexec forfiles',
);
const INTERPRETERS = words(
  'sh bash zsh dash ksh python python3 perl ruby node iex invoke-expression powershell pwsh cmd',
);
const OUTPUT_OPTIONS = words('-o --output --output-document -outfile -destination -out --out -fo /out');
/** A word of a shell, PowerShell or batch line: quotes and brackets only separate. */
const WORD = /[^\s"'`()[\]{},;|<>=]{1,400}|[|<>=;]/g;
const GETS = /curl|wget|aria2c|invoke-|\bi(?:wr|rm)\b|bits|certutil|download/i;
const MAX_CHARACTERS = 256 * 2 ** 10;
const MAX_LINE = 4_000;
const MAX_FOUND = 3;

/**
 * Where a shell, PowerShell or batch script starts what it downloaded on an earlier line: files by their last part, variables
 * by name. The text is the last download and what starts something. One pass over its words, in the order of the lines; branches and loops are not told apart.
 */
export function shellDownloads(source: string): readonly RiskyLine[] {
  const text = source.slice(0, MAX_CHARACTERS);
  if (!GETS.test(text)) return [];
  const names = new TaintedNames();
  const found: RiskyLine[] = [];
  let download = '';
  for (const { text: own, line } of statements(text)) {
    const all = (own.match(WORD) ?? []).map((word) => word.toLowerCase());
    if (all.length === 0) continue;
    if (!names.isEmpty && starts(all, names)) {
      found.push({ says: 'starts what it downloaded', line, text: `${download} … ${sayLine(own)}` });
      if (found.length === MAX_FOUND) break;
    }
    if (isDownload(all)) download = sayLine(own);
    follow(all, names);
  }
  return found;
}

function isDownload(all: readonly string[]): boolean {
  return all.some((word) => DOWNLOADERS.has(command(word)));
}

function sayLine(text: string): string {
  return text.trim().slice(0, 200);
}

/** Takes over what a statement does to names. */
function follow(all: readonly string[], names: TaintedNames): void {
  const target = assigned(all);
  const values = all.slice(all.indexOf('=') + 1).map(nameOf);
  const carries = values.some((value) => names.has(value));
  const downloads = isDownload(all);
  if (target !== undefined) {
    names.rename(target, downloads || carries ? [] : values);
    if (downloads || carries) names.taint(target);
  }
  if (downloads) for (const name of outputsOf(all)) names.taint(name);
  if (!carries) return;
  if (all.some((word) => COPIES.has(word))) names.taint(nameOf(all.at(-1)!));
  const redirect = all.lastIndexOf('>');
  if (redirect !== -1 && all[redirect + 1] !== undefined) names.taint(nameOf(all[redirect + 1]!));
}

/** `name=…`, `$name = …`, `set name=…`, `export name=…`. */
function assigned(all: readonly string[]): string | undefined {
  const at = all.indexOf('=');
  if (at < 1 || at > 3) return undefined;
  return variable(all[at - 1]!);
}

/** The files that a download writes to. */
function outputsOf(all: readonly string[]): readonly string[] {
  const outputs: string[] = [];
  for (const [index, word] of all.entries()) {
    const next = all[index + 1];
    if (next !== undefined && (OUTPUT_OPTIONS.has(word) || word === '>')) outputs.push(nameOf(next));
    // Without an option the file is called as in the URL.
    if (/^https?:\/\//.test(word)) outputs.push(nameOf(word.replace(/[?#].*$/, '')));
  }
  if (all.some((word) => TO_LAST.has(command(word)))) outputs.push(nameOf(all.at(-1)!));
  return outputs.filter((name) => name !== '' && name !== '-' && name !== 'null');
}

/** True when a command of the statement is a tainted name, or is one that runs what it is given and is given one. */
function starts(all: readonly string[], names: TaintedNames): boolean {
  let isFirst = true;
  let runs = false;
  let carries = false;
  for (const word of all) {
    if (word === '|' || word === ';') {
      isFirst = true;
      continue;
    }
    const name = nameOf(word);
    const isTainted = names.has(name);
    if (isFirst) {
      if (isTainted && !all.includes('=')) return true;
      runs = RUNNERS.has(word) || RUNNERS.has(command(word));
      if (carries && INTERPRETERS.has(command(word))) return true;
      isFirst = false;
    } else if (runs && isTainted) return true;
    // `cmd /c start x`, `$p = start-process x`: the runner need not stand first.
    else if (RUNNERS.has(word) && word.length > 1) runs = true;
    carries ||= isTainted;
  }
  return false;
}

/** A variable without its marks, a file without its folders: `%temp%\a.exe` and `$env:temp/a.exe` are `a.exe`. */
function nameOf(word: string): string {
  const last = word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1);
  return /^(?:\$|[%!][^%!]+[%!]$)/.test(last) ? variable(last) : last;
}

function variable(word: string): string {
  return `$${word.replace(/^\$?(?:env:|global:|script:)?|[%!:]/g, '')}`;
}

/** `(New-Object Net.WebClient).DownloadFile` ends in what is called; `/usr/bin/curl` in the program. */
function command(word: string): string {
  return word.slice(
    Math.max(
      word.lastIndexOf('/'),
      word.lastIndexOf('\\'),
      word.lastIndexOf('.exe') === -1 ? word.lastIndexOf('.') : -1,
    ) + 1,
  );
}

/** Logical lines, cut at what separates commands; a trailing `\`, `^` or backtick carries a line on. */
function* statements(source: string): Generator<{ readonly text: string; readonly line: number }> {
  let carried = '';
  for (const [index, whole] of source.split(/\r\n?|\n/).entries()) {
    const text = whole.slice(0, MAX_LINE);
    if (/^\s{0,200}(?:#|::|@?rem\s)/i.test(text)) continue;
    const joined = carried + text;
    if (/(?:[\\^]|\s`)$/.test(text) && joined.length < MAX_LINE) {
      carried = `${joined.slice(0, -1)} `;
      continue;
    }
    carried = '';
    for (const part of joined.split(/&&|\|\||;|\s&\s(?=\S)/)) yield { text: part, line: index + 1 };
  }
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
