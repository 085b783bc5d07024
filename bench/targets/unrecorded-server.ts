// Sallyport as it is published, with a journal that keeps nothing: beside the real one, what the record costs. No
// configuration can do this; it is put together here, from the rooms of the release.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Journal } from '../../src/core/index.ts';

type Rooms = typeof import('../../src/documents/index.ts') &
  typeof import('../../src/server/ports.ts') &
  typeof import('../../src/server/providers.ts') &
  typeof import('../../src/server/setup.ts') &
  typeof import('../../src/state/index.ts') &
  typeof import('../../src/telemetry/index.ts');

const [, , release = '', configFile = '', dataDirectory = ''] = process.argv;

async function loadRooms(): Promise<Rooms> {
  const files = [
    'documents/index.js',
    'server/ports.js',
    'server/providers.js',
    'server/setup.js',
    'state/index.js',
    'telemetry/index.js',
  ];
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(release, file)).href)));
  return Object.assign({}, ...modules);
}

const nowhere: Journal = {
  append: () => Promise.resolve({ leafHash: new Uint8Array(32) }),
  isAvailable: () => true,
  close: () => Promise.resolve(),
};

const rooms = await loadRooms();
const setup = await rooms.loadSetup({ configFile, dataDirectory });
const keyRing = await rooms.createLocalKeyRing(setup.directory.keyFile);
const state = await rooms.openState({ file: setup.directory.stateFile, keyRing });
const ports = rooms.createPorts({
  guardrails: setup.guardrails,
  config: setup.config,
  authorizer: rooms.createSetupAuthorizer(setup),
  credentials: state.credentials,
  keyRing,
  journal: nowhere,
  receipts: { sign: () => Promise.resolve('') },
  recordState: () => ({ isJournalAvailable: true, isLogBehind: false, isLogWritten: true }),
  providers: await rooms.createProviders(setup.config),
  documents: rooms.createDocumentReader(),
  logger: rooms.createLogger({ destination: 2 }),
  metrics: await rooms.createMetrics(),
});
const { endpoint } = await ports.listen({ port: 0, adminPort: 0 });
process.stdout.write(`${JSON.stringify({ event: 'started', endpoint })}\n`);
process.once('SIGTERM', () => process.exit(0));
