import { open } from 'node:fs/promises';
import { createMemberCollector } from '../../core/analysis/collect-members.ts';
import { inspectBehaviour } from '../../core/analysis/inspect-behaviour.ts';
import { createOtherFiles } from '../../core/analysis/other-files/other-files.ts';
import type { PythonParser } from '../../core/analysis/syntax/parser.ts';
import type { ByteSource } from '../../core/archive/byte-source.ts';
import { inspectDistribution } from '../../core/archive/distribution.ts';
import { defaultArchiveLimits } from '../../core/archive/limits.ts';
import type { WalkedMember } from '../../core/archive/walk-members.ts';
import type { Finding } from '../../core/finding.ts';
import type { Inspection } from '../../core/policy/evidence.ts';
import type { YaraScanner } from './yara-scanner.ts';

/** Reads a wheel or sdist from disk in one pass: what its archive is like, and what its code does. */
export async function inspectFile(
  parser: PythonParser,
  path: string,
  filename: string,
  yara?: YaraScanner,
  onMember: (member: WalkedMember) => void = () => {},
): Promise<Inspection> {
  const started = performance.now();
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const source: ByteSource = {
      size,
      async read(offset, length) {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
        return buffer.subarray(0, bytesRead);
      },
    };
    const members = createMemberCollector();
    const matches: Finding[] = [];
    const others = createOtherFiles(filename);
    const found = await inspectDistribution(source, filename, defaultArchiveLimits, (member, bytes) => {
      members.add(member.path, bytes);
      others.add(member.path, bytes, member.isNative);
      if (bytes !== undefined) matches.push(...(yara?.scan(member.path, bytes) ?? []));
      onMember(member);
    });
    const { kind, declared, metadata, startupHooks, nativeFiles, portableContent, pythonMembers } = found;
    const behaviour = inspectBehaviour(parser, members.collected(), kind === 'wheel' ? 'wheel' : 'sdist');
    return {
      findings: [...found.findings, ...behaviour.findings, ...matches, ...others.findings()],
      complete: found.complete && behaviour.complete,
      startupHooks,
      nativeFiles,
      seconds: (performance.now() - started) / 1000,
      ...(behaviour.result && { behaviour: behaviour.result }),
      ...(portableContent && { portableContent }),
      ...(pythonMembers !== undefined && { pythonMembers }),
      ...(declared && { declared }),
      ...(metadata && {
        metadata: { base64: Buffer.from(metadata.bytes).toString('base64'), sha256: metadata.sha256 },
      }),
    };
  } finally {
    await handle.close();
  }
}
