import { parseProjectName } from '../../src/core/python/name.ts';
import { openReview, type ReviewRequest } from '../../src/core/review/request-review.ts';
import type { Review, ReviewedFile } from '../../src/core/review/review.ts';
import type { CastVote, VotedFile } from '../../src/core/review/vote.ts';
import { DIGEST, NOW } from './an-evidence.ts';

export function aReviewedFile(over: Partial<ReviewedFile> = {}): VotedFile {
  return {
    filename: 'demo-1.0.0-py3-none-any.whl',
    sha256: DIGEST,
    verdict: 'hold',
    reasons: [{ rule: 'new-project', effect: 'hold', message: 'a project that is new here: a person decides' }],
    causes: [],
    evidence: ['e1'],
    ...over,
  } as VotedFile;
}

/** Ana was refused the one wheel of demo 1.0.0. */
export function aReviewRequest(over: Partial<ReviewRequest> = {}): ReviewRequest {
  return {
    index: 'default',
    project: parseProjectName('demo'),
    version: '1.0.0',
    requester: { name: 'user:ana' },
    files: [aReviewedFile()],
    at: NOW,
    refusals: 1,
    assignees: [],
    ...over,
  };
}

export function aReview(over: Partial<ReviewRequest> = {}): Review {
  return openReview('r1', aReviewRequest(over)).review;
}

export function aVote(by: string, over: Partial<CastVote> = {}): CastVote {
  return { by, at: NOW, reason: 'read it', criteria: 'safe-to-run', files: [aReviewedFile()], ...over };
}
