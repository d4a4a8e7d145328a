import { roleOf } from '../catalogue/roles.ts';
import { TAINT } from '../values/taint.ts';
import { asBytes, type CallShape, external, firstOf, positional, text, unknown, type Value } from '../values/value.ts';
import { outsideModule } from './imports.ts';
import { type Frame, type Run, report } from './run.ts';
import { noteText } from './texts.ts';

const MAX_STRINGS = 400;
const MAX_BYTES = 2_000_000;

/** marshal and pickle are listed, never loaded: the names and texts in them are looked at like those of the code. */
export function deserialise(run: Run, path: string, call: CallShape, inward: number, frame: Frame, at: number): Value {
  report(run, frame, at, { kind: 'call', role: 'deserialise', name: path, call, taint: inward });
  const given = asBytes(firstOf(call.args[0] ?? unknown()));
  const input =
    given.kind === 'external' && given.path === 'io.BytesIO()' ? firstOf(given.made?.args[0] ?? unknown()) : given;
  if (input.kind === 'bytes') {
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
    if (!path.includes('marshal')) callGlobals(run, strings, inward, frame, at);
  }
  return external(`${path}()`, inward | TAINT.decoded, call);
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
