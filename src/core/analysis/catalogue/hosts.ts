/** What kind of place a URL or host names. */
export type HostKind =
  | 'webhook'
  | 'callback-catcher'
  | 'paste'
  | 'tunnel'
  | 'address-service'
  | 'raw-address'
  | 'odd-domain'
  | 'executable'
  | 'foreign';

const WEBHOOK =
  /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/(?!\uf8ff)|api\.telegram\.org\/bot(?=\d|$)|hooks\.slack\.com\/(?:services|workflows)\/(?!\uf8ff)|maker\.ifttt\.com\/trigger|(?:outlook|webhook)\.office\.com\/webhook/i;

const SUFFIXES: Readonly<Record<'callback-catcher' | 'paste' | 'tunnel' | 'address-service', string>> = {
  'callback-catcher':
    'webhook.site oast.fun oast.me oast.pro oast.live oast.site oast.online oast.us interact.sh interactsh.com burpcollaborator.net oastify.com requestbin.net requestbin.com pipedream.net canarytokens.com dnslog.cn dnslog.store ceye.io beeceptor.com requestcatcher.com requestrepo.com bxss.me xss.ht pingb.in hookbin.com postb.in requestinspector.com typedwebhook.tools eyes.sh dnsbin.zhack.ca sink.sh ngrok.dev.requestbin webhook.cool webhook-test.com putsreq.com mockbin.org',
  paste:
    'pastebin.com rentry.co rentry.org hastebin.com paste.ee pastebin.pl ghostbin.com controlc.com termbin.com raw.githubusercontent.com gist.githubusercontent.com cdn.discordapp.com media.discordapp.net transfer.sh gofile.io anonfiles.com file.io catbox.moe mediafire.com bashupload.com temp.sh 0x0.st dpaste.com dpaste.org paste.rs textbin.net paste.fo sourceb.in justpaste.it filebin.net ufile.io dl.dropboxusercontent.com dl.dropbox.com bitbucket.org/raw hastebin.skyra.pw pixeldrain.com send.cm oshi.at klgrth.io paste.c-net.org notes.io write.as raw.github.com',
  tunnel:
    'ngrok.io ngrok-free.app ngrok.app serveo.net loca.lt localtunnel.me trycloudflare.com duckdns.org ddns.net hopto.org zapto.org sytes.net no-ip.org no-ip.biz dynu.net repl.co replit.dev replit.app glitch.me herokuapp.com vercel.app netlify.app workers.dev pages.dev onrender.com pythonanywhere.com 000webhostapp.com railway.app fly.dev deno.dev web.app firebaseapp.com firebaseio.com portmap.io portmap.host playit.gg localhost.run serveousercontent.com pagekite.me azurewebsites.net tunnel.pyjam.as',
  'address-service':
    'api.ipify.org api64.ipify.org ipify.org ipinfo.io ip-api.com ifconfig.me ifconfig.co icanhazip.com checkip.amazonaws.com ipapi.co geolocation-db.com wtfismyip.com ident.me myexternalip.com ipwho.is ipwhois.app freegeoip.app api.myip.com ipecho.net whatismyip.akamai.com jsonip.com ip.42.pl httpbin.org',
};
const BY_SUFFIX = new Map(
  Object.entries(SUFFIXES).flatMap(([kind, hosts]) => hosts.split(' ').map((host) => [host, kind as HostKind])),
);

