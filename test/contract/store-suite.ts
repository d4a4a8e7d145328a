import test from 'node:test';
import type { Store } from '../../src/gate/ports.ts';

/**
 * Declares tests of a suite, each over an empty store of its own, which is closed behind it.
 * @param name of the implementation
 */
export function storeSuite<S extends Pick<Store, 'close'>>(name: string, create: () => Promise<S>) {
  return (what: string, check: (store: S) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const store = await create();
      try {
        await check(store);
      } finally {
        await store.close();
      }
    });
}
