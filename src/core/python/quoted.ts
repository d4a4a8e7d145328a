const SHOWN = 80;

/**
 * Foreign text for an error message: quoted, cut at 80 characters, and in printable ASCII only, so that it can neither
 * break a line nor reorder what a person reads.
 */
export function quoted(raw: string): string {
  const text = JSON.stringify(raw.length > SHOWN ? `${raw.slice(0, SHOWN)}...` : raw);
  return text.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