/** Places that half of all honest packages talk to or mention. */
const PLATFORMS = new Set(
  'python.org pypi.org pythonhosted.org github.com github.io gitlab.com bitbucket.org readthedocs.io readthedocs.org google.com googleapis.com gstatic.com microsoft.com windows.net azure.com amazonaws.com aws.amazon.com apache.org w3.org ietf.org iana.org wikipedia.org mozilla.org mozilla.com json-schema.org schema.org xmlsoap.org openxmlformats.org oasis-open.org docker.com docker.io jsdelivr.net unpkg.com cloudflare.com openai.com huggingface.co hf.co brew.sh anthropic.com slack.com twitter.com facebook.com linkedin.com stackoverflow.com kaggle.com conda.io anaconda.org anaconda.com ubuntu.com gnu.org kernel.org sentry.io example.com example.org example.net'.split(
    ' ',
  ),
);
const ODD_DOMAINS = new Set(
  'xyz top tk ml ga cf gq pw icu click monster lol cyou buzz rest su cc ws best bond sbs cfd ru'.split(' '),
);
const EXECUTABLE =
  /\.(?:exe|scr|bat|cmd|ps1|vbs|vbe|msi|dll|hta|elf|sh|bin|jar|apk|dmg|pkg|pif|com|py|pyw|so)(?:[?#]|$)/i;
const URL_START = /\b(?:https?|ftp|wss?|tcp|s?ftp):\/\/([^\s/'"<>\\)?#,;`]{3,200})([^\s'"<>`]{0,300})/gi;
const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
/** Resolvers that DNS clients name by address. */
const PUBLIC_RESOLVERS = new Set([
  '1.1.1.1',
  '1.2.3.4',
  '1.0.0.1',
  '8.8.8.8',
  '8.8.4.4',
  '9.9.9.9',
  '149.112.112.112',
  '208.67.222.222',
  '208.67.220.220',
  '114.114.114.114',
  '223.5.5.5',
  '94.140.14.14',
]);

/** Host kinds of every URL in a text; `text` may hold holes. `own` are labels of the project's own domains. */
export function hostKinds(text: string, own: ReadonlySet<string>): ReadonlySet<HostKind> {
  if (!text.includes('/')) return NO_KINDS;
  let known = remembered.get(own);
  if (known === undefined) {
    known = new Map();
    remembered.set(own, known);
  }
  let kinds = known.get(text);
  if (kinds === undefined) {
    kinds = readHostKinds(text, own);
    known.set(text, kinds);
  }
  return kinds;
}
const NO_KINDS: ReadonlySet<HostKind> = new Set();
/** By the labels of a project, which live as long as its judgement: a dozen rules ask about each text. */
const remembered = new WeakMap<ReadonlySet<string>, Map<string, ReadonlySet<HostKind>>>();

function readHostKinds(text: string, own: ReadonlySet<string>): ReadonlySet<HostKind> {
  const kinds = new Set<HostKind>();
  if (WEBHOOK.test(text)) kinds.add('webhook');
  for (const [, authority = '', path = ''] of text.matchAll(URL_START)) {
    const host = authority.replace(/^.*@/, '').replace(/:.*$/, '').toLowerCase();
    if (!isOwnRepository(host, path, own)) for (const kind of kindsOfHost(host, own)) kinds.add(kind);
    // A page about a repository, or about a file in one, is not the file.
    const isPage =
      /\/(?:blob|tree|blame)\//.test(path) || (REPOSITORIES.test(host) && /^\/[^/]+\/[^/]+\/?$/.test(path));
    if (EXECUTABLE.test(path) && !kinds.has('address-service') && !isPage) kinds.add('executable');
  }
  return kinds;
}

const PACKAGE_INDEX = /^(?:pypi\.org|pypi\.python\.org|files\.pythonhosted\.org)$/;

/**
 * True for one command whose URLs, and there is one, all lead to the package index: what is fetched there was published
 * there. A second command in the same line may lead anywhere, with a host that is no URL.
 */
export function leadsOnlyToIndex(text: string): boolean {
  if (/[|;&#`\n]/.test(text)) return false;
  const hosts = [...text.matchAll(URL_START)].map(([, authority = '']) => authority.toLowerCase());
  return hosts.length > 0 && hosts.every((host) => PACKAGE_INDEX.test(host));
}

const REPOSITORIES = /^(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)$/;

/** Raw files of the project's own repository are as good as its home page. */
function isOwnRepository(host: string, path: string, own: ReadonlySet<string>): boolean {
  if (!/^raw\.github(?:usercontent)?\.com$/.test(host)) return false;
  return path
    .toLowerCase()
    .split('/')
    .slice(1, 3)
    .some((part) => own.has(part));
}

/** Kinds of a bare host name or address. */
export function kindsOfHost(host: string, own: ReadonlySet<string>): readonly HostKind[] {
  if (isPublicAddress(host)) return ['raw-address', 'foreign'];
  if (!/^[a-z0-9_\uf8ff-]{1,63}(?:\.[a-z0-9_\uf8ff-]{1,63}){1,8}\.?$/.test(host) || ADDRESS.test(host)) return [];
  const labels = host.replace(/\.$/, '').split('.');
  if (/^(?:local|localhost|internal|test|lan|home|localdomain|svc)$/.test(labels.at(-1)!)) return [];
  for (let from = 0; from < labels.length - 1; from++) {
    const kind = BY_SUFFIX.get(labels.slice(from).join('.'));
    // Raw files of repositories are what half of all data sets are fetched from: a paste host, but as known as its platform.
    if (kind !== undefined) return kind === 'address-service' || isRawRepository(labels) ? [kind] : [kind, 'foreign'];
    if (PLATFORMS.has(labels.slice(from).join('.'))) return [];
  }
  // Anyone may put the project's name below a domain: only the label that is registered counts.
  const registered = labels.length > 2 && labels.at(-2)!.length <= 3 ? labels.slice(-3, -1) : labels.slice(-2, -1);
  if (
    registered.some((label) => own.has(label)) ||
    (host.includes('\uf8ff') && labels.slice(-2).join('.').includes('\uf8ff'))
  )
    return [];
  if (!/^[a-z]{2,24}$/.test(labels.at(-1)!)) return [];
  return ODD_DOMAINS.has(labels.at(-1)!) ? ['odd-domain', 'foreign'] : ['foreign'];
}

function isRawRepository(labels: readonly string[]): boolean {
  return /^raw\.github(?:usercontent)?\.com$/.test(labels.slice(-3).join('.'));
}

/** An IPv4 address that is routed on the internet and is not a well-known resolver. */
export function isPublicAddress(host: string): boolean {
  const parts = ADDRESS.exec(host)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255) || PUBLIC_RESOLVERS.has(host)) return false;
  const [a = 0, b = 0, c = 0] = parts;
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 192 && (b === 168 || (b === 0 && c <= 2))) || (a === 172 && b >= 16 && b < 32) || (a === 169 && b === 254))
    return false;
  if (
    (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) ||
    (a === 203 && b === 0 && c === 113) ||
    (a === 100 && b >= 64 && b < 128)
  )
    return false;
  return a > 4 || b + c > 0;
}
