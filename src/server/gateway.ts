import type { CredentialStore, KeyRing } from '../core/index.ts';
import { createLogger, createMetrics } from '../telemetry/index.ts';
import { keepEmf } from './emf.ts';
import { type Demo, prepareDemoCredentials, writeDemo } from './first-run.ts';
import { warmUpSoon } from './guarding/guardrail-parts.ts';
import { keepCertificates } from './http/port-certificates.ts';
import { type Closers, closeAll, type Opening, openService, takeDataDirectory } from './open-service.ts';
import { type Addresses, createPorts, type PortsOptions } from './ports.ts';
import { createSetupAuthorizer, loadSetup, type Setup, type SetupOptions } from './setup.ts';
import { StartError } from './start-error.ts';
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

/** Starts a gateway. Throws a `StartError` or `ConfigError` fit for the operator where it cannot. */
export async function startGateway({ logDestination = 2, ...options }: GatewayOptions = {}): Promise<Gateway> {
  const setup = await loadSetup(options);
  const { kind } = setup.config.frontDoor;
  if (kind !== 'port')
    throw new StartError(`\`frontDoor.kind\` is \`${kind}\`, which AWS Lambda serves: there is no port to open`);
  const authorizer = createSetupAuthorizer(setup);
  const logger = createLogger({ destination: logDestination });
  const emf = keepEmf(setup.config);
  const metrics = await createMetrics(emf.sinks);
  const closers: Closers = [() => logger.close(), () => emf.close()];
  const close = () => closeAll(closers);
  try {
    await takeDataDirectory(setup, closers);
    return { ...(await open({ ...setup, authorizer, logger, metrics }, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(setup: Opening & Pick<PortsOptions, 'metrics'>, closers: Closers): Promise<Omit<Gateway, 'close'>> {
  const { config, logger, metrics } = setup;
  const service = await openService(setup, closers);
  const certificates = await keepCertificates(config, logger);
  closers.push(() => certificates.close());
  const ports = createPorts({ ...service, metrics, certificates });
  closers.push(() => ports.close());
  const addresses = await ports.listen(setup);
  if (config.guardrails.length > 0) closers.push(warmUpSoon());
  const demo = setup.isDemo ? await announceDemo(setup, addresses, service) : undefined;
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
  const { environment, region, models, tenants, guardrails } = config;
  const [guardrail] = guardrails;
  const [{ name: tenant = '', principals = [] } = {}] = tenants;
  const owners = { tenant, principals: principals.map(({ name }) => name) };
  const demo: Demo = {
    ...addresses,
    region,
    tenant,
    models: models.map(({ id }) => id),
    ...(guardrail === undefined ? {} : { guardrail: { id: guardrail.id, version: guardrail.version } }),
    principals: await prepareDemoCredentials(directory, owners, { ...stores, clock: systemClock, environment }),
  };
  await writeDemo(directory, demo);
  return { ...demo, file: directory.demoFile };
}
