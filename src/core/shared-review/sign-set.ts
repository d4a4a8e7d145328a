import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { WheelgateError } from '../errors.ts';
import { invalidSet, parseSharedReviewSet, type SharedReviewSet } from './shared-review-set.ts';

const PAYLOAD_TYPE = 'application/vnd.wheelgate.shared-reviews+json';

/** DSSE 1.0 (github.com/secure-systems-lab/dsse): what is signed is the type and the exact bytes, so nothing is canonicalised. */
const envelopeSchema = z.object({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: z.base64(),
  signatures: z
    .array(z.object({ keyid: z.string().optional(), sig: z.base64() }))
    .min(1)
    .max(10),
});

export type Envelope = z.output<typeof envelopeSchema>;

/** Signs a set. @param privateKey Ed25519, PEM (PKCS #8) @throws {WheelgateError} USAGE for another key */
export function signSet(set: SharedReviewSet, privateKey: string): Envelope {
  const key = ed25519(() => createPrivateKey(privateKey));
  const payload = Buffer.from(JSON.stringify(set), 'utf8');
  const sig = sign(null, preAuthEncoding(payload), key).toString('base64');
  const keyid = keyId(createPublicKey(key));
  return { payloadType: PAYLOAD_TYPE, payload: payload.toString('base64'), signatures: [{ keyid, sig }] };
}

/**
 * Checks the signature and reads the set.
 * @param publicKey Ed25519, PEM (SPKI) or its Base64 without the lines around it
 * @throws {WheelgateError} SHARED_REVIEWS_INVALID when nobody with this key signed exactly these bytes, or they are no set
 */
export function openSet(text: string, publicKey: string): SharedReviewSet {
  const key = readPublicKey(publicKey);
  const envelope = readEnvelope(text);
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = preAuthEncoding(payload);
  const isSigned = envelope.signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64')));
  if (!isSigned) throw invalidSet('it is not signed with the key that is trusted');
  return parseSharedReviewSet(payload.toString('utf8'));
}

/** The public half of a private key, as a trust entry wants it: Base64 of its SPKI. @throws {WheelgateError} USAGE */
export function publicKeyOf(privateKey: string): string {
  const key = createPublicKey(ed25519(() => createPrivateKey(privateKey)));
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

/** @throws {WheelgateError} USAGE */
function readPublicKey(text: string): KeyObject {
  return ed25519(() =>
    text.includes('-----BEGIN')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' }),
  );
}

function ed25519(read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    // The library's words may quote the key.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new WheelgateError('USAGE', 'this is no Ed25519 key', 'Make one: wheelgate shared-reviews keygen.');
}

function readEnvelope(text: string): Envelope {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw invalidSet('it is not JSON', error);
  }
  const envelope = envelopeSchema.safeParse(raw);
  if (!envelope.success) throw invalidSet('it is no DSSE envelope of shared reviews', envelope.error);
  return envelope.data;
}

function preAuthEncoding(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head, 'utf8'), payload]);
}

/** Names a key, for people with several. */
function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}
