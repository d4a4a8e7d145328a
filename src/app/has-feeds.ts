import type { Config } from '../config.ts';

/** Whether the configuration names any feed that is read from time to time. */
export function hasFeeds({ feeds }: Config): boolean {
  return feeds.urls.length > 0 || feeds.epss !== undefined || feeds.kev !== undefined;
}
