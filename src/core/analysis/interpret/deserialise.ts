import { roleOf } from '../catalogue/roles.ts';
import { TAINT } from '../values/taint.ts';
import { asBytes, type CallShape, external, firstOf, positional, text, unknown, type Value } from '../values/value.ts';
import { openedContent } from './files.ts';
import { outsideModule } from './imports.ts';
import { type Frame, type Run, report } from './run.ts';
import { runPickle } from './run-pickle.ts';
import { noteText } from './texts.ts';

const FROM_FILE = TAINT.packageFile | TAINT.dataFile;
const MAX_STRINGS = 400;
const MAX_BYTES = 2_000_000;

/** marshal and pickle are listed, never loaded: the names and texts in them are looked at like those of the code. */
export function deserialise(run: Run, path: string, call: CallShape, inward: number, frame: Frame, at: number): Value {
  report(run, frame, at, { kind: 'call', role: 'deserialise', name: path, call, taint: inward });
  const input = inputOf(run, asBytes(firstOf(call.args[0] ?? unknown())), frame);
  // A pickle among the data of the package counts by what it calls: what it says is data.
  const isFile = input.kind === 'bytes' && (input.taint & TAINT.packageFile) !== 0;
  if (input.kind === 'bytes' && isFile) {
    if (!path.includes('marshal')) runPickle(run, input.value.subarray(0, MAX_BYTES), inward, frame, at);
  } else if (input.kind === 'bytes') {
    const strings = stringsOf(input.value);
    report(run, frame, at, {
      kind: 'decoded',
      how: path.includes('marshal') ? 'marshal' : 'pickle',
      text: strings.join('\n'),
      program: false,
      media: false,
      size: input.value.length,
    });
    for (const each of strings) noteText(run, frame, at, each);
    if (!path.includes('marshal') && runPickle(run, input.value.subarray(0, MAX_BYTES), inward, frame, at) === 0)
      callGlobals(run, strings, inward, frame, at);
  }
  return external(`${path}()`, inward | (input.taint & FROM_FILE) | TAINT.decoded, call);
}

/** What is loaded: the bytes themselves, or what an opened buffer or file holds. */
function inputOf(run: Run, given: Value, frame: Frame): Value {
  if (given.kind !== 'external') return given;
  if (given.path === 'io.BytesIO()') return firstOf(given.made?.args[0] ?? unknown());
  return given.path === 'builtins.open()' ? openedContent(run, given, frame) : given;
}

/** Printable runs, in order: module names, function names, constants. */
function stringsOf(input: Uint8Array): string[] {
  const plain = Buffer.from(input.subarray(0, MAX_BYTES)).toString('latin1');
  return Array.from(plain.matchAll(/[\x20-\x7e\t]{2,4000}/g), ([found]) => found).slice(0, MAX_STRINGS);
}

/**
 * A pickle calls what it names: `cos\nsystem\n` in the old protocols, the texts `os` and `system` one behind the other in
 * the new ones. Reported as if the code had called it with the texts that follow.
 */
function callGlobals(run: Run, strings: readonly string[], taint: number, frame: Frame, at: number): void {
  for (const [index, name] of strings.entries()) {
    const module = strings[index - 1];
    if (module === undefined || !/^\w[\w.]*$/.test(name)) continue;
    for (const each of [module, module.replace(/^[^a-z]*c/, '')]) {
      const known = outsideModule(each.replace(/^\W+/, ''));
      const path = known.kind === 'external' ? `${known.path}.${name}` : '';
      const role = roleOf(path);
      if (role === undefined || role === 'host') continue;
      const args = strings.slice(index + 1, index + 6).map((following) => text(following, TAINT.decoded));
      report(run, frame, at, {
        kind: 'call',
        role,
        name: path,
        call: positional(...args),
        taint: taint | TAINT.decoded,
      });
      break;
    }
  }
}
