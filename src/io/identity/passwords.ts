import { hash, verify } from '@node-rs/argon2';
import type { Passwords } from '../../gate/ports.ts';

/** argon2id as OWASP asks for it at least: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashing on threads of its own; the algorithm of the library's default is argon2id. */
export function createPasswords(): Passwords {
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => hash(password, COST),
    async verify(kept, password) {
      decoy ??= hash('nobody has this password', COST);
      // Without one the same work is done: the time does not tell who has an account.
      const matches = await verify(kept ?? (await decoy), password);
      return kept !== undefined && matches;
    },
  };
}
