import type { ReviewRecord } from '../api/review.ts';
import { printable } from './terminal.ts';

/** One line per review. */
export function renderReviewList(reviews: readonly ReviewRecord[]): string {
  return `${reviews
    .map(({ id, state, project, version, index, requesters, needs, assignees }) =>
      [
        id,
        state.padEnd(8),
        printable(`${project} ${version}`),
        index !== 'default' && `index ${printable(index)}`,
        `for ${printable(someOf(requesters))}`,
        state === 'open' && needs.people > 1 && 'takes two people',
        state === 'open' && assignees.length > 0 && `assigned to ${printable(someOf(assignees))}`,
      ]
        .filter(Boolean)
        .join('  '),
    )
    .join('\n')}\n`;
}

/** Everything that a reviewer needs on one screen. */
export function renderReview(review: ReviewRecord): string {
  const { id, project, version, index, state, needs, approvers, outcome, files, requests, comments, assignees } =
    review;
  const lines = [
    `Review ${id}: ${printable(`${project} ${version}`)} on index ${printable(index)} is ${state}`,
    ...files.flatMap(({ filename, sha256, approved, verdict, reasons }) => [
      `  ${approved ? 'approved' : verdict}  ${printable(filename)}`,
      ...(sha256 === null ? [] : [`            sha256 ${sha256}`]),
      ...reasons.map(({ rule, effect, message }) => `            ${effect}  ${rule}: ${printable(message)}`),
    ]),
    'Asked for by:',
    ...requests.map(
      ({ name, consumer, reason, firstAt, times }) =>
        `  ${printable(name)}${consumer === null ? '' : `, consumer ${printable(consumer)}`}, since ${firstAt.slice(0, 16)}Z${times > 0 ? `, refused ${times}x` : ''}${reason === null ? '' : `: ${printable(reason)}`}`,
    ),
    ...comments.map(({ by, at, text }) => `Comment of ${printable(by)}, ${at.slice(0, 16)}Z: ${printable(text)}`),
    ...(assignees.length > 0 ? [`Assigned to ${printable(assignees.join(', '))}`] : []),
    ...(state === 'open' ? waitsFor(id, needs, approvers) : []),
    ...(outcome
      ? [
          `${state} by ${printable(outcome.by.join(', '))}, ${outcome.at.slice(0, 16)}Z${outcome.criteria === null ? '' : ` as ${outcome.criteria}`}: ${printable(outcome.reason)}`,
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function waitsFor(id: string, needs: ReviewRecord['needs'], approvers: readonly string[]): readonly string[] {
  return [
    needs.people > 1
      ? `It takes two people: ${printable(needs.because.join('; '))}.`
      : 'It takes one person who has not asked for it.',
    ...(approvers.length > 0 ? [`Approved so far by ${printable(approvers.join(', '))}.`] : []),
    `wheelgate review approve ${id} --reason "what was checked"`,
  ];
}

function someOf(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
