import type { MarkerEnvironment } from '../../src/core/python/evaluate-marker.ts';

/** A Linux machine with CPython, asked for an extra, and a Windows one with a pre-release of PyPy. */
export const MARKER_ENVIRONMENTS: readonly MarkerEnvironment[] = [
  {
    implementation_name: 'cpython',
    implementation_version: '3.11.7',
    os_name: 'posix',
    platform_machine: 'x86_64',
    platform_python_implementation: 'CPython',
    platform_release: '6.1.0-18-amd64',
    platform_system: 'Linux',
    platform_version: '#1 SMP 2024',
    python_full_version: '3.11.7',
    python_version: '3.11',
    sys_platform: 'linux',
    extra: 'tls-Extra',
  },
  {
    implementation_name: 'pypy',
    implementation_version: '7.3.13',
    os_name: 'nt',
    platform_machine: 'AMD64',
    platform_python_implementation: 'PyPy',
    platform_release: '10',
    platform_system: 'Windows',
    platform_version: '10.0.19045',
    python_full_version: '3.10.0rc1',
    python_version: '3.10',
    sys_platform: 'win32',
    extra: '',
  },
];

/**
 * Random texts as Python packages have them, in every spelling and mostly valid. The same seed gives the same texts.
 */
export function pythonTexts(seed: number) {
  let state = seed;
  function random(below: number): number {
    // Mulberry32: small, and good enough to spread questions.
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }
  const pick = <T>(...from: readonly T[]): T => from[random(from.length)]!;
  const maybe = (text: () => string, oneIn = 2): string => (random(oneIn) === 0 ? text() : '');
  const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  const upTo = (most: number, make: () => string, separator: string): string =>
    many(1 + random(most), make).join(separator);

  const number = () =>
    pick('0', '0', '1', '1', '2', '3', '10', '007', '2024123123456789012345', '2024123123456789012346');
  const separator = () => pick('', '', '.', '-', '_');
  const pre = () =>
    separator() + pick('a', 'b', 'rc', 'c', 'alpha', 'Beta', 'pre', 'preview') + separator() + maybe(number);
  const post = () => pick(`-${number()}`, `${separator()}${pick('post', 'rev', 'r')}${separator()}${maybe(number)}`);
  const dev = () => `${separator()}dev${separator()}${maybe(number)}`;
  const local = () => `+${upTo(3, () => pick('ubuntu', 'a', 'B', '1', '01', '10', 'x1'), pick('.', '-', '_'))}`;
  // While texts are asked for together, most of them share a release: distant versions say little about an order.
  let stem: string | undefined;
  const release = () =>
    stem !== undefined && random(3) > 0 ? pick(stem, `${stem}.0`, `${stem}.1`) : upTo(4, number, '.');
  function together<T>(make: () => T): T {
    stem = upTo(3, number, '.');
    const made = make();
    stem = undefined;
    return made;
  }
  const version = () =>
    maybe(() => 'v', 20) +
    maybe(() => `${number()}!`, 12) +
    release() +
    maybe(pre, 3) +
    maybe(post, 4) +
    maybe(dev, 4) +
    maybe(local, 5);
  /** One character is lost, doubled or foreign: most are refused, and by both for the same reason. */
  function damaged(text: string): string {
    if (random(4) !== 0) return text;
    const at = random(text.length + 1);
    return (
      text.slice(0, at) +
      pick('', '.', '-', ' ', '+', '!', '*', 'x', '(', ';', ',', '1', '\n', '\u00a0') +
      text.slice(at + random(2))
    );
  }
  const clause = () => {
    const operator = pick('==', '!=', '~=', '<=', '>=', '<', '>', '===');
    if ((operator === '==' || operator === '!=') && random(3) === 0) return `${operator}${release()}.*`;
    if (operator === '==' || operator === '!=' || operator === '===') return `${operator}${pick('', ' ')}${version()}`;
    const text = version().replace(/\+.*/, '');
    // A compatible release needs two numbers.
    return `${operator === '~=' && !/^v?(?:\d+!)?\d+\.\d/.test(text) ? '>=' : operator}${pick('', ' ')}${text}`;
  };
  const specifiers = () => upTo(3, clause, pick(',', ', '));
  const variable = () =>
    pick(
      'python_version',
      'python_version',
      'python_full_version',
      'os_name',
      'sys_platform',
      'platform_machine',
      'extra',
      'platform_release',
      'implementation_version',
      'os.name',
      'python_implementation',
      'platform_version',
    );
  const quotedValue = () => {
    const value = pick(
      '3.9',
      '3.10',
      '3.11',
      '3.11.*',
      '3.10.0rc1',
      '2.7, 3.11',
      'linux',
      'win32',
      'posix',
      'x86_64',
      'CPython',
      'TLS_extra',
      '6',
      '10',
      '7.3.13',
      '3.11.7',
      '',
    );
    return random(2) === 0 ? `'${value}'` : `"${value}"`;
  };
  const comparison = () => {
    if (random(40) === 0) return `${variable()} == ${variable()}`;
    const operator = pick('==', '!=', '<', '<=', '>', '>=', '~=', '===', 'in', 'not in');
    return random(5) === 0
      ? `${quotedValue()} ${operator} ${variable()}`
      : `${variable()} ${operator} ${quotedValue()}`;
  };
  const marker = (depth = 0): string =>
    upTo(3, () => (depth < 2 && random(4) === 0 ? `(${marker(depth + 1)})` : comparison()), pick(' and ', ' or '));
  const name = () => pick('demo', 'Zope.Interface', 'a', 'a_-b', 'ruamel.yaml', 'x1');
  const requirement = () =>
    name() +
    maybe(() => `[${maybe(() => upTo(2, name, pick(',', ' , ')), 4)}]`, 3) +
    pick('', ' ') +
    pick('', specifiers(), `(${specifiers()})`, ` @ https://example.com/${name()}-1.0.tar.gz `) +
    maybe(() => `; ${marker()}`);
  const tagList = (...tags: readonly string[]) => upTo(2, () => pick(...tags), '.');
  const wheel = () =>
    `${pick('demo', 'Zope.Interface', 'a_b', 'a__b', 'a.b', '')}-${version().replaceAll('-', '_')}${maybe(() => `-${pick('1', '2a', '01_x', 'x')}`, 5)}-${tagList('py3', 'py2', 'cp311', 'CP39')}-${tagList('none', 'abi3', 'cp311')}-${tagList('any', 'manylinux_2_17_x86_64', 'win_amd64')}.whl`;
  const sdist = () => `${pick('demo', 'a-b', 'Zope.Interface', 'x-2')}-${version()}${pick('.tar.gz', '.zip')}`;

  return { pick, many, together, damaged, name, version, specifiers, marker, requirement, wheel, sdist };
}
