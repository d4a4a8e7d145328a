import { hasCode } from '../errors.ts';
import { type Header, readHeaders } from './metadata-headers.ts';
import { tryParseProjectName } from './name.ts';
import { quoted } from './quoted.ts';
import { parseRequirement } from './requirement.ts';
import { parseSpecifiers } from './specifier.ts';
import { tryParseVersion } from './version.ts';

const SINGLE = {
  'metadata-version': 'metadataVersion',
  name: 'name',
  version: 'version',
  summary: 'summary',
  description: 'description',
  'description-content-type': 'descriptionContentType',
  keywords: 'keywords',
  'home-page': 'homePage',
  'download-url': 'downloadUrl',
  author: 'author',
  'author-email': 'authorEmail',
  maintainer: 'maintainer',
  'maintainer-email': 'maintainerEmail',
  license: 'license',
  'license-expression': 'licenseExpression',
  'requires-python': 'requiresPython',
} as const;

const MULTIPLE = {
  classifier: 'classifiers',
  'project-url': 'projectUrls',
  'requires-dist': 'requiresDist',
  'provides-extra': 'providesExtra',
  'requires-external': 'requiresExternal',
  'license-file': 'licenseFiles',
  dynamic: 'dynamic',
  platform: 'platforms',
  'supported-platform': 'supportedPlatforms',
  'import-name': 'importNames',
  'import-namespace': 'importNamespaces',
  'provides-dist': 'providesDist',
  'obsoletes-dist': 'obsoletesDist',
  requires: 'requires',
  provides: 'provides',
  obsoletes: 'obsoletes',
} as const;

type SingleField = (typeof SINGLE)[keyof typeof SINGLE];
type MultipleField = (typeof MULTIPLE)[keyof typeof MULTIPLE];

/** The fields as they stand in the file, unfolded. Text from a package: escape it wherever it is shown. */
export type CoreMetadata = { readonly [Field in SingleField]?: string } & {
  readonly [Field in MultipleField]: readonly string[];
};

/** Something that a tool may read otherwise than its author meant. `line` is 1-based; without one, a field is missing. */
export type MetadataProblem = {
  readonly code:
    | 'not-utf8'
    | 'malformed-line'
    | 'unknown-field'
    | 'repeated-field'
    | 'missing-field'
    | 'invalid-value'
    | 'unknown-version'
    | 'two-descriptions';
  readonly line?: number;
  readonly message: string;
};

/** 2.0 was never accepted, but wheels that declare it were built for years. */
const KNOWN_VERSIONS = new Set(['1.0', '1.1', '1.2', '2.0', '2.1', '2.2', '2.3', '2.4', '2.5']);

/** What setuptools wrote for fields that nobody filled in. */
const PLACEHOLDER = 'UNKNOWN';

const MAX_PROBLEMS = 100;

/**
 * Reads METADATA or PKG-INFO (core metadata specification) as Python's email parser would and never throws: what is
 * wrong is in `problems` (the first 100). Of a repeated field the first counts, as it does for pip.
 */
export function readMetadata(bytes: Uint8Array): {
  readonly fields: CoreMetadata;
  readonly problems: readonly MetadataProblem[];
} {
  const problems: MetadataProblem[] = [];
  const report = (code: MetadataProblem['code'], message: string, line?: number) => {
    if (problems.length < MAX_PROBLEMS) problems.push(line === undefined ? { code, message } : { code, line, message });
  };
  const { headers, body, ...found } = readHeaders(decode(bytes, report));
  for (const { line, message } of found.malformed) report('malformed-line', message, line);
  const single: { [Field in SingleField]?: string } = {};
  const multiple = Object.fromEntries(Object.values(MULTIPLE).map((field) => [field, [] as string[]])) as {
    [Field in MultipleField]: string[];
  };
  for (const header of headers) {
    const name = header.name.toLowerCase();
    if (isKey(name, MULTIPLE)) {
      multiple[MULTIPLE[name]].push(header.value);
    } else if (!isKey(name, SINGLE)) {
      report('unknown-field', `${quoted(header.name)} is not a metadata field`, header.line);
    } else if (single[SINGLE[name]] === undefined) {
      single[SINGLE[name]] = header.value;
    } else {
      report('repeated-field', `${quoted(header.name)} is given more than once`, header.line);
    }
    const problem = problemOf(name, header);
    const code = name === 'metadata-version' ? 'unknown-version' : 'invalid-value';
    if (problem !== undefined) report(code, problem, header.line);
  }
  for (const field of ['metadataVersion', 'name', 'version'] as const) {
    if (single[field] === undefined) report('missing-field', `the file gives no ${field}`);
  }
  if (body.trim() !== '') {
    if (single.description === undefined) single.description = body;
    else report('two-descriptions', 'a description is given as a field and as the body');
  }
  for (const field of Object.values(SINGLE)) {
    if (single[field]?.trim() === PLACEHOLDER && field !== 'name' && field !== 'version') delete single[field];
  }
  return { fields: { ...single, ...multiple }, problems };
}

function decode(bytes: Uint8Array, report: (code: 'not-utf8', message: string) => void): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    report('not-utf8', 'the file is not UTF-8');
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  }
}

function problemOf(name: string, { value }: Header): string | undefined {
  switch (name) {
    case 'metadata-version':
      return KNOWN_VERSIONS.has(value) ? undefined : `${quoted(value)} is no known metadata version`;
    case 'name':
    case 'provides-extra':
      return tryParseProjectName(value) === undefined ? `${quoted(value)} is not a name` : undefined;
    case 'version':
      return tryParseVersion(value) === undefined ? `${quoted(value)} is not a version` : undefined;
    case 'requires-python':
      return value === PLACEHOLDER ? undefined : refusal(() => parseSpecifiers(value));
    case 'requires-dist':
      return refusal(() => parseRequirement(value));
    case 'project-url':
      return value.includes(',') ? undefined : `${quoted(value)} has no label and comma before its URL`;
    case 'dynamic':
      return /^(?:metadata-version|name|version)$/i.test(value) ? `${value} cannot be dynamic` : undefined;
    default:
      return undefined;
  }
}

function refusal(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (hasCode(error, 'SPECIFIER_INVALID') || hasCode(error, 'REQUIREMENT_INVALID')) return error.message;
    throw error;
  }
}

function isKey<T extends object>(name: string, fields: T): name is string & keyof T {
  return Object.hasOwn(fields, name);
}
