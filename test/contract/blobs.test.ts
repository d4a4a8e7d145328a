import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openDiskBlobs } from '../../src/io/blobs/disk-blobs.ts';
import { keepHotBlobs } from '../../src/io/blobs/hot-blobs.ts';
import { createMemoryBlobs } from '../fakes/memory-blobs.ts';
import { blobStoreContract } from './blobs.ts';

const root = await mkdtemp(join(tmpdir(), 'wheelgate-blobs-'));
after(() => rm(root, { recursive: true, force: true }));

blobStoreContract('disk', async () => openDiskBlobs(await mkdtemp(join(root, 'store-'))));
blobStoreContract('memory', async () => createMemoryBlobs());
blobStoreContract('hot, in memory', async () =>
  keepHotBlobs(createMemoryBlobs(), { maxBytes: 100_000, maxBlobBytes: 5_000 }),
);
blobStoreContract('hot, on disk', async () =>
  keepHotBlobs(await openDiskBlobs(await mkdtemp(join(root, 'store-'))), { maxBytes: 100_000, maxBlobBytes: 20_000 }),
);
