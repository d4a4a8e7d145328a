import { requestsTo } from '../read-call.ts';
import type { Rule } from '../rule.ts';

export const addressService: Rule = {
  id: 'address-service',
  title: "asks a service for the machine's public address",
  description: "A request goes to a service that tells the caller's public address and location.",
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return requestsTo(unit, 'address-service');
  },
};
