// The import rules of ARCHITECTURE.md, checked by `npm run boundaries`. Each rule tells whoever breaks it what to do.

/** Builds a rule: files under `from` may import under `src/` only what matches one of `allowed`. */
const onlyImports = (ring, allowed, comment) => ({
  name: `${ring}-imports`,
  severity: 'error',
  comment,
  from: { path: `^src/${ring}/`, pathNot: '[.]test[.]ts$' },
  to: { path: '^src/', pathNot: allowed },
});

export default {
  forbidden: [
    onlyImports('core', ['^src/core/'], 'core is pure and knows no other ring: pass what it needs as a parameter.'),
    onlyImports(
      'gate',
      ['^src/core/', '^src/gate/'],
      'gate tells the story of a request; what it needs from the world is an interface in gate/ports.ts.',
    ),
    onlyImports(
      'io',
      ['^src/core/', '^src/io/', '^src/gate/ports[.]ts$'],
      'io implements the ports; flows belong in gate.',
    ),
    onlyImports('api', ['^src/core/', '^src/api/'], 'api holds wire schemas over core types, nothing that runs.'),
    onlyImports(
      'server',
      ['^src/core/', '^src/gate/', '^src/api/', '^src/server/'],
      'server translates HTTP to gate calls; io reaches it through src/app.',
    ),
    onlyImports(
      'cli',
      ['^src/core/', '^src/api/', '^src/cli/'],
      'cli works on core and api; what a local command needs of the gate is handed in by main.ts.',
    ),
    {
      name: 'io-folders-are-apart',
      severity: 'error',
      comment: 'One io folder must not lean on another: share through core, or let src/app plug them together.',
      from: { path: '^src/io/([^/]+)/', pathNot: '[.]test[.]ts$' },
      to: { path: '^src/io/([^/]+)/', pathNot: '^src/io/$1/' },
    },
    {
      name: 'app-is-the-root',
      severity: 'error',
      comment: 'Only main.ts (and tests) start the application.',
      from: { path: '^src/', pathNot: ['^src/main[.]ts$', '^src/app/', '[.]test[.]ts$'] },
      to: { path: '^src/app/' },
    },
    {
      name: 'core-touches-no-world',
      severity: 'error',
      comment:
        'core may use node:crypto (hash), node:zlib, node:buffer, node:stream types and parsers; never network, disk or processes.',
      from: { path: '^src/core/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib|buffer|string_decoder|util)$' },
    },
    {
      name: 'outbound-http-only-in-io',
      severity: 'error',
      comment:
        'Outbound HTTP lives in io/upstream, io/feeds, io/notify, io/identity and cli/api-client.ts, where limits and allowed hosts are enforced.',
      from: {
        path: '^src/',
        pathNot: ['^src/io/(upstream|feeds|notify|identity)/', '^src/cli/api-client[.]ts$', '[.]test[.]ts$'],
      },
      to: { path: '(^|/)undici/' },
    },
    {
      name: 'identity-providers-only-in-io',
      severity: 'error',
      comment:
        'jose and openid-client fetch what they need: they live in io/identity, over its bounded fetch (ADR 0020).',
      from: { path: '^src/', pathNot: ['^src/io/identity/', '[.]test[.]ts$'] },
      to: { path: '(^|/)(jose|openid-client)/' },
    },
    {
      name: 'sql-only-in-store',
      severity: 'error',
      comment: 'SQL lives in io/store, so that both engines run the same tests.',
      from: { path: '^src/', pathNot: ['^src/io/store/', '[.]test[.]ts$'] },
      to: { path: '(^|/)(kysely|libsql|pg)/' },
    },
    {
      name: 'processes-only-in-sandbox-and-demo',
      severity: 'error',
      comment:
        'Nothing from a package is executed outside the sandbox; the demo and `doctor` start pip, never package code, through io/sandbox.',
      from: { path: '^src/', pathNot: ['^src/io/sandbox/', '[.]test[.]ts$'] },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Break the cycle by moving the shared part down.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      comment: 'Tests may import production code, never the other way round.',
      from: { path: '^src/', pathNot: '[.]test[.]ts$' },
      to: { path: '(^test/|[.]test[.]ts$)' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'This import leads nowhere.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
