import type { RiskyLine } from './risky-line.ts';
import { TaintedNames } from './tainted-names.ts';

type Token = { readonly text: string; readonly kind: 'name' | 'text' | 'mark'; readonly line: number };

/** What answers with bytes of the network. `https.get` is known by its two names. */
const FETCHERS = new Set('fetch axios got needle superagent xmlhttprequest'.split(' '));
const HTTP_CALLS = new Set('get request'.split(' '));
const WRITERS = new Set('createWriteStream writeFile writeFileSync appendFileSync outputFile'.split(' '));
const STARTERS = new Set(
  'execSync spawn spawnSync execFile execFileSync fork runInNewContext runInThisContext runInContext eval Function'.split(
    ' ',
  ),
);
/** Many things have one: it counts only where the file speaks of `child_process`. */
const CHILD_PROCESS = new Set('exec start open'.split(' '));
/** Names, texts in quotes, the arrow and single marks; comments match too and are dropped. Every branch is linear. */
const TOKEN =
  /\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?|[A-Za-z_$][\w$]*|=>|\n|[^\s\w]/g;
/** Most bundles hold no such call at all, and are not read further. */
const STARTS = /\b(?:exec|spawn|fork|runIn|eval\s*\(|Function\s*\(|child_process)/;
const GETS = /\b(?:fetch|axios|got|needle|superagent|XMLHttpRequest|https?)\b/;
const MAX_CHARACTERS = 256 * 2 ** 10;
const MAX_STATEMENT = 400;
const MAX_FOUND = 3;

/**
 * Where a JavaScript file starts a program or runs text that it got from the network some lines before. One pass over its
 * tokens: a statement hands what it has on to the variables that it sets, to the parameters of the functions in it and to the
 * files that it writes.
 */
export function javascriptDownloads(source: string): readonly RiskyLine[] {
  const text = source.slice(0, MAX_CHARACTERS);
  if (!STARTS.test(text) || !GETS.test(text)) return [];
  const names = new TaintedNames();
  const found: RiskyLine[] = [];
  const hasProcesses = text.includes('child_process');
  for (const statement of statements(text)) {
    const at = names.isEmpty ? undefined : startOf(statement, names, hasProcesses);
    if (at !== undefined && found.at(-1)?.line !== at.line) {
      const line = text.split('\n', at.line)[at.line - 1] ?? '';
      found.push({ says: 'runs what it downloaded', line: at.line, text: line.trim().slice(0, 200) });
      if (found.length === MAX_FOUND) break;
    }
    follow(statement, names);
  }
  return found;
}

/** Takes over what a statement does to names. */
function follow(statement: readonly Token[], names: TaintedNames): void {
  const target = assigned(statement);
  const right = target === undefined ? statement : statement.slice(target.at + 1);
  const carries = right.some((token) => names.has(nameOf(token))) || fetches(right);
  const written = writtenTo(right);
  if (target !== undefined) {
    const isAdding = statement[target.at - 1]?.text === '+';
    if (!isAdding) names.rename(target.name, written ?? aliasesOf(right));
    if (carries) names.taint(target.name);
  }
  if (!carries) return;
  for (const name of written ?? []) names.taint(name);
  for (const name of parametersOf(statement)) names.taint(name);
  // `res.pipe(file)`
  const pipe = statement.findIndex(({ text }) => text === 'pipe');
  const into = statement[pipe + 2];
  if (pipe !== -1 && into?.kind === 'name') names.taint(into.text);
}

function fetches(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ text, kind }, index) =>
      kind === 'name' &&
      (FETCHERS.has(text.toLowerCase())
        ? ['(', '.'].includes(tokens[index + 1]?.text ?? '')
        : (text === 'http' || text === 'https') && HTTP_CALLS.has(tokens[index + 2]?.text ?? '')),
  );
}

/** The call that runs something tainted. */
function startOf(statement: readonly Token[], names: TaintedNames, hasProcesses: boolean): Token | undefined {
  const at = statement.findIndex(
    ({ text, kind }, index) =>
      kind === 'name' &&
      statement[index + 1]?.text === '(' &&
      (STARTERS.has(text) || (hasProcesses && CHILD_PROCESS.has(text))),
  );
  if (at === -1) return undefined;
  return statement.slice(at + 2).some((token) => names.has(nameOf(token))) ? statement[at] : undefined;
}

