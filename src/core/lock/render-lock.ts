import type { LockDocument, LockFormat } from './lock-document.ts';
import { renderPylock } from './render-pylock.ts';
import { renderRequirements } from './render-requirements.ts';

/** A lock in the format asked for. pylock.toml always has hashes. */
export function renderLock(
  document: LockDocument,
  { format, hashes }: { format: LockFormat; hashes: boolean },
): string {
  if (format === 'pylock') return renderPylock(document);
  return renderRequirements(document, { hashes, isConstraints: format === 'constraints' });
}
