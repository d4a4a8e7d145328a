import { secretKinds } from '../../catalogue/paths.ts';
import { callHit, hit, mentionsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const secretStore: Rule = {
  id: 'secret-store',
  title: 'reads browser stores, wallets or key files',
  description: 'At least two kinds of secret stores are named in one unit, or a store is opened or decrypted.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const named = mentionsOf(unit).flatMap(({ text, fact }) =>
      [...secretKinds(text)].map((kind) => ({ kind, text, fact })),
    );
    const kinds = new Set(named.map(({ kind }) => kind));
    const opened = callsOf(unit, 'cookie-read', 'unprotect').concat(
      callsOf(unit, 'decrypt').filter((fact) => fact.name.endsWith('CryptUnprotectData')),
    );
    return kinds.size >= 2 || opened.length > 0
      ? [...opened.map(callHit), ...named.map(({ text, fact }) => hit(fact, text))]
      : [];
  },
};
