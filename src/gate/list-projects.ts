import { matchesAnyName } from '../core/policy/rules/name-pattern.ts';
import { tryParseProjectName } from '../core/python/name.ts';
import type { Clock, Upstream } from './ports.ts';
import type { ServedIndex } from './served-index.ts';
import { createSingleFlight } from './single-flight.ts';

type Needs = {
  readonly clock: Clock;
  readonly onUpstreamError: (upstream: string, error: unknown) => void;
};

/** PyPI's list is some 30 MB and changes by a few names an hour. */
const LIST_TTL_MS = 60 * 60_000;

/**
 * Names the projects of an index: the union of its upstreams' lists, normalised and sorted. A list is kept for an hour
 * and shown beyond that while its upstream fails; an upstream that never answered is left out.
 * @throws {WheelgateError} UPSTREAM_* when none of them ever answered: an empty list would say that there is nothing
 */
export function createListProjects({ clock, onUpstreamError }: Needs) {
  const lists = new Map<string, { readonly names: readonly string[]; readonly at: number }>();
  const oneFetch = createSingleFlight<readonly string[]>();

  async function namesOf(upstream: Upstream): Promise<readonly string[]> {
    const there = lists.get(upstream.name);
    if (there && clock().getTime() - there.at < LIST_TTL_MS) return there.names;
    try {
      return await oneFetch(upstream.name, async () => {
        const names = (await upstream.listProjects()).flatMap((name) => tryParseProjectName(name) ?? []);
        lists.set(upstream.name, { names, at: clock().getTime() });
        return names;
      });
    } catch (error) {
      onUpstreamError(upstream.name, error);
      if (there) return there.names;
      throw error;
    }
  }

  return async function listProjects(index: ServedIndex): Promise<readonly string[]> {
    const reserved = index.policy().rules['reserved-names'].names;
    const answers = await Promise.allSettled(
      index.upstreams.map(async ({ upstream, isPrivate }) => {
        const names = await namesOf(upstream);
        return isPrivate ? names : names.filter((name) => !matchesAnyName(reserved, name));
      }),
    );
    const lists = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const [failure] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    if (lists.length === 0 && failure) throw failure;
    return [...new Set(lists.flat())].sort();
  };
}
