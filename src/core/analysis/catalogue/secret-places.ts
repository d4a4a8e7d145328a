/** Where programs keep secrets: one place per program or kind of key. */
const PLACES: readonly (readonly [place: string, pattern: RegExp])[] = [
  ['ssh', /\.ssh(?:[\\/]|$)|\bid_(?:rsa|dsa|ecdsa|ed25519)\b/i],
  ['gnupg', /\.gnupg\b/i],
  ['pypi', /\.pypirc\b/],
  ['npm', /\.npmrc\b/],
  ['git', /\.git-credentials\b|\.netrc\b|\.config[\\/]gh[\\/]hosts/],
  ['aws', /\.aws(?:[\\/]|$)/],
  ['google', /application_default_credentials|\.config[\\/]gcloud|gcloud[\\/](?:credentials|legacy_credentials)/i],
  ['azure', /\.azure(?:[\\/]|$)|msal_token_cache/i],
  ['kubernetes', /\.kube(?:[\\/]|$)|\/var\/run\/secrets\/kubernetes/i],
  ['docker', /\.docker[\\/]config\.json/i],
  ['terraform', /\.terraform\.d[\\/]credentials|terraform\.tfvars|\.tfstate\b/i],
  ['vault', /\.vault-token\b/i],
  ['database', /\.pgpass\b|\.my\.cnf\b|\.mylogin\.cnf\b|\.databrickscfg\b|\.snowsql\b/i],
  ['history', /\.(?:bash|zsh|python|mysql|psql|node_repl)_history\b|ConsoleHost_history/i],
  ['environment file', /(?:^|[\\/*])\.env(?:\.(?:local|production|prod|dev|development|staging|\*))?$/i],
  [
    'agents',
    /\.claude(?:\.json|[\\/])|\.gemini[\\/]|\.codex[\\/]|\.cursor[\\/]mcp|\.continue[\\/]config|claude_desktop_config/i,
  ],
  ['models', /\.(?:cache[\\/])?huggingface[\\/]token|\.openai[\\/]/i],
  ['chat', /[\\/]discord(?:canary|ptb)?[\\/]|[\\/]slack[\\/](?:storage|cookies)|telegram desktop[\\/]tdata/i],
  [
    'browser',
    /\b(?:login data|cookies\.sqlite|logins\.json|key[34]\.db|local state)\b|[\\/](?:google[\\/]chrome|chromium|bravesoftware|microsoft[\\/]edge|vivaldi|mozilla[\\/]firefox)(?:[\\/]|$)/i,
  ],
  ['keychain', /login\.keychain|[\\/]keychains(?:[\\/]|$)|\.local\/share\/keyrings|kwalletd/i],
  [
    'passwords',
    /\.kdbx\b|[\\/]bitwarden(?:[\\/]|$)|[\\/]1password(?:[\\/]|$)|[\\/]lastpass(?:[\\/]|$)|nordpass|\.password-store\b/i,
  ],
  [
    'wallet',
    /[\\/](?:exodus|electrum|atomic|ethereum[\\/]keystore|coinomi|guarda|jaxx|ledger live|trezor suite)(?:[\\/]|$)|\bwallet\.dat\b|nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa|\.config[\\/]solana|\.bitcoin(?:[\\/]|$)/i,
  ],
  ['system', /^\/etc\/(?:shadow|passwd|ssl\/private)\b|\/proc\/[^/]{1,20}\/(?:environ|mem)$/],
];

/** The places of secrets that a text names. */
export function secretPlaces(text: string): ReadonlySet<string> {
  const places = new Set<string>();
  if (text.length > 4000) return places;
  for (const [place, pattern] of PLACES) if (pattern.test(text)) places.add(place);
  return places;
}

const SECRET_VARIABLE =
  /^(?=[A-Z0-9_]{4,80}$)[A-Z0-9_]*(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS|MNEMONIC)[A-Z0-9_]*$/;

/** Whose secret an environment variable holds (`AWS` for AWS_SECRET_ACCESS_KEY), undefined when it holds none. */
export function secretOwner(variable: string): string | undefined {
  return SECRET_VARIABLE.test(variable) ? variable.split('_')[0] : undefined;
}

const INSTANCE_METADATA =
  /\b169\.254\.(?:169\.254|170\.2)\b|\bmetadata\.google\.internal\b|\b100\.100\.100\.200\b|\bfd00:ec2::254\b/i;

/** True for texts that name the service by which a cloud tells its machines their credentials. */
export function namesInstanceMetadata(text: string): boolean {
  return text.length < 4000 && INSTANCE_METADATA.test(text);
}
