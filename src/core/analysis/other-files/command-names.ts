/** Programs that people and builds start by name all day: a package that installs one of these takes their place. */
const COMMON = new Set(
  'python python2 python3 pythonw pip pip2 pip3 uv poetry pdm conda git ssh scp sftp ssh-agent gpg curl wget sudo su bash sh zsh fish cmd powershell pwsh ls cat cp mv rm chmod env which make cmake gcc cc clang docker kubectl aws az gcloud node npm npx yarn java go cargo rustc vim vi nano code'.split(
    ' ',
  ),
);
/** Projects whose own command it is. */
const OWN = /^(?:pip|uv|poetry|pdm|conda|cmake|awscli|azure-cli|nodejs-bin)$/;

/** Groups of entry_points.txt and of pyproject.toml, whose tables are written alike. */
const INSTALLING = new Set([
  '[console_scripts]',
  '[gui_scripts]',
  '[project.scripts]',
  '[project.gui-scripts]',
  '[tool.poetry.scripts]',
]);

export type ShadowingCommand = { readonly command: string; readonly line: number };

/** Commands that an `entry_points.txt` or `pyproject.toml` installs under the name of a common program (entry points specification). */
export function shadowingCommands(entryPoints: string): readonly ShadowingCommand[] {
  const found: ShadowingCommand[] = [];
  let group = '';
  for (const [index, text] of entryPoints.split('\n').entries()) {
    const line = text.trim();
    if (line.startsWith('[')) group = line;
    const [name = '', target = ''] = line.split('=', 2).map((part) => part.trim().replace(/^["']|["']$/g, ''));
    const installs = INSTALLING.has(group);
    if (!installs || !COMMON.has(name.toLowerCase())) continue;
    // pip's own `pip = pip._internal.cli.main:main`.
    if (OWN.test(name.replace(/\d+$/, '')) && target.split(/[.:]/)[0] === name.replace(/\d+$/, '')) continue;
    found.push({ command: name, line: index + 1 });
  }
  return found;
}
