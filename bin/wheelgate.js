#!/usr/bin/env node
// Starts Wheelgate. In a checkout the sources are compiled first when they changed; an installed package ships dist/.
import { existsSync } from 'node:fs';

const builder = new URL('../scripts/build.js', import.meta.url);
if (existsSync(builder)) {
  const { build, isFresh } = await import(builder.href);
  if (!isFresh()) build();
}
await import(new URL('../dist/main.js', import.meta.url).href);
