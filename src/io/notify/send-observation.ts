import { request } from 'undici';
import { WheelgateError } from '../../core/errors.ts';
import type { ProjectName } from '../../core/python/name.ts';
import type { Observation } from '../../core/report/malware-report.ts';

const DEADLINE_MS = 30_000;
const MEDIA_TYPE = 'application/vnd.pypi.api-v0-danger+json';

/**
 * Sends a malware report to PyPI's observations API, once: it is not repeated when the answer is lost.
 * @param root address above `<project>/observations`
 * @throws {WheelgateError} REPORT_REFUSED with what the index said, REPORT_UNSENT when there is no answer
 */
export async function sendObservation(
  root: string,
  token: string,
  project: ProjectName,
  observation: Observation,
): Promise<void> {
  const { statusCode, text } = await post(`${root.replace(/\/$/, '')}/${project}/observations`, token, observation);
  if (statusCode >= 200 && statusCode < 300) return;
  const help: Readonly<Record<number, string>> = {
    401: 'Check the token: WHEELGATE_REPORT_TOKEN or report_token.',
    403: 'The token may not report: ask for access to the observations API, or use the "Report project as malware" link on its page.',
    404: 'The index does not have this project any more: it may be gone already.',
  };
  throw new WheelgateError(
    'REPORT_REFUSED',
    `the index answered with status ${statusCode}${text === '' ? '' : `: ${text}`}`,
    help[statusCode] ?? 'Nothing was recorded; the bundle (--out) can be sent by hand.',
  );
}

async function post(url: string, token: string, body: Observation): Promise<{ statusCode: number; text: string }> {
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': MEDIA_TYPE, accept: 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = (await answer.body.text()).replace(/[^\x20-\x7e]+/g, ' ').slice(0, 300);
    return { statusCode: answer.statusCode, text };
  } catch (error) {
    throw new WheelgateError(
      'REPORT_UNSENT',
      'the index did not answer: it may or may not have the report',
      'Look at the project page before you send it again.',
      error,
    );
  }
}
