import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { EXIT } from './cli/exit-code.ts';
import { runCli } from './cli/main.ts';
import type { CommonFlags, Program, ServeFlags } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';
import type { Config } from './config.ts';
import { isConfigured, UNCONFIGURED } from './config-presence.ts';

// Every part is loaded by the command that needs it: `scan` starts without the server, `--help` without either.

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Commands have flags of their own beside those that configure: only the latter are settings. */
async function configOf({ config, data, policy, upstream, host, port, logLevel }: ServeFlags): Promise<Config> {
  const { readConfig } = await import('./config.ts');
  return readConfig({
    ...(config !== undefined && { config }),
    ...(data !== undefined && { data }),
    ...(policy !== undefined && { policy }),
    ...(upstream !== undefined && { upstream }),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(logLevel !== undefined && { log_level: logLevel }),
  });
}

/** How often a server started by `npm start` looks whether npm is still there. */
const LOOK_FOR_NPM_MS = 500;

/** Resolves on SIGINT or SIGTERM. A killed npm passes no signal on: then its server, left alone, must end by itself. */
async function untilAsked(): Promise<void> {
  const { npmParentPid } = await import('./config.ts');
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    const parent = npmParentPid();
    if (parent === undefined) return;
    setInterval(() => process.ppid !== parent && resolve(), LOOK_FOR_NPM_MS).unref();
  });
}

/** Reading the address loads the configuration's schemas: nothing is read while there is none. */
async function remoteGate() {
  if (!isConfigured({})) return undefined;
  const { readRemoteGate } = await import('./config.ts');
  return readRemoteGate();
}

const program: Program = {
  async serve(flags, announce) {
    const config = await configOf(flags);
    const { chooseUpstreams } = await import('./app/choose-upstreams.ts');
    const { startServer } = await import('./app/serve.ts');
    const server = await startServer(config, chooseUpstreams(config), version);
    announce(server.welcome);
    await untilAsked();
    await server.stop();
    return EXIT.clean;
  },

  async openScanner(flags, options) {
    const config = await configOf(flags);
    const { openLocalScanner } = await import('./app/local-scanner.ts');
    const database = join(config.data, 'wheelgate.db');
    return openLocalScanner(config, existsSync(database) ? database : undefined, options);
  },

  async openDiffer(flags, options) {
    const config = await configOf(flags);
    const { openLocalDiffer } = await import('./app/local-differ.ts');
    const database = join(config.data, 'wheelgate.db');
    return openLocalDiffer(config, existsSync(database) ? database : undefined, options);
  },

  async openAuditor(flags: CommonFlags) {
    // An audit is over before optimised code pays for itself: V8 would spend a third of its time on making it.
    setFlagsFromString('--interrupt-budget=600000');
    const config = isConfigured(flags) ? await configOf(flags) : UNCONFIGURED;
    const { openLocalAuditor } = await import('./app/local-auditor.ts');
    const database = join(config.data, 'wheelgate.db');
    const remote = flags.data === undefined ? await remoteGate() : undefined;
    return openLocalAuditor(config, existsSync(database) ? database : undefined, remote !== undefined, async () => {
      const { linkLocalGate, linkRemoteGate } = await import('./app/gate-link.ts');
      return remote === undefined ? linkLocalGate(await configOf(flags)) : linkRemoteGate(remote, version);
    });
  },

  async openLocker(flags, index, purpose) {
    const { readRemoteGate } = await import('./config.ts');
    const { createLocker } = await import('./app/local-locker.ts');
    const { openLoopbackGate, openOwnGate, openRemoteGate } = await import('./app/locker-gate.ts');
    // Who names a data folder means that one.
    const remote = flags.data === undefined ? readRemoteGate() : undefined;
    if (remote !== undefined) return createLocker(openRemoteGate({ ...remote, version }, index));
    const open = purpose === 'lock' ? openLoopbackGate : openOwnGate;
    return createLocker(await open(await configOf(flags), version, index));
  },

  async openAdopter(flags, index) {
    const { readRemoteGate } = await import('./config.ts');
    if (flags.data === undefined && readRemoteGate() !== undefined) {
      const { WheelgateError } = await import('./core/errors.ts');
      throw new WheelgateError(
        'USAGE',
        'a project is adopted on the machine of the gate, for adopting approves',
        'Run it there with --data, then lock against WHEELGATE_URL with `wheelgate lock`.',
      );
    }
    const { openLocalAdopter } = await import('./app/local-adopter.ts');
    return openLocalAdopter(await configOf(flags), version, index);
  },

  async openGate(flags: CommonFlags) {
    const { openLocalGate } = await import('./app/local-gate.ts');
    return openLocalGate(await configOf(flags));
  },

  async openSharedReviews(flags) {
    const { openLocalSharedReviews } = await import('./app/local-shared-reviews.ts');
    return openLocalSharedReviews(await configOf(flags));
  },

  async makeSharingKey(path) {
    const { makeSharingKey } = await import('./app/local-shared-reviews.ts');
    return makeSharingKey(path);
  },

  async openNotifier(flags) {
    const { openLocalNotifier } = await import('./app/local-notifier.ts');
    return openLocalNotifier(await configOf(flags));
  },

  async openReporter(flags) {
    const { openMalwareReporter } = await import('./app/malware-reporter.ts');
    return openMalwareReporter(await configOf(flags));
  },

  async openApi(flags: CommonFlags) {
    const { readRemoteGate } = await import('./config.ts');
    // Who names a data folder means that one.
    const remote = flags.data === undefined ? readRemoteGate() : undefined;
    if (remote === undefined) {
      const { openLocalApi } = await import('./app/local-api.ts');
      return openLocalApi(await configOf(flags), version);
    }
    const { createApiClient } = await import('./cli/api-client.ts');
    return createApiClient({ ...remote, version });
  },

  async checkPolicy(path) {
    const { reportPolicy } = await import('./app/policy-report.ts');
    return reportPolicy(path);
  },

  async testPolicy(path) {
    const { testPolicy } = await import('./app/policy-report.ts');
    return testPolicy(path);
  },

  async replayPolicy(flags, path, since) {
    const { replayPolicy } = await import('./app/replay-report.ts');
    return replayPolicy(await configOf(flags), path, since);
  },

  async doctor(flags) {
    const { examine } = await import('./app/doctor.ts');
    return examine(await configOf(flags));
  },

  async drill() {
    const { runDrill } = await import('./app/drill.ts');
    return runDrill(version);
  },

  async demo(say) {
    const { runDemo } = await import('./app/demo/run-demo.ts');
    return runDemo(say, version);
  },

  async saveToken(host, token) {
    const { saveToken } = await import('./app/save-token.ts');
    return saveToken(host, token);
  },

  async indexUrl(flags, index) {
    const { readRemoteGate } = await import('./config.ts');
    // Who names a data folder or a configuration means that one.
    const remote = flags.data === undefined && flags.config === undefined ? readRemoteGate() : undefined;
    const { host, port, public_url } = await configOf(flags);
    const { hostInUrl } = await import('./gate/links.ts');
    const base = remote?.url ?? public_url?.replace(/\/$/, '') ?? `http://${hostInUrl(host)}:${port}`;
    return `${base}${index === undefined ? '' : `/${index}`}/simple/`;
  },
};

process.exitCode = await runCli(process.argv.slice(2), program, processTerminal(), version);
