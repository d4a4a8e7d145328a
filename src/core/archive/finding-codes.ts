import type { Effect } from '../finding.ts';

type Observation = { readonly effect: Effect; readonly message: string };

/**
 * Everything that the readers of this folder report. `block`: two readers see two different things, or the file is not what
 * its name says. `hold`: we could not read or verify it. `note`: odd and harmless.
 */
export const ARCHIVE_FINDINGS = {
  // Any archive
  error: hold('Not all of the file could be read, so it cannot be judged.'),
  unreadable: block('The archive is damaged: Python refuses it, other readers may not.'),
  'format-mismatch': block('The file is not in the format that its name says.'),
  polyglot: block('The file is a tar and a zip archive at once.'),
  bomb: block('The file expands to many times its size.'),
  'damaged-data': block('Compressed data are damaged or cut off.'),
  'unsupported-compression': hold('The data are compressed in a way that we cannot read.'),
  'crc-mismatch': block('The data do not have the sum that the archive gives for them.'),
  'trailing-bytes': block('Bytes follow the end of the archive: other readers may see another file.'),
  'empty-name': block('A member has no name.'),
  'absolute-path': block('A member names an absolute path.'),
  'drive-letter': block('A member names a drive: on Windows it leaves the archive.'),
  'parent-path': block('A member leads to a folder above its own.'),
  backslash: block('A name has a backslash: a folder on Windows, a letter elsewhere.'),
  'nul-in-name': block('A name has a NUL: Python cuts it there, other readers do not.'),
  'path-too-long': hold('A path is longer than a file system can store.'),
  'control-in-name': hold('A name has characters that cannot be seen.'),
  'name-not-utf8': hold('A name is not UTF-8: readers differ on how to spell it.'),
  'path-not-normal': note('A path has empty or "." parts.'),
  'windows-name': note('Windows cannot store a file of this name, or stores it under another one.'),
  'duplicate-member': block(
    'Two members with different content have the same path: readers differ on which one counts.',
  ),
  'repeated-member': note('Two members with the same content have the same path.'),
  'case-twin': hold('Two members with different content have paths that only Linux tells apart.'),
  'file-as-folder': block('A path is a file and a folder at once.'),
  'special-member': block('A device, pipe or member of unknown type.'),
  'path-through-link': block('A member is stored below a symbolic link.'),
  'link-escape': block('A link leads out of the archive.'),
  'link-renames': hold('A link gives code or build settings a name that their file does not have.'),
  'hardlink-target': block('A hard link refers to no file in front of it.'),

  // zip
  'second-end-record': block('The directory holds an end record: other readers may open another archive.'),
  'zip64-disagrees': block('The zip64 end record and the end record tell two different stories.'),
  'multi-disk': block('The archive speaks of further disks: readers differ on what they show.'),
  'directory-offset': block('The end record places the directory elsewhere than Python finds it.'),
  'count-mismatch': block('The end record counts other members than the directory has.'),
  'prefix-bytes': block('Something stands in front of the archive: other readers take it for the file.'),
  'zero-padding': note('Zeroes stand in front of the archive or between its members.'),
  'stray-bytes': hold('Bytes of the archive belong to no member.'),
  'hidden-records': block('Between the members stand records of members that the directory does not know.'),
  'local-header-missing': block('The directory points to a place where no member begins.'),
  'local-name': block('Header and directory give a member two names.'),
  'local-header-differs': block('Header and directory of a member differ: readers that stream see something else.'),
  'unicode-path': block('An extra field gives a member another name, which not every reader takes.'),
  'name-encoding': note('A name is not marked as UTF-8: Python reads it as code page 437.'),
  encrypted: block('A member is encrypted: nobody can check it.'),
  'patch-data': block('A member is patch data, which Python refuses.'),
  overlap: block('The data of a member reach into what comes next.'),
  'descriptor-missing': block('No data descriptor that fits stands behind the data of a member.'),
  'size-mismatch': block('A member has another size than the directory says: readers cut it at different places.'),
  'trailing-data': block('Bytes stand behind the compressed data of a member: readers that stream stumble.'),
  'symlink-member': block('A symbolic link: pip writes a file in its place, other readers make the link.'),
  'directory-with-data': hold('A folder has data of its own: readers differ on what it is.'),

  // tar
  'gzip-members': block('The file is several gzip files in a row: not every reader goes beyond the first.'),
  'bad-header': block('A header is damaged: Python takes it for the end, other readers go on behind it.'),
  'cut-off': block('The archive ends inside a member.'),
  'hidden-members': block('Members stand behind the end of the archive.'),
  'data-after-end': hold('Data stand behind the end of the archive.'),
  'two-names': block('The headers of a member give it two names: readers differ on which one counts.'),
  'two-sizes': block('The headers of a member give it two sizes: readers differ on where the next one begins.'),
  'global-override': block('A header gives all members one name or size, which not every reader obeys.'),
  'prefix-field': block('A name is continued in a field that not every reader uses.'),
  'sparse-member': block('A sparse member: most readers do not show what Python shows.'),
  'size-without-data': block(
    'A member that has no data says it has some: readers differ on where the next one begins.',
  ),
  // Wheels
  'dist-info-missing': block('The wheel has no dist-info folder.'),
  'dist-info-several': block('The wheel has more than one dist-info folder.'),
  'dist-info-name': block('The dist-info folder is of another release than the file name says.'),
  'foreign-metadata': hold('The wheel installs the metadata of another project.'),
  'metadata-missing': block('The wheel has no METADATA.'),
  'metadata-mismatch': block('The metadata give another name or version than the file name.'),
  'metadata-ambiguous': block('The metadata give their name or version more than once.'),
  'wheel-file-missing': block('The wheel has no WHEEL file.'),
  'wheel-version': block('The WHEEL file asks for another kind of wheel than pip installs.'),
  'data-scheme': hold('The data folder has a part that pip refuses to install.'),
  'record-missing': block('The wheel has no RECORD.'),
  'record-invalid': block('RECORD cannot be read.'),
  'record-repeated': block('RECORD says two things about one path.'),
  'record-path': block('RECORD lists a path outside of the wheel.'),
  'record-hash-mismatch': block('A member does not have the hash that RECORD gives for it.'),
  'record-size-mismatch': block('A member does not have the size that RECORD gives for it.'),
  'record-unlisted': block('A member is not listed in RECORD.'),
  'record-absent-member': hold('RECORD lists a member that is not there.'),
  'record-no-hash': hold('RECORD gives no hash for a member.'),
  'record-no-hash-pyc': note('RECORD gives no hash for compiled Python.'),
  'record-hex-hash': note('RECORD gives a hash in hexadecimal instead of base 64.'),
  'record-weak-hash': hold('RECORD gives a hash for a member that we do not verify.'),

  // Sdists
  'not-a-distribution': hold('The file is neither a wheel nor an sdist: only its archive was checked.'),
  'sdist-root': hold('The sdist does not keep its files in one folder.'),
  'sdist-root-name': hold('The folder of the sdist is not called after the release.'),
  'pkg-info-missing': hold('The sdist has no PKG-INFO.'),
  'pyproject-invalid': hold('The pyproject.toml cannot be read.'),
  'backend-path': block('The build backend is looked for outside of the sdist.'),
} as const satisfies Record<string, Observation>;

export type ArchiveFindingCode = keyof typeof ARCHIVE_FINDINGS;

function block(message: string): Observation {
  return { effect: 'block', message };
}

function hold(message: string): Observation {
  return { effect: 'hold', message };
}

function note(message: string): Observation {
  return { effect: 'note', message };
}
