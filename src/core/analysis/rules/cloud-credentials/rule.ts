import { namesInstanceMetadata } from '../../catalogue/secret-places.ts';
import { callHit, commandOf, hit, textsOf } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const cloudCredentials: Rule = {
  id: 'cloud-credentials',
  title: 'asks the cloud for the credentials of its machine',
  description:
    'The service by which a cloud gives its machines their credentials is asked. Libraries of cloud vendors do that when they are called.',
  remedy: 'Only a library of that cloud has a reason to ask.',
  detect(unit) {
    const requests = callsOf(unit, 'network').filter((fact) => textsOf(fact).some(namesInstanceMetadata));
    const commands = callsOf(unit, 'process').filter((fact) => namesInstanceMetadata(commandOf(fact)));
    return [...requests.map(callHit), ...commands.map((fact) => hit(fact, commandOf(fact)))];
  },
};
