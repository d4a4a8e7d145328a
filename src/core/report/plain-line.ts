/** Foreign text on one line of a report: it can neither move the cursor, nor reorder what is read, nor forge a line. */
export function plainLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
