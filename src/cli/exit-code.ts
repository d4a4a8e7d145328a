/** Exit codes of every command (docs/cli.md); scripts rely on them. */
export const EXIT = {
  clean: 0,
  violation: 1,
  pending: 2,
  usage: 3,
  unreachable: 4,
  nothing: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
