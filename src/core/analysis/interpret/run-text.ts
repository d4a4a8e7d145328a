import { createHash } from 'node:crypto';
import type { LayerKind } from '../fact.ts';
import { type Home, unknown, type Value } from '../values/value.ts';
import { type Frame, placeOf, type Run, report } from './run.ts';

/** Published droppers wrap their code fifty times. */
const MAX_LAYERS = 64;
const MAX_LAYER_TEXT = 2_000_000;

/** Runs a text as code where it would run, so that what it hides is judged like code of the file. */
export function runText(run: Run, source: string, how: LayerKind, decoded: boolean, frame: Frame, at: number): Value {
  // A source file of the package that is executed instead of imported is no text in disguise.
  const isSource = how === 'source-file';
  if (!isSource) report(run, frame, at, { kind: 'layer', how, text: source.slice(0, 4000) });
  const key = `${frame.context}|${createHash('sha256').update(source).digest('base64')}`;
  if (run.layers.has(key)) return unknown();
  if (frame.home.layer >= MAX_LAYERS || source.length > MAX_LAYER_TEXT) {
    run.limits.add('layers');
    report(run, frame, at, { kind: 'limit', what: 'layers' });
    return unknown();
  }
  run.layers.add(key);
  const module = run.parser.parse(source.replace(/\r\n?/g, '\n'));
  const place = placeOf(frame, at);
  const anchor = { line: place.line, unit: place.unit, decoded: decoded || place.decodedLayer };
  const home: Home = {
    module: frame.home.module,
    path: frame.home.path,
    text: module.text,
    layer: frame.home.layer + (isSource ? 0 : 1),
    anchor,
    outline: [],
  };
  const inner: Frame = { ...frame, home, body: how === 'execute' || isSource ? frame.body : `${frame.body}|${key}` };
  const [only] = module.body;
  if (module.body.length === 1 && only?.kind === 'expression' && how === 'execute')
    return run.evaluate(only.value, inner);
  run.execute(module.body, inner);
  return unknown();
}
