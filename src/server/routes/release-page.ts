import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DataDates, sayDataDates } from '../../core/advisories/data-age.ts';
import type { AdvisoryMatch } from '../../core/advisories/match.ts';
import { WheelgateError } from '../../core/errors.ts';
import { isPending, type Verdict } from '../../core/policy/verdict.ts';
import { type ProjectName, parseProjectName } from '../../core/python/name.ts';
import { formatPurl } from '../../core/python/purl.ts';
import type { Review } from '../../core/review/review.ts';
import { peopleNeeded, saidCauses } from '../../core/review/vote.ts';
import type { ReleaseExplanation } from '../../gate/explain-release.ts';
import { indexRoot, reviewUrl } from '../../gate/links.ts';
import type { ServedIndex } from '../../gate/served-index.ts';
import { problemOf } from '../error-response.ts';
import { type Html, html } from '../html.ts';
import { originOf } from '../http-headers.ts';

export type ReleasePageNeeds = {
  readonly explainRelease: (
    index: ServedIndex,
    project: ProjectName,
    version?: string,
  ) => Promise<ReleaseExplanation | 'absent' | 'reserved'>;
  /** What people think of the release. */
  readonly findReview: (index: string, project: ProjectName, version: string) => Promise<Review | undefined>;
  /** Of when what is known is. */
  readonly dataDates: () => Promise<DataDates>;
  readonly indexes: readonly ServedIndex[];
  readonly publicUrl: string | undefined;
};

