import type { ProjectName } from '../python/name.ts';

/** Lock files that a tool writes, and what makes it raise one release. */
const COMMANDS: readonly (readonly [name: RegExp, command: (project: string, version: string) => string])[] = [
  [/(?:^|[\\/])[^\\/]*uv\.lock$/, (project, version) => `uv lock --upgrade-package ${project}==${version}`],
  [/(?:^|[\\/])[^\\/]*poetry\.lock$/, (project) => `poetry update ${project}`],
  [/(?:^|[\\/])[^\\/]*pdm\.lock$/, (project) => `pdm update ${project}`],
  [/(?:^|[\\/])Pipfile(?:\.lock)?$/, (project, version) => `pipenv upgrade ${project}==${version}`],
];

/** How to get a release into a file that Wheelgate does not write, for a person. */
export function adviseRaise(file: string, project: ProjectName, version: string): string {
  const command = COMMANDS.find(([name]) => name.test(file))?.[1](project, version);
  return command === undefined
    ? `ask for ${project} ${version} where ${file} is made`
    : `${file} is written by its own tool: ${command}`;
}
