import { leadsOnlyToIndex } from '../../catalogue/hosts.ts';
import { TAINT } from '../../values/taint.ts';
import { callHit, commandOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const downloadAndRun: Rule = {
  id: 'download-and-run',
  title: 'downloads a file and starts it',
  description:
    "A response is written to a path that is then started or loaded. Driver managers do this from a vendor's host and compare a digest first.",
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process', 'permit', 'load-native', 'load-module')
      .filter(
        (fact) =>
          ((fact.taint & TAINT.downloadedFile) !== 0 ||
            fact.call.args.some((value) => (value.taint & TAINT.downloadedFile) !== 0)) &&
          !leadsOnlyToIndex(commandOf(fact)),
      )
      .map(callHit);
  },
};