/** Colours reach a contrast of 4.5 on both backgrounds; below 45 rem each file is a block of its own. */
const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;--quiet:#5f6368;--allow:#1b6e20;--hold:#8a5300;--block:#b3261e}
@media(prefers-color-scheme:dark){:root{--quiet:#a6abb0;--allow:#a5d6a7;--hold:#ffcc80;--block:#ffb4ab}}
*{box-sizing:border-box}
body{max-width:64rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
code,pre,.file{font:.9rem/1.5 ui-monospace,monospace}
pre{padding:.8rem;border:1px solid #8886;border-radius:6px;white-space:pre-wrap}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.6rem 1rem .6rem 0;border-bottom:1px solid #8884}
th,td:nth-child(2){white-space:nowrap;font-weight:600}td:nth-child(1){width:52%}
ul{margin:0;padding-left:1.1rem}
.allow{color:var(--allow)}.hold{color:var(--hold)}.block{color:var(--block)}.quiet,.new{color:var(--quiet)}
small{display:block;font-size:.75rem}
@media(max-width:45rem){thead{display:none}tr{display:block;padding:.6rem 0;border-bottom:1px solid #8884}
td,td:nth-child(1){display:block;width:auto;padding:.1rem 0;border:0}}`;

/** `/r/<project>[/<version>]`, the link that a refusal prints: why, and how to go on. `/`: how to use this gate. */
export function createReleasePage({ explainRelease, findReview, dataDates, indexes, publicUrl }: ReleasePageNeeds) {
  async function explain(index: ServedIndex, rawProject: string, version: string | undefined) {
    const project = parseProjectName(rawProject);
    const explanation = await explainRelease(index, project, version);
    if (explanation === 'absent') {
      throw new WheelgateError('NOT_FOUND', `no upstream of this index has ${project}`, 'Check the spelling.');
    }
    if (explanation === 'reserved') {
      throw new WheelgateError(
        'NOT_FOUND',
        `${project} is a reserved name`,
        'The policy keeps it for the team, and no private upstream has it. Public upstreams were not asked.',
      );
    }
    return explanation;
  }

  return {
    /**
     * A person reads this in a browser, so what fails leaves as a page too.
     * @param status 403 for a client that was sent here from a file that it may not have
     */
    async release(
      index: ServedIndex,
      rawProject: string,
      version: string | undefined,
      status: 200 | 403,
      request: IncomingMessage,
      response: ServerResponse,
    ) {
      try {
        const explanation = await explain(index, rawProject, version);
        const title = [explanation.project, version].filter(Boolean).join(' ');
        const { project } = explanation;
        const review = version === undefined ? undefined : await findReview(index.name, project, version);
        const body = releaseBody(index, explanation, review, await dataDates(), publicUrl ?? originOf(request));
        sendHtml(request, response, status, title, body);
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status === 500) throw error;
        const { title, detail } = problem;
        sendHtml(request, response, problem.status, title, html`<h1>${title}</h1><p>${detail}</p>`);
      }
    },
    async home(request: IncomingMessage, response: ServerResponse) {
      sendHtml(request, response, 200, 'Install through it', homeBody(indexes, publicUrl ?? originOf(request)));
    },
  };
}

export type ReleasePageRoute = ReturnType<typeof createReleasePage>;

function releaseBody(
  index: ServedIndex,
  explanation: ReleaseExplanation,
  review: Review | undefined,
  dates: DataDates,
  base: string,
): Html {
  const { project, version, files, offered, upstream, policyRevision } = explanation;
  const said = sayDataDates(dates);
  const withheld = files.filter(({ verdict }) => verdict.kind !== 'allow' && !isPending(verdict));
  return html`<h1>${project} ${version}</h1>
${files.length === 0 ? html`<p>There is no such release upstream.</p>` : fileTable(files)}
${advisoryList(files.flatMap(({ advisories }) => advisories))}
${review && reviewPart(review)}
${withheld.length > 0 && version !== undefined ? nextStep(index, formatPurl(project, version), withheld, review) : undefined}
<h2>Releases that install now</h2>
<p>${offered.length > 0 ? offered.map((release) => html`<a href="${reviewUrl(base, index.name, project, release)}">${release}</a> `) : 'None.'}</p>
<p class="quiet">From ${upstream || 'no upstream'}. Policy ${policyRevision} of index ${index.name}. ${said ? `Advisory data: ${said}.` : 'There is no advisory data.'}</p>`;
}

function fileTable(files: ReleaseExplanation['files']): Html {
  return html`<table><thead><tr><th>File</th><th>Verdict</th><th>Why</th></tr></thead><tbody>
${files.map(
  ({ filename, sha256, uploadTime, verdict }) => html`<tr>
<td><span class="file">${filename}</span><small class="quiet">${uploadTime && `of ${uploadTime.toISOString().slice(0, 16).replace('T', ' ')} UTC`}</small><small class="quiet">${sha256 === undefined ? 'sha256 not known yet' : `sha256 ${sha256}`}</small></td>
${verdictCell(verdict)}
<td><ul>${verdict.reasons.map(({ rule, effect, message, pending }) => html`<li>${pending ? undefined : html`<b>${effect}</b> `}${rule}: ${message}</li>`)}</ul></td></tr>`,
)}
</tbody></table>`;
}

/** A file that nobody asked for yet is offered all the same: calling it held would be wrong. */
function verdictCell(verdict: Verdict): Html {
  return isPending(verdict)
    ? html`<td class="new">not seen yet</td>`
    : html`<td class="${verdict.kind}">${verdict.kind}</td>`;
}

function advisoryList(matches: readonly AdvisoryMatch[]): Html | undefined {
  const byId = new Map(matches.map((match) => [match.id, match]));
  if (byId.size === 0) return undefined;
  return html`<h2>Advisories</h2><ul>${[...byId.values()].map(
    ({ id, aliases, kind, severity, summary }) =>
      html`<li><b>${id}</b> ${kind === 'malware' ? 'malware' : (severity?.level ?? 'severity unknown')}${aliases.length > 0 ? `, also ${aliases.join(', ')}` : ''}${summary && `: ${summary}`}</li>`,
  )}</ul>`;
}

/** Without names: whoever may read the index reads this. */
function reviewPart({ id, state, requesters, files, approved, votes, outcome }: Review): Html {
  const waiting = files.filter(({ sha256 }) => sha256 === undefined || !approved.includes(sha256));
  const people = Math.max(1, ...waiting.map(peopleNeeded));
  return html`<h2>Review ${id}: ${state}</h2>
<p>${requesters.length} ${requesters.length === 1 ? 'requester wants' : 'requesters want'} this release. ${
    state === 'open'
      ? people === 1
        ? 'One person who has not asked for it has to approve it.'
        : `Two people who have not asked for it have to approve it (${saidCauses(waiting)}); ${new Set(votes.map(({ by }) => by)).size} did.`
      : outcome && `${outcome.reason} (${outcome.at.toISOString().slice(0, 10)})`
  }</p>`;
}

function nextStep(
  index: ServedIndex,
  purl: string,
  withheld: ReleaseExplanation['files'],
  review: Review | undefined,
): Html {
  if (withheld.every(({ verdict }) => isMalware(verdict)))
    return html`<p>No approval opens what is reported as malware. A report that is wrong is corrected by whoever published it.</p>`;
  const on = index.name === 'default' ? '' : ` --index ${index.name}`;
  const blocked = withheld.some(({ verdict }) => verdict.kind === 'block');
  return html`<h2>If this should be let in</h2>
${
  review
    ? html`<p>A reviewer decides it, on the gate's machine or with WHEELGATE_URL and WHEELGATE_TOKEN:</p>
<pre>npx wheelgate review show ${review.id}
npx wheelgate review approve ${review.id} --reason "what was checked"</pre>`
    : html`<p>A refused install opens a review by itself; this does too:</p>
<pre>npx wheelgate request "${purl}"${on} --reason "what it is needed for"</pre>`
}
<p>Whoever runs this gate may let it in without one. On its machine, in the folder where it was started:</p>
<pre>npx wheelgate approve "${purl}"${on} --reason "why it is needed and what was checked"</pre>
<p>${blocked ? 'Known malware and archives that lie stay blocked whatever is approved.' : 'The same install command then passes on its next try.'}</p>`;
}

function isMalware({ reasons }: Verdict): boolean {
  return reasons.some(({ rule, effect }) => rule === 'known-malicious' && effect === 'block');
}

function homeBody(indexes: readonly ServedIndex[], base: string): Html {
  return html`<h1>Wheelgate</h1>
<p>This is a package firewall: an index for pip, uv, Poetry, PDM and Pipenv that serves what the team's policy lets in.</p>
<h2>Install through it</h2>
${indexes.map(({ name }) => html`<pre>pip install --index-url ${base}${indexRoot(name)}/simple/ PACKAGE</pre>`)}
<p>It should be the only index: an extra index goes round it. <code>npx wheelgate setup pip</code> prints the lasting set-up and <code>npx wheelgate doctor</code> finds what goes round.</p>
<h2>Look at a package</h2>
<p><code>${base}/r/PACKAGE</code> or <code>${base}/r/PACKAGE/VERSION</code> says what would happen and why.</p>
<p class="quiet"><a href="${base}/readyz">Readiness</a> &middot; <a href="${base}/metrics">Metrics</a></p>`;
}

function sendHtml(request: IncomingMessage, response: ServerResponse, status: number, title: string, body: Html): void {
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - Wheelgate</title><style>${{ text: STYLE } as Html}</style></head><body>${body}</body></html>`;
  const bytes = Buffer.from(page.text);
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
