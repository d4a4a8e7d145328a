import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runOnSmallDisk } from '../../fakes/small-disk.ts';

test('a full disk: approved files are served, new ones fail cleanly, and all goes on when there is room', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'wheelgate-full-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const story = new URL('./disk-full-story.ts', import.meta.url).href;
  const script = `
    import { tellOfAFullDisk } from ${JSON.stringify(story)};
    process.stdout.write(JSON.stringify(await tellOfAFullDisk(process.env.SMALL_DISK)));
  `;
  const served = runOnSmallDisk(folder, 64 * 1024, script);
  if (served === undefined) return context.skip('this machine mounts no disk for a test');
  assert.equal(served, 3);
});
