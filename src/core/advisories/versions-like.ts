import type { Advisory } from './advisory.ts';

/**
 * The advisory with only those listed versions that may be the same as the given one: enough to match that version, and
 * it spares parsing hundreds of others. Ranges stay whole, so that a match is the same as with every version.
 */
export function withVersionsLike(advisory: Advisory, version: string): Advisory {
  const release = releaseNumbers(version);
  const isLike = (text: string) =>
    text === version || (release === undefined ? releaseNumbers(text) === undefined : mayHaveRelease(text, release));
  return {
    ...advisory,
    affected: advisory.affected.map((entry) => ({ ...entry, versions: entry.versions.filter(isLike) })),
  };
}

/** The release segment of a version (PEP 440, appendix B) without zeros at its end. Undefined for what has none. */
function releaseNumbers(text: string): readonly number[] | undefined {
  const numbers = /^\s*v?(?:\d+!)?(\d+(?:\.\d+)*)/i.exec(text)?.[1]?.split('.').map(Number);
  while (numbers !== undefined && numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  return numbers;
}

const ZERO = 48;
const NINE = 57;
const DOT = 46;

/**
 * False only when the release segment is another one. A hundred thousand texts pass here in an audit of a thousand pins,
 * so it reads digits as they come; whatever does not begin with one, or has an epoch, may be anything.
 */
function mayHaveRelease(text: string, release: readonly number[]): boolean {
  let at = 0;
  for (let part = 0; ; part++) {
    const start = at;
    let number = 0;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) {
      number = number * 10 + code - ZERO;
    }
    if (at === start) return part === 0 || part >= release.length;
    if (part === 0 && text[at] === '!') return true;
    if (number !== (release[part] ?? 0)) return false;
    if (text.charCodeAt(at) !== DOT) return part + 1 >= release.length;
    at++;
  }
}
