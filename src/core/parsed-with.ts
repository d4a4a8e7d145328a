import { z } from 'zod';

/** A zod transform that runs one of our parsers and turns what it throws into an issue with its message. */
export function parsedWith<T>(parse: (raw: string) => T) {
  return (raw: string, context: z.RefinementCtx<string>): T => {
    try {
      return parse(raw);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  };
}
