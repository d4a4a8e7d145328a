#!/usr/bin/env node
// Starts Wheelgate. In a checkout the sources are compiled first when they changed; an installed package ships dist/.
import { existsSync } from 'node:fs';

// Noted before the build, which takes seconds: whoever started us may be gone when it ends (npm passes no signal on).
process.env.WHEELGATE_PARENT_PID = String(process.ppid);

const builder = new URL('../scripts/build.js', import.meta.url);
if (existsSync(builder)) {
  const { build, isFresh } = await import(builder.href);
  if (!isFresh()) build();
}
await import(new URL('../dist/main.js', import.meta.url).href);
