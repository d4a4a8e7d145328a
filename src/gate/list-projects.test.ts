import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../../test/builders/an-evidence.ts';
import { FakeUpstream, upstreamDown } from '../../test/fakes/fake-upstream.ts';
import { parsePolicy } from '../core/policy/policy.ts';
import { createListProjects } from './list-projects.ts';

const HOUR_MS = 3_600_000;

function aList(reserved: readonly string[] = []) {
  const ours = new FakeUpstream('https://ours.test/simple/');
  const publicOne = new FakeUpstream('https://public.test/simple/');
  const time = { now: NOW };
  const errors: string[] = [];
  const policy = parsePolicy(`[rules.reserved-names]\nnames = ${JSON.stringify(reserved)}`);
  const upstreams = [
    { upstream: ours, isPrivate: true },
    { upstream: publicOne, isPrivate: false },
  ];
  const listProjects = createListProjects({ clock: () => time.now, onUpstreamError: (name) => errors.push(name) });
  ours.addFile('acme-tool', 'acme_tool-1.0-py3-none-any.whl', Buffer.from('x'));
  ours.addFile('shared', 'shared-1.0-py3-none-any.whl', Buffer.from('x'));
  publicOne.addFile('shared', 'shared-1.0-py3-none-any.whl', Buffer.from('x'));
  publicOne.addFile('acme-trap', 'acme_trap-1.0-py3-none-any.whl', Buffer.from('x'));
  return {
    ours,
    publicOne,
    errors,
    list: () => listProjects({ name: 'default', upstreams, policy: () => policy }),
    passHour: () => {
      time.now = new Date(time.now.getTime() + HOUR_MS);
    },
  };
}

test('the names of all upstreams, each once, sorted, and what no index may be called left out', async () => {
  const { ours, list } = aList();
  ours.listProjects = async () => ['Zope.Interface', 'shared', '../etc', ''];
  assert.deepEqual(await list(), ['acme-trap', 'shared', 'zope-interface']);
});

test('reserved names count from private upstreams only', async () => {
  assert.deepEqual(await aList(['acme-*']).list(), ['acme-tool', 'shared']);
});

test('a list is kept for an hour, and a hundred readers make one request', async () => {
  const { ours, list, passHour } = aList();
  await Promise.all(Array.from({ length: 100 }, list));
  assert.equal(ours.count('listProjects'), 1);
  passHour();
  await list();
  assert.equal(ours.count('listProjects'), 2);
});

test('a list that was read once is shown while its upstream fails', async () => {
  const { ours, publicOne, list, passHour, errors } = aList();
  const whole = await list();
  ours.fail();
  publicOne.fail();
  passHour();
  assert.deepEqual(await list(), whole);
  assert.deepEqual(errors, [ours.name, publicOne.name]);
});

test('an upstream that never answered is left out, but not when it is the only one', async () => {
  const { ours, publicOne, list } = aList();
  ours.fail();
  assert.deepEqual(await list(), ['acme-trap', 'shared']);
  const other = aList();
  other.ours.fail();
  other.publicOne.fail();
  await assert.rejects(other.list(), upstreamDown);
  assert.equal(publicOne.count('listProjects'), 1);
});
