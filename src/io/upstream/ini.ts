import { WheelgateError } from '../../core/errors.ts';

/** Section → key in lower case → value. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Its keys stand in every section that does not set them itself. */
const DEFAULTS = 'DEFAULT';

/**
 * Reads an ini file as Python's RawConfigParser does, which pip uses: `=` or `:`, whole-line comments with `#` or `;`,
 * continuation lines by deeper indent, no interpolation, nothing twice.
 * @param source the file's name, for messages
 * @throws {WheelgateError} CONFIG_INVALID, naming the line, where Python would refuse the file
 */
export function parseIni(text: string, source: string): Ini {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  let value: string[] | undefined;
  let indent = 0;
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const fail = (why: string) => invalid(source, index + 1, why);
    const content = line.trim();
    if (content === '') {
      value?.push('');
      continue;
    }
    if (/^[#;]/.test(content)) continue;
    const here = line.length - line.trimStart().length;
    if (value !== undefined && here > indent) {
      value.push(content);
      continue;
    }
    indent = here;
    const header = /^\[(.+)\]/.exec(content)?.[1];
    if (header !== undefined) {
      if (sections.has(header) && header !== DEFAULTS) throw fail(`section [${header}] stands twice`);
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
      value = undefined;
      continue;
    }
    if (section === undefined) throw fail('there is no [section] before it');
    const end = content.search(/[=:]/);
    const key = content.slice(0, Math.max(0, end)).trim().toLowerCase();
    if (key === '') throw fail('it is no `key = value`');
    if (section.has(key)) throw fail(`${key} stands twice`);
    value = [content.slice(end + 1).trim()];
    section.set(key, value);
  }
  return withDefaults(sections);
}

function withDefaults(sections: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>): Ini {
  const defaults = sections.get(DEFAULTS) ?? new Map<string, readonly string[]>();
  const result = new Map<string, Map<string, string>>();
  for (const [name, section] of sections) {
    if (name === DEFAULTS) continue;
    const entries = [...defaults, ...section].map(([key, lines]) => [key, lines.join('\n').trimEnd()] as const);
    result.set(name, new Map(entries));
  }
  return result;
}

function invalid(source: string, line: number, why: string): WheelgateError {
  const help = 'pip refuses this file as well: correct it, or set PIP_CONFIG_FILE=/dev/null.';
  return new WheelgateError('CONFIG_INVALID', `${source}, line ${line}: ${why}`, help);
}
