declare const brand: unique symbol;

/** Markup that is safe to send: made by `html` only, which escapes every value. */
export type Html = { readonly text: string; readonly [brand]: 'Html' };

type Value = string | number | undefined | Html | readonly Html[];

/** Builds markup; values are escaped unless they are markup themselves. Text from packages passes only through here. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = parts[0]!;
  values.forEach((value, i) => {
    text += render(value) + parts[i + 1];
  });
  return { text } as Html;
}

function render(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return Array.isArray(value) ? value.map((one: Html) => one.text).join('') : (value as Html).text;
}

function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
