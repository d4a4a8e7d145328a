import { WheelgateError } from '../../core/errors.ts';
import type { Resolver } from '../../gate/ports.ts';
import { findPipResolver } from './resolve-with-pip.ts';
import { findUvResolver } from './resolve-with-uv.ts';

/** The resolver that the team has: uv when it is there, else pip. @throws {WheelgateError} USAGE when there is none */
export async function findResolver(indexUrl: string, name: 'uv' | 'pip' | undefined): Promise<Resolver> {
  const uv = name === 'pip' ? undefined : await findUvResolver(indexUrl);
  const found = uv ?? (name === 'uv' ? undefined : await findPipResolver(indexUrl));
  if (found) return found;
  throw new WheelgateError(
    'USAGE',
    name === undefined
      ? 'there is neither uv nor Python with pip on this machine'
      : `there is no ${name} on this machine`,
    'Locking asks one of them which releases fit together: install one and put it on the PATH.',
  );
}
