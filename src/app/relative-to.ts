import { dirname, relative, sep } from 'node:path';

/** How a lock names one of its inputs: the two move together. @param lock undefined for standard output */
export function relativeTo(lock: string | undefined, input: string): string {
  const path = lock === undefined ? input : relative(dirname(lock), input);
  return (path === '' ? input : path).split(sep).join('/');
}
