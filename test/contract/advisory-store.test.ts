import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { createMemoryAdvisoryStore } from '../../src/io/feeds/memory-advisory-store.ts';
import { openSqliteStore } from '../../src/io/store/sqlite-store.ts';
import { advisoryStoreContract } from './advisory-store.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-advisories-'));
const closing: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closing) await close();
  await rm(root, { recursive: true, force: true });
});

advisoryStoreContract('memory', async () => createMemoryAdvisoryStore());
advisoryStoreContract('SQLite', async () => {
  const store = await openSqliteStore(join(await mkdtemp(join(root, 'store-')), 'wheelgate.db'));
  closing.push(() => store.close());
  return store.advisories;
});
