import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Diagnosis } from '../cli/program.ts';
import { type Config, pipEnvironment } from '../config.ts';
import { sayDuration } from '../core/duration.ts';
import { WheelgateError } from '../core/errors.ts';
import { withoutCredentials } from '../core/without-credentials.ts';
import { examineDiskBlobs } from '../io/blobs/disk-blobs.ts';
import { openPolicyFile } from '../io/policy/policy-file.ts';
import { openDataFolder } from '../io/store/data-folder.ts';
import { openSqliteStore } from '../io/store/sqlite-store.ts';
import { findClientIndexes } from '../io/upstream/client-indexes.ts';
import { chooseUpstreams, isOwnAddress, readText } from './choose-upstreams.ts';

/** Looks at everything that makes the gate fail or be gone round, and says what to do about each. Changes nothing. */
export async function examine(config: Config): Promise<readonly Diagnosis[]> {
  return [
    ...(await examinePolicy(config)),
    ...examineUpstreams(config),
    ...examineClients(config),
    ...(await examineData(config)),
  ];
}

async function examinePolicy(config: Config): Promise<readonly Diagnosis[]> {
  const { policy } = config;
  if (policy === undefined) return [{ level: 'ok', what: 'policy: preset "balanced" (no policy file is configured)' }];
  try {
    const file = await openPolicyFile(policy);
    return [
      {
        level: 'ok',
        what: `policy: ${policy} is valid (preset "${file.current().preset}", revision ${file.current().revision})`,
      },
    ];
  } catch (error) {
    return [problemOf(error)];
  }
}

function examineUpstreams(config: Config): readonly Diagnosis[] {
  try {
    const chosen = chooseUpstreams(config);
    return chosen.map(({ location, why }, i) => ({
      level: 'ok',
      what: `upstream ${i + 1}: ${withoutCredentials(location)} (${why})`,
    }));
  } catch (error) {
    return [problemOf(error)];
  }
}

/** Every index but this gate that an installer on this machine would use. */
function examineClients(config: Config): readonly Diagnosis[] {
  const { indexes, problems } = findClientIndexes({
    env: pipEnvironment(),
    readFile: readText,
    listFolder: (path) => (existsSync(path) ? readdirSync(path) : []),
    platform: process.platform,
    home: homedir(),
    cwd: process.cwd(),
  });
  const round = indexes.filter(({ location }) => !isOwnAddress(location, config));
  const throughGate = new Set(
    indexes.filter(({ location }) => isOwnAddress(location, config)).map(({ client }) => client),
  );
  return [
    ...problems.map(
      (problem): Diagnosis => ({
        level: 'warning',
        what: problem,
        remedy: 'Correct the file: a client may read it differently.',
      }),
    ),
    ...[...throughGate].map((client): Diagnosis => ({ level: 'ok', what: `${client} uses this gate` })),
    ...round.map(
      ({ client, location, why }): Diagnosis => ({
        level: 'warning',
        what: `${client} goes round the gate: ${location} (${why})`,
        remedy: `Remove it; \`wheelgate setup ${client}\` prints the right setting.`,
      }),
    ),
  ];
}

async function examineData(config: Config): Promise<readonly Diagnosis[]> {
  if (!existsSync(join(config.data, 'wheelgate.db'))) {
    return [{ level: 'note', what: `data: ${config.data} holds no gate yet`, remedy: '`wheelgate serve` creates it.' }];
  }
  try {
    const { databasePath, blobsRoot } = await openDataFolder(config.data);
    const store = await openSqliteStore(databasePath);
    try {
      const damage = store.findDamage();
      const log = await store.audit.verify();
      const blobs = await examineDiskBlobs(blobsRoot).verifyAll();
      const statuses = await store.advisories.statuses();
      const exploitation = await store.exploitation.statuses();
      return [
        damage.length === 0
          ? { level: 'ok', what: `database: ${databasePath} is sound` }
          : { level: 'problem', what: `database: ${damage[0]}`, remedy: 'Restore the data folder from a backup.' },
        log.ok
          ? { level: 'ok', what: `audit log: whole, ${log.head.seq} events` }
          : {
              level: 'problem',
              what: `audit log: changed at event ${log.seq}: ${log.what}`,
              remedy: 'Find out who can write the database.',
            },
        blobs.damaged.length === 0
          ? { level: 'ok', what: `files: ${blobs.checked} stored, every one has its digest` }
          : {
              level: 'problem',
              what: `files: ${blobs.damaged.length} of ${blobs.checked} are damaged, the first is ${blobs.damaged[0]}`,
              remedy: 'Delete them below blobs/: they are fetched again.',
            },
        ...statuses.flatMap(({ source, malware, vulnerabilities }) => [
          ...ageOf(`malware reports of ${source}`, malware?.asOf),
          ...ageOf(`vulnerabilities of ${source}`, vulnerabilities?.asOf),
        ]),
        // KEV has a new date only when something is listed; EPSS has one every day.
        ...exploitation.flatMap(({ feed, source, asOf }) => (feed === 'epss' ? ageOf(`EPSS of ${source}`, asOf) : [])),
        ...(config.feeds.urls.length === 0
          ? [
              {
                level: 'note',
                what: 'no advisory feed is configured',
                remedy: 'Set urls under [feeds] in wheelgate.toml, or run `wheelgate feeds import` from time to time.',
              } as const,
            ]
          : []),
      ];
    } finally {
      await store.close();
    }
  } catch (error) {
    return [problemOf(error)];
  }
}

/** Data is called old where the policy would call it so in `balanced`. */
const OLD_MS = 3 * 86_400_000;

function ageOf(what: string, asOf: string | undefined): readonly Diagnosis[] {
  if (asOf === undefined) return [];
  const age = Date.now() - Date.parse(asOf);
  const said = `${what}: newest of ${asOf.slice(0, 10)}`;
  return [age <= OLD_MS ? { level: 'ok', what: said } : { level: 'note', what: `${said}, ${sayDuration(age)} old` }];
}

function problemOf(error: unknown): Diagnosis {
  if (!(error instanceof WheelgateError)) throw error;
  return { level: 'problem', what: error.message, remedy: error.help };
}
