import { App } from 'aws-cdk-lib';
import type { CodeSource } from './code.ts';
import { KeysStack } from './keys-stack.ts';
import { RecordStack } from './record-stack.ts';
import type { Settings } from './settings.ts';
import { createTenantsStacks } from './tenants-stack.ts';
import { VaultStack } from './vault-stack.ts';
import { VectorsStack } from './vectors-stack.ts';

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
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  const { vault, vectors } = settings.deploy;
  const keys = new KeysStack(app, settings);
  if (vault !== undefined) new VaultStack(app, settings, vault);
  const record = new RecordStack(app, { settings, code, configuration });
  const tenants = createTenantsStacks(app, settings);
  const after = vectors === undefined ? [] : [new VectorsStack(app, settings, vectors)];
  for (const stack of [record, ...after]) stack.addStackDependency(keys);
  for (const stack of after) for (const needed of tenants) stack.addStackDependency(needed);
  return app;
}
