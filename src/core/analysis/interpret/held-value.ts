import { BUILTIN_FOLDS } from '../values/fold-builtin.ts';
import { bytes, type CallShape, firstOf, plainText, positional, text, type Value } from '../values/value.ts';
import { digest, unpadded } from './fold-crypto.ts';

/** What objects made of a constant give back: buffers, hashes, padding of ciphers, templates. */
export function heldValue(base: string, method: string, made: CallShape, call: CallShape): Value | undefined {
  const content = made.args[0];
  const [first] = call.args;
  if (/^io\.(?:BytesIO|StringIO)\(\)$/.test(base) && /^(?:read|getvalue|getbuffer|readline)$/.test(method))
    return content;
  if (base === 'array.array()' && method === 'tobytes' && made.args[1] !== undefined)
    return BUILTIN_FOLDS.get('bytes')?.(positional(made.args[1]), made.args[1].taint);
  if (base.startsWith('hashlib.') && /^(?:hex)?digest$/.test(method)) return digest(base, method, content);
  if (base === 'string.Template()' && /^(?:safe_)?substitute$/.test(method)) return substituted(content, call);
  if (method === 'finalize' && /\.(?:decryptor|unpadder)\(\)$/.test(base)) return bytes(new Uint8Array());
  if (method === 'update' && base.endsWith('.unpadder()')) return first === undefined ? undefined : unpadded(first);
  return undefined;
}

/** `Template('$a').substitute(a=…)`. */
function substituted(template: Value | undefined, call: CallShape): Value | undefined {
  const plain = template === undefined ? undefined : plainText(firstOf(template));
  if (plain === undefined) return undefined;
  const made = plain.replace(/\$(?:\$|\{(\w{1,60})\}|([A-Za-z_]\w{0,60}))/g, (all, braced?: string, bare?: string) => {
    const value = call.keywords.get(braced ?? bare ?? '');
    return value === undefined ? (all === '$$' ? '$' : all) : (plainText(firstOf(value)) ?? all);
  });
  return text(made, template?.taint ?? 0);
}
