import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DataDates } from '../../core/advisories/data-age.ts';
import type { Metrics } from '../metrics.ts';

/** One part that readiness depends on. `ok: false` with a `problem` that an operator can act on. */
export type ReadinessCheck = { readonly name: string; readonly ok: boolean; readonly problem?: string };

/** `/healthz`: the process answers. `/readyz`: it can serve, what is degraded, and of when the advisories are. `/metrics`: Prometheus. */
export function createHealthRoutes(
  checkReadiness: () => Promise<readonly ReadinessCheck[]>,
  dataDates: () => Promise<DataDates>,
  metrics: Metrics,
) {
  return {
    healthz(request: IncomingMessage, response: ServerResponse) {
      send(request, response, 200, 'text/plain; charset=utf-8', 'ok\n');
    },
    async readyz(request: IncomingMessage, response: ServerResponse) {
      const checks = await checkReadiness();
      // When the store does not answer, the checks say so.
      const dates = await dataDates().catch((): DataDates => ({}));
      const advisories = {
        malware: dates.malware?.toISOString() ?? null,
        vulnerabilities: dates.vulnerabilities?.toISOString() ?? null,
      };
      const ready = checks.every(({ ok }) => ok);
      send(
        request,
        response,
        ready ? 200 : 503,
        'application/json',
        `${JSON.stringify({ ready, checks, advisories })}\n`,
      );
    },
    async metrics(request: IncomingMessage, response: ServerResponse) {
      send(request, response, 200, metrics.registry.contentType, await metrics.registry.metrics());
    },
  };
}

export type HealthRoutes = ReturnType<typeof createHealthRoutes>;

function send(request: IncomingMessage, response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
