import { analyse } from '../src/core/analysis/analyse.ts';
import type { CollectedMembers } from '../src/core/analysis/collect-members.ts';
import type { PackageKind } from '../src/core/analysis/package-layout.ts';
import type { PythonParser } from '../src/core/analysis/syntax/parser.ts';
import { decodePythonSource } from '../src/core/analysis/syntax/source-text.ts';

/** Capabilities that make a piece of code worth splicing. */
const ACTS = new Set(['network', 'process', 'dynamic-code', 'native-code', 'secrets', 'recording', 'package-install']);
const MAX_STATEMENTS = 60;
const MAX_BYTES = 400_000;

/**
 * The top-level statement, function or class of a package that acts most, with the imports of its file before it: what an
 * attacker would carry into another package. Undefined when nothing in the package acts.
 */
export function findRiskyUnit(parser: PythonParser, members: CollectedMembers, kind: PackageKind): string | undefined {
  const { files, metadata } = members;
  const whole = analyse(parser, files, { kind, ...(metadata !== undefined && { metadata }) });
  const suspects = [
    ...whole.units.map(({ findings }) => findings[0]?.file),
    ...whole.capabilities.filter(({ capability }) => ACTS.has(capability)).map(({ file }) => file),
  ];
  for (const path of new Set(suspects)) {
    const file = files.find((each) => each.path === path);
    if (file === undefined || file.bytes.length > MAX_BYTES) continue;
    const found = strongestStatement(parser, decodePythonSource(file.bytes));
    if (found !== undefined) return found;
  }
  return undefined;
}

function strongestStatement(parser: PythonParser, source: string): string | undefined {
  const { body, text } = parser.parse(source);
  const pieces = body.map((each, at) => ({ kind: each.kind, text: text.slice(each.at, body[at + 1]?.at).trimEnd() }));
  const isImport = ({ kind }: { readonly kind: string }) => kind === 'import' || kind === 'from-import';
  const imports = pieces.filter(isImport).map((each) => each.text);
  let best: { readonly code: string; readonly evidence: number } | undefined;
  for (const piece of pieces.filter((each) => !isImport(each) && !isSetupCall(each.text)).slice(0, MAX_STATEMENTS)) {
    const code = [...imports, piece.text].join('\n');
    const { units, capabilities } = analyse(parser, [{ path: 'unit/__init__.py', bytes: Buffer.from(code) }], {
      kind: 'wheel',
    });
    const acts = capabilities.some(({ capability }) => ACTS.has(capability));
    const evidence = units[0]?.evidence ?? 0;
    if (acts && (best === undefined || evidence > best.evidence)) best = { code, evidence };
  }
  return best?.code;
}

function isSetupCall(text: string): boolean {
  return /^(?:setuptools\.|distutils\.core\.)?setup\s*\(/.test(text);
}
