import { Parser } from 'htmlparser2';
import { tryParseProjectName } from '../python/name.ts';
import { pageInvalid } from './api-version.ts';
import { parseJsonDocument } from './read-json.ts';

/**
 * The project names of an index root in JSON (Simple API, "Project List"), as it spells them. Names that are none are left
 * out: nothing could be asked about them.
 * @throws {WheelgateError} PAGE_INVALID
 */
export function readJsonList(text: string): readonly string[] {
  const { projects } = parseJsonDocument(text);
  if (!Array.isArray(projects)) throw pageInvalid('the project list has no list of projects');
  return projects.flatMap((project: unknown) => {
    const name = typeof project === 'object' && project !== null && 'name' in project ? project.name : undefined;
    return typeof name === 'string' && isName(name) ? [name] : [];
  });
}

/** The same from HTML: the text of each link (PEP 503). */
export function readHtmlList(html: string): readonly string[] {
  const names: string[] = [];
  let text: string | undefined;
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'a' && attributes.href !== undefined) text = '';
    },
    ontext(part) {
      if (text !== undefined) text += part;
    },
    onclosetag(tag) {
      if (tag !== 'a' || text === undefined) return;
      // Folder listings write a slash behind the name.
      const name = text.trim().replace(/\/$/, '');
      if (isName(name)) names.push(name);
      text = undefined;
    },
  });
  parser.end(html);
  return names;
}

function isName(raw: string): boolean {
  return tryParseProjectName(raw) !== undefined;
}
