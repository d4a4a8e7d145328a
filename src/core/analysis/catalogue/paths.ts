/** What kind of secret a path leads to. */
export type SecretKind = 'browser' | 'wallet' | 'chat' | 'key' | 'cloud' | 'system';

const SECRETS: readonly (readonly [SecretKind, RegExp])[] = [
  [
    'browser',
    /\b(?:login data|web data|cookies\.sqlite|logins\.json|key[34]\.db|formhistory\.sqlite|local state|signons\.sqlite)\b|[\\/](?:google[\\/]chrome|chromium|bravesoftware|microsoft[\\/]edge|opera software|yandexbrowser|vivaldi|mozilla[\\/]firefox)[\\/]?/i,
  ],
  [
    'wallet',
    /[\\/](?:exodus|electrum|atomic|ethereum[\\/]keystore|coinomi|guarda|jaxx|zcash|armory|bytecoin|multibit|bitcoin)(?:[\\/]|$)|\bwallet\.dat\b|\bnkbihfbeogaeaoehlefnkodbefgpgknn\b|\bid\.json$|\.config[\\/]solana/i,
  ],
  [
    'chat',
    /[\\/]discord(?:canary|ptb)?[\\/]|\\local storage\\leveldb|\/local storage\/leveldb|telegram desktop[\\/]tdata|\.purple[\\/]accounts|[\\/]slack[\\/](?:storage|cookies)/i,
  ],
  [
    'key',
    /\.ssh(?:[\\/]|$)|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|\.gnupg\b|\.pypirc\b|\.netrc\b|\.npmrc\b|\.git-credentials\b|\.gem[\\/]credentials|\bknown_hosts\b|\bauthorized_keys\b/i,
  ],
  [
    'cloud',
    /\.aws[\\/](?:credentials|config)|\.azure[\\/]|\.kube[\\/]config|\.docker[\\/]config\.json|application_default_credentials|gcloud[\\/]credentials|\.config[\\/]gh[\\/]hosts|\.bash_history|\.zsh_history/i,
  ],
  [
    'system',
    /^\/etc\/(?:passwd|shadow|hosts|sudoers)\b|\/proc\/(?:self|\d+|\uf8ff)\/(?:environ|mem|cmdline)|\bsam\b.{0,10}\bsystem32\b|\/var\/run\/secrets\/kubernetes/i,
  ],
];

/** The kinds of secret that a path or a command names. */
export function secretKinds(path: string): Set<SecretKind> {
  const kinds = new Set<SecretKind>();
  if (path.length > 4000) return kinds;
  for (const [kind, pattern] of SECRETS) if (pattern.test(path)) kinds.add(kind);
  return kinds;
}

const STARTUP =
  /start menu[\\/]programs[\\/]startup|[\\/]launch(?:agents|daemons)[\\/]|\/etc\/(?:cron|systemd|init\.d|rc\.local|profile\.d)|\.config\/(?:autostart|systemd\/user)|currentversion[\\/]+run\b|\.(?:bashrc|zshrc|bash_profile|zprofile|profile)$|(?:site|dist)-packages.{0,60}\.pth$|\b(?:sitecustomize|usercustomize)\.py$|\.ssh[\\/]authorized_keys$|\\winlogon\b/i;

/** True for paths whose content runs at every start of the machine, of a shell or of Python, or lets somebody log in. */
export function isStartupPath(path: string): boolean {
  return path.length <= 4000 && STARTUP.test(path);
}

const WHOLE =
  /^(?:~|\/|[a-z]:[\\/]*|\/(?:home|root|etc|usr|var|boot|opt|srv|users)|[a-z]:[\\/]+(?:users|windows))[\\/]*$/i;

/** True for a home folder, the root of a disk and the folders of the system: nobody removes them whole. */
export function isWholeTree(path: string): boolean {
  return WHOLE.test(path);
}

const PATH_VARIABLES = new Set(
  'APPDATA LOCALAPPDATA HOME USERPROFILE TEMP TMP TMPDIR PATH PROGRAMFILES PROGRAMFILES(X86) PROGRAMDATA SYSTEMROOT WINDIR SYSTEMDRIVE HOMEPATH HOMEDRIVE ALLUSERSPROFILE PUBLIC XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME VIRTUAL_ENV CONDA_PREFIX PYTHONPATH'.split(
    ' ',
  ),
);

/** Environment variables that only say where folders are. */
export function isPathVariable(name: string): boolean {
  return PATH_VARIABLES.has(name.toUpperCase());
}
