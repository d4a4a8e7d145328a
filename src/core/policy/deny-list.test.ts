import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFact, aMatch, anEvidence, anExemption, DIGEST, NOW } from '../../../test/builders/an-evidence.ts';
import { parseVersion, tryParseVersion } from '../python/version.ts';
import { decide } from './decide.ts';
import { parseDenyList } from './deny-list.ts';
import { parsePolicy } from './policy.ts';

const find = (list: string, project: string, version?: string, sha256?: string) => {
  const parsed = version === undefined ? undefined : tryParseVersion(version);
  return parseDenyList(list, 'deny.txt').find({
    project,
    ...(parsed && { version: parsed }),
    ...(sha256 !== undefined && { sha256 }),
  });
};

for (const [why, list, project, version, denied] of [
  ['a name', 'Evil_Thing', 'evil-thing', '1.0', true],
  ['another name', 'evil', 'evil-thing', '1.0', false],
  ['a pattern', 'evil-*', 'evil-thing', '1.0', true],
  ['a pattern in the middle', '*thing?', 'evil-things', '1.0', true],
  ['a range', 'demo >=2.0,<2.1', 'demo', '2.0.5', true],
  ['below the range', 'demo >=2.0,<2.1', 'demo', '1.9', false],
  ['behind the range', 'demo >=2.0,<2.1', 'demo', '2.1', false],
  ['a range without a blank', 'demo~=1.4', 'demo', '1.5', true],
  ['a pre-release in a range', 'demo >=2.0', 'demo', '2.1rc1', true],
  ['a pin, and a local version of it', 'demo==1.0', 'demo', '1.0+cu118', true],
  ['a purl', 'pkg:pypi/demo@1.0', 'demo', '1.0.0', true],
  ['a purl of the whole project', 'pkg:pypi/demo', 'demo', '7', true],
  ['the second of two ranges', 'demo<1\ndemo>3', 'demo', '4', true],
  ['a pattern with a range', 'acme-* <2', 'acme-web', '1.0', true],
  ['a version that nothing can order is in every range', 'demo <2', 'demo', undefined, true],
  ['comments and empty lines', '\uFEFF# demo\n\n   \r\n', 'demo', '1', false],
] as const) {
  test(`deny list: ${why}: ${denied}`, () => assert.equal(find(list, project, version) !== undefined, denied));
}

test('a digest is denied whatever its file is called, with the line and the reason', () => {
  const list = `# ours\r\nsha256:${DIGEST.toUpperCase().replace('SHA256', 'sha256')}  # read on Monday\r\n`;
  assert.equal(find(list, 'demo', '1.0', DIGEST), 'on the deny list, line 2: read on Monday');
  assert.equal(find(list, 'demo', '1.0', 'b'.repeat(64)), undefined);
  assert.equal(find('demo', 'demo'), 'on the deny list, line 1');
});

for (const [why, list, place] of [
  ['no name', 'ok\n  ../etc', 'line 2, column 3: .*no project name'],
  ['everything', '*', 'line 1, column 1: .*kill switch'],
  ['everything in other words', ' **-? ', 'line 1, column 2: '],
  ['an operator that is none', 'demo =>1', 'line 1, column 6: '],
  ['a version that is none', 'demo >=1, <banana', 'line 1, column 11: '],
  ['nothing between commas', 'demo >=1,,<2', 'line 1, column 10: '],
  ['nothing behind a comma', 'demo >=1,', 'line 1, column 10: '],
  ['a broken purl', 'x\npkg:npm/demo', 'line 2, column 1: .*pkg:pypi'],
  ['a digest that is too short', `sha256:${'a'.repeat(63)}`, 'line 1, column 1: '],
  ['a reason that forges a header', 'demo # a\u0007b', 'line 1, column 6: '],
  ['a reason without end', `demo # ${'a'.repeat(81)}`, 'line 1, column 6: '],
] as const) {
  test(`deny list refused: ${why}`, () =>
    assert.throws(
      () => parseDenyList(list, 'deny.txt'),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'POLICY_INVALID');
        assert.match(error.message, new RegExp(`^deny\\.txt: ${place}`));
        return true;
      },
    ));
}

const policyOf = (list: string, preset = 'balanced') =>
  parsePolicy(`preset = "${preset}"\ndeny_list = "deny.txt"`, 'policy.toml', parseDenyList(list, 'deny.txt'));

for (const preset of ['balanced', 'strict', 'monitor']) {
  test(`no approval, exemption or preset opens what the list denies: ${preset}`, () => {
    const evidence = anEvidence({
      facts: [aFact()],
      exemptions: [anExemption({ kind: 'break-glass', sha256: DIGEST })],
      advisories: { matches: [aMatch()] },
    });
    const { kind, reasons } = decide(policyOf('demo <2', preset), evidence, NOW);
    assert.deepEqual(
      [kind, reasons],
      ['block', [{ rule: 'deny-list', effect: 'block', message: 'on the deny list, line 1' }]],
    );
    const other = { ...evidence, file: { ...evidence.file, version: parseVersion('2.0') } };
    assert.equal(decide(policyOf('demo <2', preset), other, NOW).kind, 'allow');
  });
}

test('another list is another revision of the policy; one that is named and not there is refused', () => {
  assert.notEqual(policyOf('demo').revision, policyOf('demo <2').revision);
  assert.equal(policyOf('demo').revision, policyOf('demo').revision);
  assert.throws(() => parsePolicy('deny_list = "deny.txt"'), { code: 'POLICY_INVALID' });
});
