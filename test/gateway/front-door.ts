import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoConfigText } from '../../src/config/index.ts';
import { parsePrincipalId, parseTenantId } from '../../src/core/index.ts';
import { createAccessKey, createApiKey } from '../../src/identity/index.ts';
import { type Demo, loadSetup, openAdministration } from '../../src/server/index.ts';
import { createLambdaHandler } from '../../src/server/lambda/handler.ts';
import { createLogger } from '../../src/telemetry/index.ts';
import { type DoorOptions, type LambdaDoor, startLambdaDoor } from '../../tools/lambda-door.ts';
import { startGatewayProcess } from './process.ts';

/** The front doors that the suites of clients go through. */
export const frontDoors = ['port', 'rest', 'alb'] as const;

/** A gateway behind one front door, with what is needed to call it. */
export interface FrontDoor extends AsyncDisposable {
  readonly demo: Pick<Demo, 'endpoint' | 'region' | 'models' | 'principals'>;
  /** Whether HTTP/2 is spoken there. */
  readonly speaksHttp2: boolean;
}

export async function startFrontDoor(kind: (typeof frontDoors)[number]): Promise<FrontDoor> {
  if (kind !== 'port') return startLambdaGateway({ door: `{ kind: ${kind} }`, kind });
  const gateway = await startGatewayProcess();
  return { demo: gateway.demo, speaksHttp2: true, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

type DoorSettings = Omit<DoorOptions, 'streams' | 'answers'>;

export interface LambdaGatewayOptions extends DoorSettings {
  /** What stands as `frontDoor` in the configuration. */
  readonly door: string;
  /** What else stands in it. */
  readonly more?: string;
}

export interface LambdaGateway extends FrontDoor {
  readonly lambdaDoor: LambdaDoor;
  readonly configFile: string;
  readonly dataDirectory: string;
  readonly logFile: string;
}

/** The handler in this process, with the demo's configuration, behind a server that plays its front door. */
export async function startLambdaGateway({
  door,
  more = '',
  ...settings
}: LambdaGatewayOptions): Promise<LambdaGateway> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-lambda-'));
  const configFile = join(directory, 'sallyport.yaml');
  writeFileSync(configFile, `${demoConfigText}\nfrontDoor: ${door}\n${more}`);
  const dataDirectory = join(directory, 'data');
  const setup = await loadSetup({ configFile, dataDirectory });
  const principals = await createPrincipals(configFile, dataDirectory);
  const logFile = join(directory, 'log');
  const metrics = {
    requestBegun: () => undefined,
    requestEnded: () => undefined,
    watchRecord: () => undefined,
    flush: () => undefined,
  };
  const handler = createLambdaHandler({ ...setup, logger: createLogger({ destination: logFile }), metrics });
  const lambdaDoor = await startLambdaDoor({
    ...settings,
    ...(handler.transfer === 'stream' ? { streams: handler.handle } : { answers: handler.handle }),
  });
  const models = setup.config.models.map(({ id }) => id);
  return {
    demo: { endpoint: lambdaDoor.endpoint, region: setup.config.region, models, principals },
    speaksHttp2: false,
    lambdaDoor,
    configFile,
    dataDirectory,
    logFile,
    async [Symbol.asyncDispose]() {
      await lambdaDoor.close();
      await lambdaDoor.idle();
      await handler.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function createPrincipals(configFile: string, dataDirectory: string): Promise<Demo['principals']> {
  await using administration = await openAdministration({ configFile, dataDirectory, absent: 'made' });
  const principals: Record<string, Demo['principals'][string]> = {};
  for (const name of ['developer', 'titanOnly']) {
    const owner = { tenant: parseTenantId('demo'), principal: parsePrincipalId(name) };
    const { credential, apiKey } = createApiKey({ ...owner, environment: 'demo' }, administration);
    const access = createAccessKey(owner, administration);
    await administration.credentials.create(credential);
    await administration.credentials.create(access.credential);
    const { accessKeyId, secretAccessKey } = access;
    principals[name] = { apiKey, accessKeyId, secretAccessKey };
  }
  return principals;
}
