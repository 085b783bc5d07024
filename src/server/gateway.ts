import type { Authorizer, CredentialStore, KeyRing } from '../core/index.ts';
import { createDocumentReader } from '../documents/index.ts';
import { openState } from '../state/index.ts';
import { createLogger, createMetrics, type Logger, type Metrics } from '../telemetry/index.ts';
import { createDataDirectory, lockDataDirectory } from './data-directory.ts';
import { keepEmf } from './emf.ts';
import { type Demo, prepareDemoCredentials, writeDemo } from './first-run.ts';
import { keepCertificates } from './http/port-certificates.ts';
import { openKeyRing, readKeyRingSource } from './key-ring.ts';
import { type Addresses, createPorts } from './ports.ts';
import { createProviders } from './providers.ts';
import { openRecord } from './sequencing/open-record.ts';
import { createSetupAuthorizer, loadSetup, type Setup, type SetupOptions } from './setup.ts';
import { opening } from './start-error.ts';
import { systemClock } from './system-clock.ts';

/** A running gateway. */
export interface Gateway extends Addresses {
  /** Of the demo only. */
  readonly demo: (Demo & { readonly file: string }) | undefined;
  /** Lets requests under way finish, for as long as the configuration says, then flushes the journal. */
  close(): Promise<void>;
  /** Reads the certificates again; what came of it is logged. */
  renewCertificates(): Promise<void>;
}

export interface GatewayOptions extends SetupOptions {
  /** Where log lines go: a file descriptor or a path. Standard error unless given. */
  readonly logDestination?: number | string;
}

/** What to undo, in reverse order. */
type Closers = (() => Promise<void> | void)[];

/** Starts a gateway. Throws a `StartError` or `ConfigError` fit for the operator where it cannot. */
export async function startGateway({ logDestination = 2, ...options }: GatewayOptions = {}): Promise<Gateway> {
  const setup = await loadSetup(options);
  const authorizer = createSetupAuthorizer(setup);
  await createDataDirectory(setup.directory);
  const logger = createLogger({ destination: logDestination });
  const emf = keepEmf(setup.config);
  const metrics = await createMetrics(emf.sinks);
  const lock = lockDataDirectory(setup.directory);
  const closers: Closers = [() => lock.release(), () => logger.close(), () => emf.close()];
  const close = async () => {
    const failures: unknown[] = [];
    // One that fails must not keep the rest from closing, the directory's lock least of all.
    for (const closer of closers.splice(0).reverse()) {
      try {
        await closer();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the gateway did not close in order');
  };
  try {
    return { ...(await open({ ...setup, authorizer, logger, metrics }, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Opening extends Setup {
  readonly authorizer: Authorizer;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

async function open(setup: Opening, closers: Closers): Promise<Omit<Gateway, 'close'>> {
  const { config, directory, authorizer, logger, metrics } = setup;
  const keyRingSource = await readKeyRingSource(config, directory);
  const keyRing = await openKeyRing(keyRingSource);
  const state = await opening('the state', () => openState({ file: directory.stateFile, keyRing }));
  closers.push(() => state.close());
  const { credentials } = state;
  const record = await openRecord({
    config,
    policyVersion: authorizer.version,
    directory,
    keyRing,
    keyRingSource,
    state,
    logger,
  });
  closers.push(() => record.close());
  const { journal, receipts, state: recordState } = record;
  metrics.watchRecord(recordState);
  const providers = await createProviders(config);
  closers.push(async () => {
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  });
  const documents = createDocumentReader();
  closers.push(async () => documents[Symbol.asyncDispose]());
  const certificates = await keepCertificates(config, logger);
  closers.push(() => certificates.close());
  const stores = { credentials, keyRing };
  const ports = createPorts({
    config,
    authorizer,
    ...stores,
    journal,
    receipts,
    recordState,
    providers,
    documents,
    logger,
    metrics,
    certificates,
  });
  closers.push(() => ports.close());
  const addresses = await ports.listen(setup);
  const demo = setup.isDemo ? await announceDemo(setup, addresses, stores) : undefined;
  logger.info('started', addresses);
  closers.push(() => logger.info('stopping'));
  return { ...addresses, demo, renewCertificates: () => certificates.renew() };
}

/** Makes the demo callable: its credentials, and the file that tells them. */
async function announceDemo(
  { config, directory }: Setup,
  addresses: Addresses,
  stores: { readonly credentials: CredentialStore; readonly keyRing: KeyRing },
): Promise<Demo & { readonly file: string }> {
  const { environment, region, models, tenants } = config;
  const [{ name: tenant = '', principals = [] } = {}] = tenants;
  const owners = { tenant, principals: principals.map(({ name }) => name) };
  const demo: Demo = {
    ...addresses,
    region,
    tenant,
    models: models.map(({ id }) => id),
    principals: await prepareDemoCredentials(directory, owners, { ...stores, clock: systemClock, environment }),
  };
  await writeDemo(directory, demo);
  return { ...demo, file: directory.demoFile };
}
