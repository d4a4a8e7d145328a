import { unreadable } from './unreadable.ts';

/** Code page 437 above ASCII: what a name without the UTF-8 flag is written in (APPNOTE appendix D). */
const HIGH_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The name of a member as Python decodes it. @throws {WheelgateError} ARCHIVE_UNREADABLE when it says UTF-8 and is not */
export function decodeZipName(raw: Uint8Array, isUtf8: boolean): string {
  if (isUtf8) {
    try {
      return strictUtf8.decode(raw);
    } catch (error) {
      throw unreadable('a name in the zip archive is not UTF-8', error);
    }
  }
  let name = '';
  for (const byte of raw) name += byte < 0x80 ? String.fromCharCode(byte) : HIGH_437[byte - 0x80];
  return name;
}
