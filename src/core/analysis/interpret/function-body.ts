import { TAINT } from '../values/taint.ts';
import { type CallShape, type ClassValue, type FunctionValue, type Home, unknown } from '../values/value.ts';

/** The name under which a body is known across calls. */
export function bodyName(value: FunctionValue | ClassValue): string {
  const { home, at } = value;
  let names = bodyNames.get(home);
  if (names === undefined) {
    names = new Map();
    bodyNames.set(home, names);
  }
  let name = names.get(at);
  if (name === undefined) {
    name = `${home.path}|${home.layer}|${home.anchor?.line ?? ''}|${at}`;
    names.set(at, name);
  }
  return name;
}
/** Made once: each call asks for the name, and a new text would have to be hashed for every look-up with it. */
const bodyNames = new WeakMap<Home, Map<number, string>>();

/** Arguments that only the caller knows: what code that nobody calls is run with. */
export function unknownArguments(value: FunctionValue): CallShape {
  const params = value.params.filter((param) => param.spread === undefined && param.value === undefined);
  const skip = value.self === undefined ? 0 : 1;
  return { args: params.slice(skip).map(() => unknown(TAINT.parameter)), keywords: new Map() };
}
