import type { Stack } from 'aws-cdk-lib';
import { StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { DataClass } from '../keys/data-classes.data.ts';
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

/** ARNs of keys by their classes, as the stack of keys published them. */
export function keysOf(stack: Stack, settings: Pick<Settings, 'config'>): (of: DataClass) => string {
  return (of) => readPublished(stack, settings, `keys/${of}`);
}

/** Ids of subnets and of a security group, as the network's stack published them. */
export function readPublishedNetwork(
  stack: Stack,
  settings: Pick<Settings, 'config'>,
  group: 'functions' | 'gateway',
): FunctionNetwork {
  return {
    subnets: StringListParameter.valueForTypedListParameter(stack, `${toParameters(settings)}/network/subnets`),
    securityGroups: [readPublished(stack, settings, `network/security-groups/${group}`)],
  };
}
