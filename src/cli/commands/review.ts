import { type Command, Option } from 'commander';
import type { GateApi } from '../../api/gate-api.ts';
import type { ReviewRecord } from '../../api/review.ts';
import { WheelgateError } from '../../core/errors.ts';
import { parseReleaseName } from '../../core/python/release-name.ts';
import { CRITERIA, type Criteria } from '../../core/review/criteria.ts';
import { REVIEW_STATES, type ReviewState } from '../../core/review/review.ts';
import { askText } from '../ask-text.ts';
import { type CommandContext, formatOption, withApi, withCommonFlags } from '../command-context.ts';
import { confirm } from '../confirm.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { CommonFlags } from '../program.ts';
import { readAll } from '../read-all.ts';
import { renderReview, renderReviewList } from '../render-review.ts';

type Flags = CommonFlags & { readonly format: string; readonly yes?: true };
type ReasonFlags = Flags & { readonly reason?: string };
type ApproveFlags = ReasonFlags & {
  readonly criteria: Criteria;
  readonly release?: true;
  readonly sha256?: readonly string[];
  readonly versions?: string;
};

/** `request`, and `review list|show|approve|reject|reopen|comment|assign`. */
export function addReview(root: Command, context: CommandContext): void {
  addRequest(root, context);
  const review = root.command('review').description('decide what the rules leave to people');
  addList(review, context);
  addShow(review, context);
  addApprove(review, context);
  addDecision(review, context, {
    name: 'reject',
    summary: 'keep the release of a review out',
    ask: 'Deny this release?',
    call: (api, id, reason) => api.call('rejectReview', { params: { id }, body: { reason } }),
  });
  addDecision(review, context, {
    name: 'reopen',
    summary: 'put a settled review before people again; what was decided stays in force until they decide',
    ask: 'Open it again?',
    call: (api, id, reason) => api.call('reopenReview', { params: { id }, body: { reason } }),
  });
  addComment(review, context);
  addAssign(review, context);
}

function addRequest(root: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(root.command('request'))
    .description('ask for a release that is withheld: opens a review, or joins the one that is open')
    .argument('<purl>', 'pkg:pypi/name@version or "name==version"')
    .option('--reason <text>', 'what it is needed for: reviewers read it')
    .option('--index <name>', 'which index (default: the one at /simple/)')
    .option('--yes', 'do not ask')
    .addOption(formatOption('text', 'json'))
    .action((subject: string, { index, format, reason, yes, ...flags }: ReasonFlags & { readonly index?: string }) =>
      run(async () => {
        const { project, version } = parseReleaseName(subject);
        if (version === undefined)
          throw new WheelgateError('USAGE', 'a request names one release', `Write ${project}==<version>.`);
        const why = await askText(terminal, reason, 'What is it needed for?', '--reason');
        const body = { project, version, reason: why, ...(index !== undefined && { index }) };
        const found = await withApi(program, flags, (api) => api.call('requestReview', { body }));
        terminal.out(format === 'json' ? json(found) : renderReview(found));
        return exitCodeOf(found);
      }),
    );
}

function addList(review: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(review.command('list'))
    .description('list reviews, the newest first')
    .addOption(new Option('--state <state>', 'only those').choices(REVIEW_STATES))
    .option('--index <name>', 'only of this index')
    .option('--project <name>', 'only of this project')
    .addOption(formatOption('text', 'json'))
    .action(
      ({
        format,
        state,
        index,
        project,
        ...flags
      }: Flags & { state?: ReviewState; index?: string; project?: string }) =>
        run(async () => {
          const query = {
            limit: 500,
            ...(state && { state }),
            ...(index !== undefined && { index }),
            ...(project !== undefined && { project }),
          };
          const pages = await withApi(program, flags, (api) =>
            readAll((cursor) => api.call('listReviews', { query: { ...query, ...(cursor && { cursor }) } })),
          );
          const reviews = pages.flatMap((page) => page.reviews);
          if (format === 'json') terminal.out(`${JSON.stringify({ schema: 'wheelgate.reviews/1', reviews })}\n`);
          else if (reviews.length === 0) terminal.err('There are no such reviews.\n');
          else terminal.out(renderReviewList(reviews));
          return EXIT.clean;
        }),
    );
}

