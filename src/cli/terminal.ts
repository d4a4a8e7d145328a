/** Where a command writes: data to `out`, talk to `err`. Tests pass their own. */
export type Terminal = {
  out(text: string): void;
  err(text: string): void;
  /** False when talk goes to a file: no progress line is drawn then. */
  readonly errIsTty: boolean;
  readonly outIsTty: boolean;
  /** Somebody can be asked. */
  readonly isInteractive: boolean;
};

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTty: process.stderr.isTTY === true,
    outIsTty: process.stdout.isTTY === true,
    isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  };
}

/** Text from packages and paths must not move the cursor or forge lines. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

/** A line that is redrawn while long work goes on, and gone when it ends; silent when nobody watches. */
export function progressLine(terminal: Terminal): { show(text: string): void; clear(): void } {
  if (!terminal.errIsTty) return { show: () => {}, clear: () => {} };
  return {
    show: (text) => terminal.err(`\r\x1b[K${printable(text)}`),
    clear: () => terminal.err('\r\x1b[K'),
  };
}
