import { createCipheriv, createDecipheriv } from 'node:crypto';

export type CipherMode = 'ecb' | 'cbc' | 'ctr' | 'cfb' | 'cfb8' | 'ofb' | 'gcm' | 'ccm' | 'eax';

/**
 * Opens a Fernet token with its literal key (github.com/fernet/spec): version 0x80, 8 bytes of time, 16 of IV, AES-128
 * in CBC, 32 of HMAC. The HMAC is not checked: we only want to read what would run.
 */
export function openFernet(key: string, token: string): Uint8Array | undefined {
  const secret = Buffer.from(key, 'base64url');
  const raw = Buffer.from(token, 'base64url');
  if (secret.length !== 32 || raw.length < 73 || raw[0] !== 0x80) return undefined;
  const padded = openAes('cbc', secret.subarray(16), raw.subarray(9, 25), raw.subarray(25, raw.length - 32));
  return padded === undefined ? undefined : withoutPadding(padded);
}

/**
 * Decrypts AES as Python's libraries do: padding stays, tags are not checked. A key or IV of a wrong length gives
 * undefined.
 */
export function openAes(
  mode: CipherMode,
  key: Uint8Array,
  iv: Uint8Array | undefined,
  input: Uint8Array,
): Uint8Array | undefined {
  if (![16, 24, 32].includes(key.length)) return undefined;
  const counter = iv === undefined ? undefined : counterOf(mode, key, iv);
  if (counter !== undefined) return decrypt(`aes-${key.length * 8}-ctr`, key, counter, input);
  const start = mode === 'ecb' ? null : iv;
  if (start === undefined) return undefined;
  return decrypt(`aes-${key.length * 8}-${mode}`, key, start, input);
}

/** The first counter block of the modes that only add a key stream; undefined for the others. */
function counterOf(mode: CipherMode, key: Uint8Array, nonce: Uint8Array): Uint8Array | undefined {
  if (mode === 'ctr') return fullCounter(nonce);
  if (mode === 'ccm') return ccmCounter(nonce);
  return mode === 'eax' ? omac(key, nonce) : undefined;
}

/** RFC 3610: a byte that says how long the counter is, the nonce, and the counter, which is 1 where the text begins. */
function ccmCounter(nonce: Uint8Array): Uint8Array | undefined {
  if (nonce.length < 7 || nonce.length > 13) return undefined;
  const block = new Uint8Array(16);
  block[0] = 14 - nonce.length;
  block.set(nonce, 1);
  block[15] = 1;
  return block;
}

const MAX_NONCE = 4_096;

/** EAX counts from the CMAC (RFC 4493) over sixteen zeroes and the nonce. */
function omac(key: Uint8Array, nonce: Uint8Array): Uint8Array | undefined {
  if (nonce.length === 0 || nonce.length > MAX_NONCE) return undefined;
  const cipher = (block: Uint8Array): Uint8Array => {
    const encrypt = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    return encrypt.update(block);
  };
  const message = new Uint8Array(16 + nonce.length);
  message.set(nonce, 16);
  const whole = message.length % 16 === 0;
  const last = new Uint8Array(16);
  const rest = message.subarray(Math.ceil(message.length / 16) * 16 - 16);
  last.set(rest);
  if (!whole) last[rest.length] = 0x80;
  const once = doubled(cipher(new Uint8Array(16)));
  const mask = whole ? once : doubled(once);
  let state: Uint8Array = new Uint8Array(16);
  for (let at = 0; at + 16 < message.length; at += 16)
    state = cipher(state.map((byte, index) => byte ^ message[at + index]!));
  return cipher(state.map((byte, index) => byte ^ last[index]! ^ mask[index]!));
}

/** Times x in GF(2^128), as CMAC makes its second keys. */
function doubled(block: Uint8Array): Uint8Array {
  const out = block.map((byte, index) => ((byte << 1) | ((block[index + 1] ?? 0) >> 7)) & 0xff);
  if ((block[0]! & 0x80) !== 0) out[15] = out[15]! ^ 0x87;
  return out;
}

/** CTR takes a nonce of any length; the rest of the block counts from zero. */
function fullCounter(nonce: Uint8Array): Uint8Array {
  const counter = new Uint8Array(16);
  counter.set(nonce.subarray(0, 16));
  return counter;
}

/** ChaCha20 with a nonce of 8 or 12 bytes. @param counter 0, or 1 where Poly1305 took the first block (RFC 8439) */
export function openChaCha20(
  key: Uint8Array,
  nonce: Uint8Array,
  input: Uint8Array,
  counter = 0,
): Uint8Array | undefined {
  if (key.length !== 32 || nonce.length > 12) return undefined;
  const start = new Uint8Array(16);
  start[0] = counter;
  start.set(nonce, 16 - nonce.length);
  return decrypt('chacha20', key, start, input);
}

function decrypt(name: string, key: Uint8Array, iv: Uint8Array | null, input: Uint8Array): Uint8Array | undefined {
  try {
    const cipher = createDecipheriv(name, key, iv);
    cipher.setAutoPadding(false);
    // Nothing is left for `final`, which would check the tag of GCM.
    return cipher.update(input);
  } catch {
    return undefined;
  }
}

/** RC4, by hand: OpenSSL 3 has it no more. */
export function openRc4(key: Uint8Array, input: Uint8Array): Uint8Array | undefined {
  if (key.length === 0) return undefined;
  const box = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    [box[a], box[b]] = [box[b]!, box[a]!];
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + box[i]! + key[i % key.length]!) & 255;
    swap(i, j);
  }
  let i = 0;
  let j = 0;
  return input.map((byte) => {
    i = (i + 1) & 255;
    j = (j + box[i]!) & 255;
    swap(i, j);
    return byte ^ box[(box[i]! + box[j]!) & 255]!;
  });
}

/** Takes off PKCS #7 padding where there is some. */
export function withoutPadding(input: Uint8Array): Uint8Array {
  const count = input.at(-1) ?? 0;
  const isPadded = count >= 1 && count <= 16 && input.subarray(-count).every((byte) => byte === count);
  return isPadded ? input.subarray(0, input.length - count) : input;
}
