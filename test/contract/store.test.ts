import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openSqliteStore } from '../../src/io/store/sqlite-store.ts';
import { createMemoryStore } from '../fakes/memory-store.ts';
import { advisoryUpdatesContract } from './advisory-updates.ts';
import { identitiesContract } from './identities.ts';
import { reviewStoreContract } from './review-store.ts';
import { storeContract } from './store.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-store-'));
after(() => rm(root, { recursive: true, force: true }));

const createSqliteStore = async () => openSqliteStore(join(await mkdtemp(join(root, 'store-')), 'test.db'));

reviewStoreContract('sqlite', createSqliteStore);
reviewStoreContract('memory', async () => createMemoryStore());
storeContract('sqlite', createSqliteStore);
storeContract('memory', async () => createMemoryStore());
advisoryUpdatesContract('sqlite', createSqliteStore);
advisoryUpdatesContract('memory', async () => createMemoryStore());
identitiesContract('sqlite', createSqliteStore);
identitiesContract('memory', async () => createMemoryStore());
