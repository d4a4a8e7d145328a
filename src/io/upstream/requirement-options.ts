/** An option of a requirements file that says where to look for packages. */
export type RequirementOption = { readonly option: string; readonly value: string; readonly line: number };

const OPTION = /(?:^|\s)(?:(--(?:index-url|pypi-url|extra-index-url|find-links))(?:=|\s+)|(-[if])\s*)(\S+)/g;

/** Reads the options of pip's requirements file format that name indexes: one line may have several. */
export function readRequirementOptions(text: string): readonly RequirementOption[] {
  return text.split(/\r\n|\r|\n/).flatMap((raw, index) => {
    const line = raw.replace(/(?:^|\s)#.*$/, '');
    // On the line of a requirement pip ignores such options.
    if (!line.trimStart().startsWith('-')) return [];
    return [...line.matchAll(OPTION)].map((match) => ({
      option: (match[1] ?? match[2])!,
      value: match[3]!.replace(/^(["'])(.*)\1$/, '$2'),
      line: index + 1,
    }));
  });
}
