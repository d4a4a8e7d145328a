import type { FindingList } from './finding-list.ts';
import { stripSlashes, type TarHeader } from './tar-header.ts';
import type { PaxRecords } from './tar-pax.ts';

/** A header that says more about the member behind it: GNU long name, GNU long link name, pax. */
export type TarExtension =
  | { readonly kind: 'name' | 'link'; readonly value: string }
  | { readonly kind: 'pax'; readonly own: PaxRecords; readonly withGlobal: PaxRecords };

/** What a member is called and how long it is, after all its headers. */
export type Described = {
  readonly name: string;
  readonly linkName: string;
  /** Expanded bytes. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly dataSize: number;
  readonly isSparse: boolean;
};

const NAME_FIELD_BYTES = 100;
/** From here on the octal size field is too small. */
const MAX_OCTAL_SIZE = 8 ** 11;
const TYPES_WITHOUT_DATA = '123456';

/**
 * Applies the extensions in the order of Python's tarfile (the one next to the member first, so that the outermost wins) and
 * reports where readers that apply them in another order, or not at all, see another member.
 */
export function describe(
  header: TarHeader,
  global: PaxRecords,
  extensions: readonly TarExtension[],
  findings: FindingList,
): Described {
  let { name, linkName, size } = header;
  let dataSize = TYPES_WITHOUT_DATA.includes(header.type) ? 0 : size;
  let isSparse = header.sparse !== undefined;
  const apply = (records: PaxRecords) => {
    const path = records.get('path');
    if (path !== undefined) name = stripSlashes(path);
    linkName = records.get('linkpath') ?? linkName;
    size = paxSize(records) ?? size;
  };
  if (!isSparse) apply(global);
  for (const extension of extensions.toReversed()) {
    if (extension.kind === 'name') name = header.type === '5' ? extension.value.replace(/\/$/, '') : extension.value;
    if (extension.kind === 'link') linkName = extension.value;
    if (extension.kind !== 'pax') continue;
    apply(extension.withGlobal);
    if (!TYPES_WITHOUT_DATA.includes(header.type)) dataSize = paxSize(extension.withGlobal) ?? dataSize;
    isSparse ||= [...extension.withGlobal.keys()].some((key) => key.startsWith('GNU.sparse.'));
    name = extension.withGlobal.get('GNU.sparse.name') ?? name;
  }
  report(header, { name, linkName, size, dataSize, isSparse }, extensions, findings);
  return { name, linkName, size: header.sparse?.size ?? size, dataSize, isSparse };
}

function report(
  header: TarHeader,
  described: Described,
  extensions: readonly TarExtension[],
  findings: FindingList,
): void {
  const { name } = described;
  const given = (kind: 'name' | 'link', key: string) =>
    extensions.flatMap((extension) => {
      const value =
        extension.kind === 'pax' ? extension.own.get(key) : extension.kind === kind ? extension.value : undefined;
      return value === undefined ? [] : [value];
    });
  if (disagree(header.name, given('name', 'path')) || disagree(header.linkName, given('link', 'linkpath'))) {
    findings.add('two-names', name, header.name);
  }
  const sizes = extensions.flatMap((extension) => (extension.kind === 'pax' ? (paxSize(extension.own) ?? []) : []));
  if (sizes.some((value) => value !== header.size && value < MAX_OCTAL_SIZE)) findings.add('two-sizes', name);
  if (header.foreignPrefix) findings.add('prefix-field', name);
  if (described.isSparse) findings.add('sparse-member', name);
  if (TYPES_WITHOUT_DATA.includes(header.type) && described.size > 0) findings.add('size-without-data', name);
}

/** An extension may only say what the header could not: a name that is too long for its field or not ASCII. */
function disagree(inHeader: string, given: readonly string[]): boolean {
  const [first, ...others] = given.map(stripSlashes);
  if (first === undefined) return false;
  const fits = first.length < NAME_FIELD_BYTES && /^[\x20-\x7e]*$/.test(first);
  return others.some((value) => value !== first) || (fits && first !== stripSlashes(inHeader));
}

/** Python takes 0 for a size that is no number. */
function paxSize(records: PaxRecords): number | undefined {
  const value = records.get('size');
  if (value === undefined) return undefined;
  return /^[0-9]{1,15}$/.test(value) ? Number(value) : 0;
}
