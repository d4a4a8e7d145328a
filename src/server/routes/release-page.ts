import type { IncomingMessage, ServerResponse } from 'node:http';
import { WheelgateError } from '../../core/errors.ts';
import { type ProjectName, parseProjectName } from '../../core/python/name.ts';
import { formatPurl } from '../../core/python/purl.ts';
import type { ReleaseExplanation } from '../../gate/explain-release.ts';
import { indexRoot } from '../../gate/links.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { type Html, html } from '../html.ts';
import { originOf } from '../http-headers.ts';

export type ReleasePageNeeds = {
  readonly explainRelease: (
    index: ServedIndex,
    project: ProjectName,
    version?: string,
  ) => Promise<ReleaseExplanation | 'absent' | 'reserved'>;
  readonly indexes: readonly ServedIndex[];
  readonly publicUrl: string | undefined;
};

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
code,pre{font:0.9rem/1.5 ui-monospace,monospace}
pre{padding:.8rem;border:1px solid #8886;border-radius:6px;overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .8rem .5rem 0;border-bottom:1px solid #8884}
td:first-child{overflow-wrap:anywhere}ul{margin:0;padding-left:1.1rem}
.kind{font-weight:600}.block{color:#c62828}.hold{color:#b26a00}.allow{color:#2e7d32}
@media(prefers-color-scheme:dark){.block{color:#ff8a80}.hold{color:#ffcc80}.allow{color:#a5d6a7}}
.quiet{color:#777}`;

/** `/r/<project>[/<version>]`, the link that a refusal prints: why, and how to go on. `/`: how to use this gate. */
export function createReleasePage({ explainRelease, indexes, publicUrl }: ReleasePageNeeds) {
  return {
    async release(
      index: ServedIndex,
      rawProject: string,
      version: string | undefined,
      request: IncomingMessage,
      response: ServerResponse,
    ) {
      const project = parseProjectName(rawProject);
      const explanation = await explainRelease(index, project, version);
      if (typeof explanation === 'string') {
        throw new WheelgateError(
          'NOT_FOUND',
          `no upstream of this index has ${project}`,
          'Check the spelling of the project name.',
        );
      }
      sendHtml(request, response, `${project} ${version ?? ''} - Wheelgate`, releaseBody(index, explanation));
    },
    async home(request: IncomingMessage, response: ServerResponse) {
      const base = publicUrl ?? originOf(request);
      sendHtml(request, response, 'Wheelgate', homeBody(indexes, base));
    },
  };
}

export type ReleasePageRoute = ReturnType<typeof createReleasePage>;

function releaseBody(
  index: ServedIndex,
  { project, version, files, offered, upstream, policyRevision, advisoriesAsOf }: ReleaseExplanation,
): Html {
  const held = files.some(({ verdict }) => verdict.kind !== 'allow');
  const blocked = files.some(({ verdict }) => verdict.kind === 'block');
  const purl = formatPurl(project, version);
  return html`<h1>${project} ${version}</h1>
<table><thead><tr><th>File</th><th>Verdict</th><th>Why</th></tr></thead><tbody>
${files.map(
  ({ filename, sha256, uploadTime, verdict, inspected }) => html`<tr>
<td>${filename}<br><small class="quiet">${sha256 === undefined ? 'sha256 not known yet' : `sha256 ${sha256}`}${uploadTime ? `, ${uploadTime.toISOString().slice(0, 16).replace('T', ' ')} UTC` : ''}${inspected ? '' : ', not inspected yet'}</small></td>
<td class="kind ${verdict.kind}">${verdict.kind}</td>
<td><ul>${verdict.reasons.map(({ rule, effect, message }) => html`<li><b>${effect}</b> ${rule}: ${message}</li>`)}</ul></td></tr>`,
)}
</tbody></table>
${files.length === 0 ? html`<p>There is no such release upstream.</p>` : html``}
${held && version !== undefined ? nextStep(index, purl, blocked) : html``}
<h2>Releases that install now</h2>
<p>${offered.length > 0 ? offered.join(', ') : 'None.'}</p>
<p class="quiet">From ${upstream || 'no upstream'}. Policy ${policyRevision} of index ${index.name}. ${advisoriesAsOf ? `Advisory data of ${advisoriesAsOf.toISOString().slice(0, 10)}.` : 'There is no advisory data.'}</p>`;
}

function nextStep(index: ServedIndex, purl: string, blocked: boolean): Html {
  const on = index.name === 'default' ? '' : ` --index ${index.name}`;
  return html`<h2>If this should be let in</h2>
<p>Ask whoever runs this gate. On its machine, in the folder where it was started:</p>
<pre>npx wheelgate why "${purl}"${on}
npx wheelgate approve "${purl}"${on} --reason "why it is needed and what was checked"</pre>
<p>${blocked ? 'Known malware and archives that lie stay blocked whatever is approved.' : 'The same install command then passes on its next try.'}</p>`;
}

function homeBody(indexes: readonly ServedIndex[], base: string): Html {
  return html`<h1>Wheelgate</h1>
<p>This is a package firewall: an index for pip, uv, Poetry, PDM and Pipenv that serves what the team's policy lets in.</p>
<h2>Install through it</h2>
${indexes.map(({ name }) => html`<pre>pip install --index-url ${base}${indexRoot(name)}/simple/ PACKAGE</pre>`)}
<p>It should be the only index: an extra index goes round it. <code>npx wheelgate setup pip</code> prints the lasting set-up and <code>npx wheelgate doctor</code> finds what goes round.</p>
<h2>Look at a package</h2>
<p><code>${base}/r/PACKAGE</code> or <code>${base}/r/PACKAGE/VERSION</code> says what would happen and why.</p>
<p class="quiet"><a href="/readyz">Readiness</a> - <a href="/metrics">Metrics</a></p>`;
}

function sendHtml(request: IncomingMessage, response: ServerResponse, title: string, body: Html): void {
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${{ text: STYLE } as Html}</style></head><body>${body}</body></html>`;
  const bytes = Buffer.from(page.text);
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
