import type { createReadFigures } from '../../../gate/read-figures.ts';
import type { Handlers } from '../../api/handler.ts';

export function figuresHandlers(readFigures: ReturnType<typeof createReadFigures>): Pick<Handlers, 'readFigures'> {
  return {
    async readFigures({ query: { days } }) {
      const { since, until, falseHolds, ...figures } = await readFigures(days);
      return {
        schema: 'wheelgate.figures/1',
        since: since.toISOString(),
        until: until.toISOString(),
        ...figures,
        falseHolds: [...falseHolds],
      };
    },
  };
}
