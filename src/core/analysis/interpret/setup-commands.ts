import { parseEntryPoint } from '../declared-entries.ts';
import {
  type CallShape,
  type ClassValue,
  firstOf,
  optionsOf,
  plainText,
  positional,
  unknown,
  type Value,
} from '../values/value.ts';
import { memberOf } from './attribute.ts';
import type { Frame, Run } from './run.ts';

/** Commands that pip makes setuptools run when it builds or installs an sdist. */
const PIP_COMMANDS = new Set(
  'install develop egg_info build build_py build_ext build_clib build_scripts install_lib install_scripts install_data install_headers install_egg_info bdist_wheel dist_info editable_wheel bdist_egg easy_install'.split(
    ' ',
  ),
);
const COMMAND_METHODS = [
  'initialize_options',
  'finalize_options',
  'run',
  'build_extensions',
  'build_extension',
  'build_packages',
  'build_module',
  'execute',
  'get_sub_commands',
  'get_outputs',
  'copy_extensions_to_source',
];

/** Runs the command classes of `setup(cmdclass=…)` that pip triggers. */
export function runCommands(run: Run, call: CallShape, frame: Frame, at: number): void {
  run.setups.push(call);
  noteEntryPoints(run, firstOf(call.keywords.get('entry_points') ?? unknown()));
  const commands = firstOf(call.keywords.get('cmdclass') ?? unknown());
  if (commands.kind !== 'dict') return;
  for (const [key, value] of commands.entries) {
    if (!PIP_COMMANDS.has(key.slice(2))) continue;
    for (const type of optionsOf(value)) if (type.kind === 'class') runCommand(run, type, frame, at);
  }
}

/** `entry_points={'console_scripts': ['name = module:function']}`, or the same as the text of an ini file. */
function noteEntryPoints(run: Run, declared: Value): void {
  const groups = declared.kind === 'dict' ? [...declared.entries.values()] : [declared];
  for (const group of groups.map(firstOf)) {
    const lines = group.kind === 'list' ? group.items.slice(0, 200).map(firstOf) : [group];
    for (const line of lines.flatMap((each) => plainText(each)?.slice(0, 20_000).split('\n') ?? [])) {
      const entry = line.includes('=') ? parseEntryPoint(line.slice(line.indexOf('=') + 1)) : undefined;
      if (entry !== undefined) run.entryPoints.push(entry);
    }
  }
}

function runCommand(run: Run, type: ClassValue, frame: Frame, at: number): void {
  const command = run.call(type, positional(unknown()), frame, at);
  for (const name of COMMAND_METHODS) {
    const method = memberOf(type, name);
    if (method?.kind === 'function')
      run.call({ ...method, self: command }, positional(unknown(), unknown(), unknown()), frame, at);
  }
}
