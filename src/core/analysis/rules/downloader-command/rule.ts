import { commandKinds, isBuildCommand } from '../../catalogue/commands.ts';
import { hostKinds, leadsOnlyToIndex } from '../../catalogue/hosts.ts';
import { commandOf, hit } from '../read-call.ts';
import { callsOf, type Rule } from '../rule.ts';

export const downloaderCommand: Rule = {
  id: 'downloader-command',
  title: 'starts a command that downloads',
  description:
    'A downloader (curl, wget, certutil, mshta, bitsadmin, PowerShell) is told to fetch something, or the command names an executable at a URL or a raw address.',
  remedy:
    'Read the code at the given line. If it is not what the package is for, reject the release and report it to the index.',
  detect(unit) {
    return callsOf(unit, 'process')
      .filter((fact) => {
        const command = commandOf(fact);
        if (isBuildCommand(command) || leadsOnlyToIndex(command)) return false;
        const hosts = hostKinds(command, unit.about.ownLabels);
        return (
          commandKinds(command).has('download') ||
          hosts.has('executable') ||
          hosts.has('raw-address') ||
          hosts.has('webhook')
        );
      })
      .map((fact) => hit(fact, commandOf(fact)));
  },
};
