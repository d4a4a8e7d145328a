// Writes docs/rules.md from the rule folders: `node --import tsx scripts/write-rules-doc.js`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALL_RULES } from '../src/core/analysis/rules/all-rules.ts';
import { renderRulesDoc } from '../src/core/analysis/rules/rules-doc.ts';

const docs = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs');
mkdirSync(docs, { recursive: true });
writeFileSync(join(docs, 'rules.md'), renderRulesDoc(ALL_RULES));
