import type { SourceShape } from '../fact.ts';
import { findRun, isBlank, isNewline } from './find-run.ts';
import type { Module } from './ir.ts';

type Shape = { readonly shape: SourceShape; readonly at: number; readonly text: string };

/**
 * Letters that Python folds to ASCII ones (NFKC, PEP 3131), as the inside of a character class: mathematical, full-width,
 * superscript and letter-like signs, Roman numerals, ligatures, the long s. Ordinal signs are left out: prose has them.
 */
export const FOLDED =
  '\\u017f\\u1d2c-\\u1d6a\\u1d78\\u1d9b-\\u1dbf\\u2071\\u207f\\u2090-\\u209c\\u2102-\\u2149\\u2160-\\u217f\\ufb00-\\ufb06\\uff21-\\uff3a\\uff41-\\uff5a\\u{1d400}-\\u{1d7ff}';
const HIDING_BLANKS = 120;
/** A screen holds fewer lines than this. */
const HIDING_LINES = 150;
const BIDIRECTIONAL = /[\u202a-\u202e\u2066-\u2069]/;
const PROTECTED = /\b__pyarmor__\b|\bpyarmor_runtime\b|\bpytransform\b|\b__pyconcrete__\b|\bsourcedefender\b/;
const MANGLED = /\b(?:_0x[0-9a-f]{4,}|[OoQ0]{8,}|[IlI1|]{10,}|_{1,2}[Il1O0]{6,})\b/g;
const LONG_LINE = 20_000;

/** How the source is written: code pushed out of sight, reordered letters, look-alike names, packers. */
export function sourceShapes(module: Module): Shape[] {
  const { text } = module;
  const found: Shape[] = [];
  const add = (shape: SourceShape, at: number, excerpt: string) =>
    found.push({ shape, at, text: excerpt.trim().slice(0, 160) });
  const hidden = findRun(text, isBlank, HIDING_BLANKS, (next) => /[^\s#]/.test(next));
  if (hidden !== undefined && isCodeAfterSpaces(text, hidden.start))
    add('hidden-by-spaces', hidden.start, text.slice(hidden.start, hidden.start + 2000));
  const below = findRun(text, isNewline, HIDING_LINES, (next) => /\S/.test(next));
  if (below !== undefined && LOOKS_LIKE_CODE.test(text.slice(below.start, below.start + 1000).trimStart()))
    add('hidden-by-spaces', below.end, text.slice(below.start, below.start + 2000));
  const bidirectional = BIDIRECTIONAL.exec(text);
  if (bidirectional !== null)
    add('bidirectional', bidirectional.index, text.slice(bidirectional.index, bidirectional.index + 80));
  const guarded = PROTECTED.exec(text);
  if (guarded !== null) add('protected', guarded.index, guarded[0]);
  const mixed = mixedScriptName(text);
  if (mixed !== undefined) add('mixed-script-name', mixed.at, mixed.name);
  // Digits alone are numbers and bit masks.
  const mangled = [...text.slice(0, 200_000).matchAll(MANGLED)].filter(([name]) => !/^[01]+$/.test(name));
  if (mangled.length >= 20) add('mangled-names', mangled[0]!.index, mangled[0]![0]);
  const long = longLine(text);
  if (long !== undefined) add('long-line', long, text.slice(long, long + 80));
  if (module.broken) add('broken', 0, '');
  return found;
}

const LOOKS_LIKE_CODE = /^;|^(?:import|exec|eval|from|__import__|try|os\.|subprocess)\b/;

/** Spaces between a statement and more code on one line, or before a line's code far beyond any indentation. */
function isCodeAfterSpaces(text: string, at: number): boolean {
  const after = text.slice(at).trimStart().slice(0, 300);
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const before = text.slice(lineStart, at);
  return LOOKS_LIKE_CODE.test(after) && !/^\s*["']/.test(before.trim());
}

const FOLDED_LETTER = new RegExp(`[${FOLDED}]`, 'u');
const FOLDED_NAME = new RegExp(`\\w{0,40}[${FOLDED}][\\w${FOLDED}]{0,80}(?=\\s{0,3}[(.=])`, 'gu');

/** A name that Python reads as another one. */
function mixedScriptName(text: string): { at: number; name: string } | undefined {
  // Nearly all code has none: one look for the letter alone is much cheaper than looking for the name around it.
  if (!FOLDED_LETTER.test(text)) return undefined;
  for (const found of text.matchAll(FOLDED_NAME))
    if (/^[A-Za-z_]\w*$/.test(found[0].normalize('NFKC'))) return { at: found.index, name: found[0] };
  return undefined;
}

function longLine(text: string): number | undefined {
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    if (end - start > LONG_LINE) return start;
    start = end + 1;
  }
  return text.length - start > LONG_LINE ? start : undefined;
}
