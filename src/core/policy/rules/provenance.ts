import { type Rule, reason } from './rule.ts';

export const provenance: Rule<'provenance'> = {
  id: 'provenance',
  summary: 'The nearest approved release says where it was built (PEP 740), and this file does not: no step back.',
  check({ file, nearestApproved }, settings) {
    if (nearestApproved?.attested !== true || file.attested === true) return [];
    return [reason('provenance', settings, `unlike ${nearestApproved.version}, it does not say where it was built`)];
  },
};
