import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openDiskBlobs } from '../../src/io/blobs/disk-blobs.ts';
import { createMemoryBlobs } from '../fakes/memory-blobs.ts';
import { blobStoreContract } from './blobs.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-blobs-'));
after(() => rm(root, { recursive: true, force: true }));

blobStoreContract('disk', async () => openDiskBlobs(await mkdtemp(join(root, 'store-'))));
blobStoreContract('memory', async () => createMemoryBlobs());
