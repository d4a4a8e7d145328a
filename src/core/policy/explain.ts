import type { Verdict } from './verdict.ts';

/** The same refusal for every channel that a client shows (docs/clients.md). All texts are printable ASCII. */
export type Refusal = {
  /** HTTP/1.1 reason phrase: one line of at most 150 characters. */
  readonly phrase: string;
  /** problem+json. */
  readonly title: string;
  readonly detail: string;
  /** PEP 592 reason. */
  readonly yankReason: string;
  /** Verdict and reason in letters, digits and dashes, for a client that shows nothing but the URL that failed. */
  readonly slug: string;
};

const MAX_PHRASE = 150;
const SAID = { hold: 'held', block: 'blocked', allow: 'flagged' } as const;

/**
 * Says why a file is withheld.
 * @param subject project and version, as `flask 3.1.0`
 * @param url where a person reads more and asks for a review
 */
export function explainRefusal(verdict: Verdict, subject: string, url: string): Refusal {
  const said = `${SAID[verdict.kind]} by Wheelgate`;
  const weighty = verdict.reasons.filter(({ effect }) => effect !== 'note');
  const real = weighty.filter(({ pending }) => !pending);
  // "Not inspected yet" is no news beside a reason that no inspection ends.
  const [first, ...others] = real.length > 0 ? real : weighty;
  const why = first?.message ?? 'see the review page';
  const also = others.length > 0 ? ` Also: ${others.map(({ message }) => message).join('; ')}.` : '';
  return {
    phrase: asciiLine(fitPhrase(said, why, url)),
    title: asciiLine(`${subject} is ${said}`),
    detail: asciiLine(`${capitalise(why)}.${also} ${askFor(verdict)} ${url}`),
    yankReason: asciiLine(`${said}: ${why}; ${url}`),
    slug: slugOf(`${said} ${why}`),
  };
}

function askFor({ kind }: Verdict): string {
  return kind === 'block' ? 'Details:' : 'Details and how to approve:';
}

/** The reason gives way, never the link. */
function fitPhrase(said: string, why: string, url: string): string {
  const room = MAX_PHRASE - said.length - url.length - '; '.length - ': '.length;
  if (room < 12) return `${said}; ${url}`.slice(0, MAX_PHRASE);
  return `${said}: ${why.length > room ? `${why.slice(0, room - 3)}...` : why}; ${url}`;
}

function slugOf(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).join('-').slice(0, MAX_PHRASE);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Node refuses other characters in a reason phrase, and a terminal should not have to show them. */
function asciiLine(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
