import { CONTEXTS, type Context } from '../src/core/analysis/fact.ts';
import type { StoredSample } from './samples.ts';

/** Capabilities without which malware does nothing; reading files or the environment alone is no act. */
const ACTS =
  /^(?:network|process|dynamic-code|native-code|decoding|secrets|clipboard|recording|package-install|start-up-hook)@/;

/** When the package first acts, told from its capabilities and not from what was found suspicious. */
export function placeOf({ reaches }: StoredSample): Context | 'nothing acts' {
  const acts = reaches.filter((each) => ACTS.test(each));
  return CONTEXTS.find((context) => acts.some((each) => each.endsWith(`@${context}`))) ?? 'nothing acts';
}

const BEHAVIOURS: readonly (readonly [string, RegExp])[] = [
  [
    'downloads and runs',
    /^(?:download-and-run|download-beside-run|network-execution|downloader-(?:command|text)|executable-url.*|package-install)$/,
  ],
  ['steals secrets', /^(?:secret-store|credential-exfiltration|environment-exfiltration)$/],
  ['sends facts about the machine', /^(?:host-exfiltration|host-beside-network|output-exfiltration)$/],
  ['reports to a webhook, catcher or tunnel', /^(?:webhook|callback-catcher|tunnel-host)(?:-mention)?$/],
  [
    'hides code',
    /^(?:decod.*|constant-decryption|decryption|layer-behaviour|hidden-code|protected-code|mangled-names)$/,
  ],
  ['records or replaces the clipboard', /^(?:recording.*|clipboard-replacement)$/],
  ['shell, persistence, destruction', /^(?:reverse-shell|persistence|destruction|native-memory)$/],
];

/** What the findings of a package say it does; several are possible. */
export function behavioursOf({ units }: StoredSample): string[] {
  const rules = units.flatMap(({ hits }) => hits.map(([rule]) => rule));
  const found = BEHAVIOURS.filter(([, pattern]) => rules.some((rule) => pattern.test(rule))).map(([name]) => name);
  return found.length > 0 ? found : [rules.length > 0 ? 'other findings' : 'no finding'];
}
