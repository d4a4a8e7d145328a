import { TAINT } from '../../values/taint.ts';
import { callHit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const fileEncryption: Rule = {
  id: 'file-encryption',
  title: 'encrypts the files that it finds',
  description:
    'Files are listed, read, encrypted and written in one piece of code. Backup programs do it for the folder that they are given.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    const lists = callsOf(unit, 'host').some((fact) => /walk|listdir|scandir|glob/.test(fact.name));
    if (!lists || callsOf(unit, 'write').length === 0) return [];
    return callsOf(unit, 'encrypt')
      .filter((fact) => (fact.taint & TAINT.file) !== 0)
      .map(callHit);
  },
};