function addShow(review: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(review.command('show'))
    .description('show a review: who wants it, why it is withheld, what it takes')
    .argument('<id>')
    .addOption(formatOption('text', 'json'))
    .action((id: string, { format, ...flags }: Flags) =>
      run(async () => {
        const found = await withApi(program, flags, (api) => api.call('readReview', { params: { id } }));
        terminal.out(format === 'json' ? json(found) : renderReview(found));
        return EXIT.clean;
      }),
    );
}

function addApprove(review: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(review.command('approve'))
    .description('approve the files that were asked for; who asked for them may not')
    .argument('<id>')
    .option('--reason <text>', 'what was checked: it is shown to others and kept for ever')
    .addOption(new Option('--criteria <criteria>', 'what the files are fit for').choices(CRITERIA).default(CRITERIA[0]))
    .addOption(new Option('--release', 'approve all files of the release').conflicts(['sha256', 'versions']))
    .addOption(new Option('--sha256 <digest...>', 'approve these files').conflicts('versions'))
    .option('--versions <range>', 'approve every release that is there now and meets this, such as ">=2,<3"')
    .option('--yes', 'do not ask')
    .addOption(formatOption('text', 'json'))
    .action((id: string, { format, reason, yes, criteria, release, sha256, versions, ...flags }: ApproveFlags) =>
      run(async () =>
        withApi(program, flags, async (api) => {
          if (yes !== true && terminal.isInteractive) {
            terminal.err(renderReview(await api.call('readReview', { params: { id } })));
            if (!(await confirm(terminal, 'Approve it?'))) return EXIT.pending;
          }
          const why = await askText(terminal, reason, 'What did you check?', '--reason');
          const scope =
            sha256 !== undefined
              ? { sha256: [...sha256] }
              : versions !== undefined
                ? { versions }
                : release
                  ? ('release' as const)
                  : ('asked' as const);
          const found = await api.call('approveReview', { params: { id }, body: { reason: why, criteria, scope } });
          terminal.out(format === 'json' ? json(found) : renderReview(found));
          return found.state === 'approved' ? EXIT.clean : EXIT.pending;
        }),
      ),
    );
}

type Decision = {
  readonly name: string;
  readonly summary: string;
  readonly ask: string;
  readonly call: (api: GateApi, id: string, reason: string) => Promise<ReviewRecord>;
};

function addDecision(review: Command, { program, terminal, run }: CommandContext, decision: Decision): void {
  withCommonFlags(review.command(decision.name))
    .description(decision.summary)
    .argument('<id>')
    .option('--reason <text>', 'why: it is shown to others and kept for ever')
    .option('--yes', 'do not ask')
    .addOption(formatOption('text', 'json'))
    .action((id: string, { format, reason, yes, ...flags }: ReasonFlags) =>
      run(async () => {
        if (yes !== true && terminal.isInteractive && !(await confirm(terminal, decision.ask))) return EXIT.pending;
        const why = await askText(terminal, reason, 'Why?', '--reason');
        const found = await withApi(program, flags, (api) => decision.call(api, id, why));
        terminal.out(format === 'json' ? json(found) : renderReview(found));
        return EXIT.clean;
      }),
    );
}

function addComment(review: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(review.command('comment'))
    .description('say something about a review')
    .argument('<id>')
    .argument('<text>')
    .addOption(formatOption('text', 'json'))
    .action((id: string, text: string, { format, ...flags }: Flags) =>
      run(async () => {
        const found = await withApi(program, flags, (api) =>
          api.call('commentReview', { params: { id }, body: { text } }),
        );
        terminal.out(format === 'json' ? json(found) : renderReview(found));
        return EXIT.clean;
      }),
    );
}

function addAssign(review: Command, { program, terminal, run }: CommandContext): void {
  withCommonFlags(review.command('assign'))
    .description('say who should look at a review, instead of those who are named now')
    .argument('<id>')
    .argument('<names...>', 'such as user:ana')
    .addOption(formatOption('text', 'json'))
    .action((id: string, assignees: string[], { format, ...flags }: Flags) =>
      run(async () => {
        const found = await withApi(program, flags, (api) =>
          api.call('assignReview', { params: { id }, body: { assignees } }),
        );
        terminal.out(format === 'json' ? json(found) : renderReview(found));
        return EXIT.clean;
      }),
    );
}

function json(found: ReviewRecord): string {
  return `${JSON.stringify({ schema: 'wheelgate.review/1', ...found })}\n`;
}

function exitCodeOf({ state }: ReviewRecord): ExitCode {
  return state === 'rejected' ? EXIT.violation : EXIT.pending;
}
