import type { Stack } from 'aws-cdk-lib';
import { StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { FunctionNetwork } from '../record/sequencer.ts';
import type { Settings } from './settings.ts';

/** What names of an environment's parameters begin with. Each stack publishes there what others, and `sallyport.yaml`, name. */
export function toParameters({ config }: Pick<Settings, 'config'>): string {
  return `/sallyport/${config.environment}`;
}

/** What another stack published, read when this one is deployed: stacks are tied by names, not by exports. */
export function readPublished(stack: Stack, settings: Pick<Settings, 'config'>, name: string): string {
  return StringParameter.valueForStringParameter(stack, `${toParameters(settings)}/${name}`);
}

/** The network that functions are in. */
export interface PublishedNetwork extends FunctionNetwork {
  readonly vpc: string;
}

/** Ids of network, subnets and the functions' security group, as the network's stack published them. */
export function readPublishedNetwork(stack: Stack, settings: Pick<Settings, 'config'>): PublishedNetwork {
  return {
    vpc: readPublished(stack, settings, 'network/vpc'),
    subnets: StringListParameter.valueForTypedListParameter(stack, `${toParameters(settings)}/network/subnets`),
    securityGroups: [readPublished(stack, settings, 'network/security-groups/functions')],
  };
}