/** Where the first `=` of a statement stands and what it sets: `const x =`, `x +=`, `const { data } =`. */
function assigned(statement: readonly Token[]): { readonly name: string; readonly at: number } | undefined {
  const at = statement.findIndex(
    ({ text }, index) =>
      text === '=' &&
      statement[index + 1]?.text !== '=' &&
      !['=', '!', '<', '>'].includes(statement[index - 1]?.text ?? ''),
  );
  if (at < 1 || at > 8) return undefined;
  const name = statement.slice(0, at).findLast(({ kind }) => kind === 'name');
  return name && { name: name.text, at };
}

/** The file that a statement writes to: its name, or the variable that holds it. */
function writtenTo(tokens: readonly Token[]): readonly string[] | undefined {
  const at = tokens.findIndex(({ text }) => WRITERS.has(text));
  if (at === -1) return undefined;
  const end = tokens.findIndex(({ text }, index) => index > at && (text === ',' || text === ')'));
  return tokens
    .slice(at + 2, end === -1 ? undefined : end)
    .filter(isFileOrName)
    .map(nameOf);
}

/** What a variable stands for when it is set: the files named there, or another variable alone. */
function aliasesOf(right: readonly Token[]): readonly string[] {
  const [only, ...more] = right;
  if (only?.kind === 'name' && more.length === 0) return [only.text];
  return right.filter(({ kind, text }) => kind === 'text' && /[./\\]/.test(text)).map(nameOf);
}

/** Parameters of the functions in a statement: `(a, b) =>`, `a =>`, `function (a)`. */
function parametersOf(statement: readonly Token[]): readonly string[] {
  const names: string[] = [];
  for (const [index, { text }] of statement.entries()) {
    if (text === '=>') {
      const before = statement[index - 1];
      if (before?.kind === 'name') names.push(before.text);
      else for (let i = index - 2; i >= 0 && statement[i]!.text !== '('; i--) addName(statement[i]!);
    } else if (text === 'function') {
      const open = statement.findIndex((token, at) => at > index && token.text === '(');
      for (let i = open + 1; open !== -1 && i < statement.length && statement[i]!.text !== ')'; i++)
        addName(statement[i]!);
    }
  }
  return names;

  function addName({ kind, text }: Token): void {
    if (kind === 'name') names.push(text);
  }
}

function isFileOrName({ kind, text }: Token): boolean {
  return kind === 'name'
    ? !/^(?:path|os|join|resolve|tmpdir|process|env|__dirname)$/.test(text)
    : kind === 'text' && /[./\\]/.test(text);
}

/** Files count by their last part. */
function nameOf({ kind, text }: Token): string {
  if (kind !== 'text') return text;
  return `"${text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1).toLowerCase()}`;
}

/** Statements end at `;`, at braces, and at the end of a line outside of parentheses unless the next one goes on with a dot. */
function* statements(source: string): Generator<readonly Token[]> {
  let statement: Token[] = [];
  let isAtLineEnd = false;
  let depth = 0;
  const outer: number[] = [];
  for (const token of tokens(source)) {
    const { text } = token;
    if (text === '\n') {
      isAtLineEnd = depth === 0;
      continue;
    }
    const isBrace = (text === '{' || text === '}') && !isDestructuring(statement);
    const goesOn = !isAtLineEnd || text === '.';
    isAtLineEnd = false;
    if ((!goesOn || isBrace || text === ';' || statement.length === MAX_STATEMENT) && statement.length > 0) {
      yield statement;
      statement = [];
    }
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth = Math.max(0, depth - 1);
    else if (text === '{' && isBrace) {
      outer.push(depth);
      depth = 0;
    } else if (text === '}' && isBrace) depth = outer.pop() ?? 0;
    if (!isBrace && text !== ';') statement.push(token);
  }
  if (statement.length > 0) yield statement;
}

/** `const { data } = …`: these braces are no block. */
function isDestructuring(statement: readonly Token[]): boolean {
  return /^(?:const|let|var)$/.test(statement[0]?.text ?? '') && statement.every(({ text }) => text !== '=');
}

function* tokens(source: string): Generator<Token> {
  let line = 1;
  for (const [text] of source.matchAll(TOKEN)) {
    if (text === '\n') yield { text, kind: 'mark', line };
    else if (/^[A-Za-z_$]/.test(text)) yield { text, kind: 'name', line };
    else if (/^["'`]/.test(text)) yield { text: text.replace(/^["'`]|["'`]$/g, ''), kind: 'text', line };
    else if (!text.startsWith('//') && !text.startsWith('/*')) yield { text, kind: 'mark', line };
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line++;
  }
}
