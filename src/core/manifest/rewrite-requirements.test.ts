// biome-ignore-all lint/suspicious/noTemplateCurlyInString: requirements files have variables of this form
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseProjectName } from '../python/name.ts';
import { type PinEdit, rewriteRequirements } from './rewrite-requirements.ts';

const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;
const OLD = `sha256:${'0'.repeat(64)}`;
const raise = (line: number, over: Partial<PinEdit> = {}): PinEdit => ({
  line,
  project: parseProjectName('six'),
  from: '1.0',
  to: '1.10',
  hashes: [B, A],
  ...over,
});
const utf16 = (text: string) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);

for (const [why, before, edit, after] of [
  ['a plain pin', 'six==1.0\n', raise(1), 'six==1.10\n'],
  ['no line end at the end', 'a==1\nsix==1.0', raise(2), 'a==1\nsix==1.10'],
  [
    'a comment, its spaces and a marker with the same number',
    'Six == 1.0 ;python_version>"1.0"  # 1.0 ==1.0\r\n',
    raise(1),
    'Six == 1.10 ;python_version>"1.0"  # 1.0 ==1.0\r\n',
  ],
  ['another spelling of the version', 'six==v1.0\n', raise(1), 'six==1.10\n'],
  ['extras', 'six[a, b]==1.0\n', raise(1), 'six[a, b]==1.10\n'],
  [
    'hashes as they were laid out',
    `six==1.0 \\\r\n    --hash=${OLD} \\\r\n    --hash=${OLD}\r\n    # via x\r\nb==2\r\n`,
    raise(1),
    `six==1.10 \\\r\n    --hash=${A} \\\r\n    --hash=${B}\r\n    # via x\r\nb==2\r\n`,
  ],
  [
    'one hash on a line of its own',
    `six==1.0 \\\n  --hash=${OLD}\nb==2`,
    raise(1),
    `six==1.10 \\\n  --hash=${A} \\\n  --hash=${B}\nb==2`,
  ],
  ['one hash on the same line', `six==1.0 --hash ${OLD}  # c`, raise(1), `six==1.10 --hash=${A} --hash=${B}  # c`],
  ['arbitrary equality', 'six===1.0', raise(1), 'six===1.10'],
  [
    'a comment with letters that are not ASCII',
    '# Größe\u2026 \u0085x\nsix==1.0',
    raise(3),
    '# Größe\u2026 \u0085x\nsix==1.10',
  ],
] as const) {
  test(`keeps ${why}`, () => {
    for (const encode of [(text: string) => Buffer.from(text), (text: string) => Buffer.from(`\ufeff${text}`), utf16]) {
      const { bytes, refused } = rewriteRequirements(encode(before), [edit]);
      assert.deepEqual(refused, []);
      assert.deepEqual(Buffer.from(bytes), encode(after));
    }
  });
}

for (const [why, text, edit, reason] of [
  ['a version from a variable', 'six==${V}\n', raise(1), /not written in this line/],
  ['a version over two lines', 'six==\\\n1.0\n', raise(1), /not written in this line/],
  ['another clause that the new version breaks', 'six==1.0,<1.5\n', raise(1), /cannot be edited safely/],
  ['a line that is none', 'six==1.0\n', raise(9), /no such line/],
  ['hashes without the new ones', `six==1.0 --hash=${OLD}`, raise(1, { hashes: [] }), /not known/],
  ['hashes apart', `six==1.0 --hash=${OLD} -C a=b --hash=${OLD}`, raise(1), /do not stand together/],
  ['another project', 'seven==1.0', raise(1), /cannot be edited safely/],
] as const) {
  test(`refuses ${why}, and leaves the file alone`, () => {
    const { bytes, refused } = rewriteRequirements(Buffer.from(text), [edit]);
    assert.match(refused[0]!.reason, reason);
    assert.equal(Buffer.from(bytes).toString(), text);
  });
}

test('refuses an encoding that it could not write back', () => {
  assert.throws(() => rewriteRequirements(Buffer.from('# \xe9\nsix==1.0\n', 'latin1'), [raise(2)]), /neither in UTF-8/);
});

test('changes the lines that were asked for and no other byte', () => {
  const other = fc.constantFrom(
    '',
    '# six==1.0',
    'a==1  # x',
    '-r b.txt',
    `b==1.0 \\\n  --hash=${OLD}`,
    'six>=1',
    '\t',
  );
  const end = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(fc.array(fc.tuple(other, end)), fc.array(fc.tuple(other, end)), end, (before, after, eol) => {
      const join = (lines: readonly (readonly string[])[]) => lines.map((line) => line.join('')).join('');
      const [head, tail] = [join(before), join(after)];
      const line = head.split('\n').length;
      const { bytes } = rewriteRequirements(Buffer.from(`${head}six==1.0${eol}${tail}`), [raise(line)]);
      assert.equal(Buffer.from(bytes).toString(), `${head}six==1.10${eol}${tail}`);
    }),
  );
});
