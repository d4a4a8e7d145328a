import { request } from 'undici';
import type { Message } from '../../core/notify/render-notices.ts';
import { withoutCredentials } from '../../core/without-credentials.ts';

const DEADLINE_MS = 20_000;

/**
 * Sends one message. Never throws: a channel that fails must not stop the others.
 * @returns what went wrong; `final` when the other side refuses it for good (a 4xx but 408, 425 and 429; an SMTP 5xx)
 */
export async function sendMessage(
  message: Message,
  signal: AbortSignal,
): Promise<{ what: string; final: boolean } | undefined> {
  return message.kind === 'post' ? sendPost(message, signal) : sendMail(message);
}

async function sendPost(
  { url, body, headers }: Message & { kind: 'post' },
  signal: AbortSignal,
): Promise<{ what: string; final: boolean } | undefined> {
  // Chats keep their secret in the path: what is logged names the host alone.
  const host = new URL(url).host;
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'wheelgate', ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    await answer.body.dump();
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode < 300) return undefined;
    const isPassing = statusCode >= 500 || [408, 425, 429].includes(statusCode);
    return { what: `${host} answered with status ${statusCode}`, final: !isPassing };
  } catch (error) {
    return { what: `${host} did not answer: ${codeOf(error)}`, final: false };
  }
}

async function sendMail({
  smtp,
  from,
  to,
  subject,
  text,
}: Message & { kind: 'mail' }): Promise<{ what: string; final: boolean } | undefined> {
  // Most gates send no mail, and its library is large.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: smtp,
    connectionTimeout: DEADLINE_MS,
    greetingTimeout: DEADLINE_MS,
    socketTimeout: DEADLINE_MS,
    // Mails are texts that we wrote: nothing of them may make us read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, to: [...to], subject, text });
    return undefined;
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    const where = withoutCredentials(smtp);
    return responseCode === undefined
      ? { what: `${where} did not take the mail: ${codeOf(error)}`, final: false }
      : { what: `${where} answered with ${responseCode}`, final: responseCode >= 500 };
  } finally {
    transport.close();
  }
}

/** A code says enough and carries no secret; messages of libraries may quote addresses. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? 'unknown error';
}
