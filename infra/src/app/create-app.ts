import { App } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';

export interface AppOptions {
  readonly settings: Settings;
  /** Where the cloud assembly goes. */
  readonly outdir: string;
}

/** The stacks of one environment, in the order that they are deployed in. */
export function createApp({ outdir }: AppOptions): App {
  // The built-in validation takes seconds each time; `src/checks` says what it would, and more.
  return new App({ outdir, analyticsReporting: false, treeMetadata: false, builtinCloudFormationValidation: false });
}
