import type { GateApi } from '../api/gate-api.ts';
import { MAX_RELEASES, type WireVerdict } from '../api/verdict.ts';
import type { Pin } from '../core/manifest/manifest.ts';
import type { PinVerdict, PinVerdicts } from '../gate/audit-manifests.ts';
import { reviewUrl } from '../gate/links.ts';

/** Asks a gate what it thinks of pins. @param url its address, for links to what it says of each release */
export function createGateVerdicts(api: GateApi, url: string, index: string): PinVerdicts {
  return async (pins) => {
    const found: (PinVerdict | undefined)[] = [];
    for (let at = 0; at < pins.length; at += MAX_RELEASES) {
      const asked = pins.slice(at, at + MAX_RELEASES);
      const { verdicts } = await api.call('judgeReleases', { body: { index, releases: asked.map(askOf) } });
      for (const [i, pin] of asked.entries()) found.push(readVerdict(verdicts[i], pin, url, index));
    }
    return found;
  };
}

function askOf({ project, version, hashes }: Pin) {
  return {
    project,
    version,
    sha256: hashes.flatMap((hash) => /^sha256:([0-9a-f]{64})$/i.exec(hash)?.[1]?.toLowerCase() ?? []),
  };
}

function readVerdict(said: WireVerdict | undefined, pin: Pin, base: string, index: string): PinVerdict | undefined {
  const url = reviewUrl(base, index, pin.project, pin.version);
  switch (said?.verdict) {
    case 'allow':
      return undefined;
    case 'pending':
      return { kind: 'pending' };
    case 'hold':
    case 'block': {
      const [first, ...more] = said.reasons;
      const until = first?.until === undefined ? '' : ` (until ${first.until.slice(0, 16).replace('T', ' ')} UTC)`;
      const also = more.length === 0 ? '' : `; ${more.map(({ message }) => message).join('; ')}`;
      const message = `${first?.message ?? 'no reason given'}${until}${also}`;
      return { kind: 'refused', effect: said.verdict, rule: first?.rule ?? 'policy', message, url };
    }
    case 'absent':
    case 'reserved':
      return {
        kind: 'refused',
        effect: 'block',
        rule: said.verdict,
        message:
          said.verdict === 'absent'
            ? 'no upstream of the gate has it'
            : 'the name is reserved, and no private upstream has it',
        url,
      };
    default:
      return { kind: 'unknown' };
  }
}
