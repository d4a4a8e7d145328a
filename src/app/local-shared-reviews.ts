import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { LocalSharedReviews } from '../cli/program.ts';
import type { Config } from '../config.ts';
import { DAY_MS, endOfDay } from '../core/duration.ts';
import { WheelgateError } from '../core/errors.ts';
import { publicKeyOf, signSet } from '../core/shared-review/sign-set.ts';
import { readText } from '../io/feeds/read-text.ts';
import { writeNewFile } from '../io/files/write-new-file.ts';
import { openCommandGate, personHere } from './command-gate.ts';

/** Behind `wheelgate shared-reviews`, over the data folder. */
export async function openLocalSharedReviews(config: Config): Promise<LocalSharedReviews> {
  const gate = await openCommandGate(config);
  return {
    async export({ publisher, days, keyPath, out }) {
      const key = await readKey(keyPath);
      const set = await gate.shareReviews.collect(publisher, new Date(Date.now() + days * DAY_MS));
      if (set.entries.length === 0) {
        throw new WheelgateError(
          'NOT_FOUND',
          'there is no approval or revocation to share',
          'Approve something first.',
        );
      }
      await writeNewFile(out, `${JSON.stringify(signSet(set, key))}\n`);
      return { entries: set.entries.length, publicKey: publicKeyOf(key) };
    },
    async import(location) {
      const proxy = config.proxy;
      const text = await readText(location, AbortSignal.timeout(120_000), proxy);
      const { set, isNew } = await gate.shareReviews.take(text, personHere().name);
      return { publisher: set.publisher, entries: set.entries.length, isNew };
    },
    async list() {
      const sets = await gate.store.sharedReviews.all();
      return {
        schema: 'wheelgate.shared-reviews-list/1',
        publishers: config.trust.map(({ name, expires }) => {
          const set = sets.find(({ publisher }) => publisher === name);
          return {
            name,
            trustedUntil: endOfDay(expires).toISOString(),
            set: set
              ? {
                  issued: set.issued,
                  expires: set.expires,
                  entries: set.entries.length,
                  violations: set.entries.filter(({ kind }) => kind === 'violation').length,
                }
              : null,
          };
        }),
      };
    },
    close: () => gate.close(),
  };
}

/** Makes a key pair. @param path where the private half goes, for its owner alone @returns the public half */
export async function makeSharingKey(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writeNewFile(path, pem, { mode: 0o600 });
  return publicKeyOf(pem);
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new WheelgateError(
      'INPUT_UNREADABLE',
      `${path} cannot be read`,
      'Make a key: wheelgate shared-reviews keygen.',
      error,
    );
  }
}
