import type { Passwords } from '../../gate/ports.ts';

/** argon2id as OWASP asks for it at least: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Loaded with the first password: most gates never see one. */
const argon2 = () => import('@node-rs/argon2');

/** Hashing on threads of its own; the algorithm of the library's default is argon2id. */
export function createPasswords(): Passwords {
  let decoy: Promise<string> | undefined;
  return {
    hash: async (password) => (await argon2()).hash(password, COST),
    async verify(kept, password) {
      const { hash, verify } = await argon2();
      decoy ??= hash('nobody has this password', COST);
      // Without one the same work is done: the time does not tell who has an account.
      const matches = await verify(kept ?? (await decoy), password);
      return kept !== undefined && matches;
    },
  };
}
