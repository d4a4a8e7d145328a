import { cycloneDxVexDocument } from '../../../core/report/cyclonedx.ts';
import { openVexDocument } from '../../../core/report/openvex.ts';
import type { Clock } from '../../../gate/ports.ts';
import type { ServedIndex } from '../../../gate/served-index.ts';
import type { TeamVex } from '../../../gate/team-vex.ts';
import type { Handlers } from '../../api/handler.ts';

export type VexHandlerNeeds = {
  readonly teamVex: TeamVex;
  readonly index: (name: string) => ServedIndex;
  readonly clock: Clock;
};

/** @param version of Wheelgate, for the document */
export function vexHandlers(needs: VexHandlerNeeds, version: string): Pick<Handlers, 'readVex'> {
  return {
    async readVex({ query: { index, format } }) {
      const report = await needs.teamVex(needs.index(index));
      const render = format === 'openvex' ? openVexDocument : cycloneDxVexDocument;
      return { ...render(report, needs.clock(), version) };
    },
  };
}
