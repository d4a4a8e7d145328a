import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withNetrcEntry } from './netrc.ts';

const entry = { host: 'gate.test', login: '__token__', password: 'wg_new' };
const LINE = 'machine gate.test login __token__ password wg_new\n';

for (const [why, before, after] of [
  ['an empty file', '', LINE],
  ['others stay', 'machine a login b password c\n', `${LINE}machine a login b password c\n`],
  ['in front of default', 'default login x password y\n', `${LINE}default login x password y\n`],
  [
    'an old one goes',
    'machine gate.test login __token__ password wg_old\nmachine a login b\n',
    `${LINE}machine a login b\n`,
  ],
  [
    'an old one over several lines goes, its neighbours and comments stay',
    '# mine\nmachine a\n  login b\nmachine gate.test\n\tpassword #x\n\tlogin __token__\n# last\n',
    `${LINE}# mine\nmachine a\n  login b\n# last\n`,
  ],
  ['twice', 'machine gate.test login __token__\nmachine gate.test login __token__', LINE],
  [
    'a macro may name anything',
    'machine a login b\nmacdef init\nmachine gate.test login other\n\nmachine c login d\n',
    `${LINE}machine a login b\nmacdef init\nmachine gate.test login other\n\nmachine c login d\n`,
  ],
  [
    'a password may be a keyword',
    'machine a login b password machine\n',
    `${LINE}machine a login b password machine\n`,
  ],
  ['a password in quotes', 'machine a login b password "c d"\n', `${LINE}machine a login b password "c d"\n`],
  ['lines of Windows', 'machine gate.test login __token__\r\nmachine a login b\r\n', `${LINE}machine a login b\r\n`],
] as const) {
  test(why, () => assert.equal(withNetrcEntry(before, entry), after));
}

for (const [why, before, code] of [
  ['another login of the host is left alone', 'machine gate.test login ana password x', 'CONFLICT'],
  ['a login that is not named', 'machine gate.test password x', 'CONFLICT'],
  ['a value is missing', 'machine a login', 'INPUT_UNREADABLE'],
  ['something else', 'hunter2 machine a', 'INPUT_UNREADABLE'],
] as const) {
  test(`refused: ${why}`, () =>
    assert.throws(
      () => withNetrcEntry(before, entry),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    ));
}

test('doing it again changes nothing', () => {
  const word = fc.stringMatching(/^[a-z#]{1,5}$/);
  const others = fc.array(fc.tuple(word, word, word), { maxLength: 4 });
  fc.assert(
    fc.property(others, (list) => {
      const text = list
        .map(([host, login, password]) => `machine ${host} login ${login} password ${password}\n`)
        .join('');
      const once = withNetrcEntry(text, entry);
      assert.equal(withNetrcEntry(once, entry), once);
      assert.equal(once, LINE + text);
    }),
  );
});
