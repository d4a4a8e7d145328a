import { commandKinds } from '../../catalogue/commands.ts';
import { leadsOnlyToIndex } from '../../catalogue/hosts.ts';
import { hit, mentionsOf } from '../read-call.ts';
import type { Rule } from '../rule.ts';

/** Advice to people: words before the command, or a command in the quotes of Markdown. */
const PROSE = /(?:^|[\s(])[A-Z][a-z]+ [a-z]+ [a-z]+ [a-z]+ |`(?:curl|wget|pip|iwr|powershell)\b|^#+ \w/m;

function isProse(text: string): boolean {
  return PROSE.test(text);
}

/** A form that is filled in elsewhere: with an address it is seen there. */
function isForm(text: string): boolean {
  return /%\(\w{1,60}\)[rs]|%[rs]|\{\w{0,60}\}/.test(text) && !text.includes('://');
}

const KINDS = ['download', 'encoded', 'reverse-shell'] as const;

export const downloaderText: Rule = {
  id: 'downloader-text',
  title: 'carries a command that downloads or decodes',
  description:
    'A text is a downloading or encoded command, but could not be followed to a process. Help texts look alike.',
  remedy: 'Find out what the text is used for.',
  detect(unit) {
    return mentionsOf(unit)
      .filter(
        ({ text }) =>
          text.length < 4000 &&
          !isProse(text) &&
          !leadsOnlyToIndex(text) &&
          KINDS.some((kind) => commandKinds(text).has(kind) && !(kind === 'download' && isForm(text))),
      )
      .map(({ text, fact }) => hit(fact, text));
  },
};
