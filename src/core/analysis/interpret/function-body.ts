import { TAINT } from '../values/taint.ts';
import { type CallShape, type ClassValue, type FunctionValue, unknown } from '../values/value.ts';

/** The name under which a body is known across calls. */
export function bodyName(value: FunctionValue | ClassValue): string {
  return `${value.home.path}|${value.home.layer}|${value.home.anchor?.line ?? ''}|${value.at}`;
}

/** Arguments that only the caller knows: what code that nobody calls is run with. */
export function unknownArguments(value: FunctionValue): CallShape {
  const params = value.params.filter((param) => param.spread === undefined && param.value === undefined);
  const skip = value.self === undefined ? 0 : 1;
  return { args: params.slice(skip).map(() => unknown(TAINT.parameter)), keywords: new Map() };
}
