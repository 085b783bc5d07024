import { App } from 'aws-cdk-lib';
import { BootstrapStack, QUALIFIER } from '../organization/bootstrap-stack.ts';
import { AlarmsStack } from './alarms-stack.ts';
import { BaselineStack } from './baseline-stack.ts';
import { BedrockStack } from './bedrock-stack.ts';
import type { CodeSource } from './code.ts';
import { FunctionStack } from './function-stack.ts';
import { GatewayStack } from './gateway-stack.ts';
import { KeysStack } from './keys-stack.ts';
import { NetworkStack } from './network-stack.ts';
import { OrganizationStack } from './organization-stack.ts';
import { RecordStack } from './record-stack.ts';
import { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import { createTenantsStacks } from './tenants-stack.ts';
import { VaultStack } from './vault-stack.ts';
import { VectorsStack } from './vectors-stack.ts';
import { WorkflowStack } from './workflow-stack.ts';

export interface AppOptions {
  readonly settings: Settings;
  /** Where the cloud assembly goes. */
  readonly outdir: string;
  /** A directory with the functions' `sallyport.yaml` and the files that it names. */
  readonly configuration: string;
  /** Where functions' code comes from; assets unless told. */
  readonly code?: CodeSource;
}

/** The stacks of one environment, in the order that they are deployed in. */
export function createApp({ settings, outdir, configuration, code = 'assets' }: AppOptions): App {
  const { vault, vectors, service, baseline, bootstrap, organization, guardrails, invocationLogging } = settings.deploy;
  const { function: lambda } = settings.deploy;
  const context = bootstrap === undefined ? {} : { '@aws-cdk/core:bootstrapQualifier': QUALIFIER };
  const app = new App({
    outdir,
    context,
    analyticsReporting: false,
    treeMetadata: false,
    // Takes seconds each time; `src/checks` says what it would, and more.
    builtinCloudFormationValidation: false,
  });
  if (bootstrap !== undefined) {
    const { account } = settings.deploy;
    const env = { region: settings.config.region, ...(account === undefined ? {} : { account }) };
    new BootstrapStack(app, 'Sallyport-bootstrap', {
      env,
      deployers: bootstrap.deployers,
      externalIds: externalIdsOf(settings),
    });
  }
  const keys = new KeysStack(app, settings);
  const gateway = new GatewayStack(app, settings);
  const network = new NetworkStack(app, settings);
  if (vault !== undefined) new VaultStack(app, settings, vault);
  const record = new RecordStack(app, { settings, code, configuration });
  const tenants = createTenantsStacks(app, settings);
  const after = vectors === undefined ? [] : [new VectorsStack(app, settings, vectors)];
  const { workflow } = settings.config;
  const front = [
    ...(workflow === undefined ? [] : [new WorkflowStack(app, { settings, code, configuration }, workflow)]),
    ...(service === undefined ? [] : [new ServiceStack(app, settings, service)]),
    ...(lambda === undefined ? [] : [new FunctionStack(app, { settings, code, configuration, outdir }, lambda)]),
  ];
  if (organization !== undefined) new OrganizationStack(app, settings, organization);
  const bedrock = guardrails.length > 0 || invocationLogging !== undefined ? [new BedrockStack(app, settings)] : [];
  const watching = [...bedrock, ...(baseline === undefined ? [] : [new BaselineStack(app, settings, baseline)])];
  for (const stack of watching) for (const needed of [keys, network]) stack.addStackDependency(needed);
  for (const stack of [gateway, network, record, ...after]) stack.addStackDependency(keys);
  for (const stack of [record, ...tenants, ...after]) stack.addStackDependency(network);
  record.addStackDependency(gateway);
  for (const stack of tenants) for (const needed of [gateway, ...bedrock]) stack.addStackDependency(needed);
  for (const stack of front) for (const needed of [gateway, record, ...tenants]) stack.addStackDependency(needed);
  const alarms = new AlarmsStack(app, settings);
  for (const needed of [keys, record, ...bedrock, ...front]) alarms.addStackDependency(needed);
  for (const stack of after) for (const needed of tenants) stack.addStackDependency(needed);
  return app;
}

/** Secrets that the trust of tenants' roles takes external ids from. */
function externalIdsOf({ config }: Settings): readonly string[] {
  const refs = config.providers.flatMap((provider) => {
    const ref = provider.kind === 'bedrock' ? provider.roles?.externalId : undefined;
    return ref !== undefined && 'secretsManager' in ref ? [ref.secretsManager] : [];
  });
  return [...new Set(refs)];
}
