import { aws_config as config } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { conformanceRules } from './conformance.data.ts';

export interface ConformancePackProps {
  /** What its name begins with, such as `sallyport-prod`. */
  readonly prefix: string;
}

/**
 * Rules of AWS Config that look whether the account still is as it was deployed. Config has to be recording; each rule
 * costs by what it looks at.
 *
 * Source: AWS Config Developer Guide, "List of AWS Config Managed Rules".
 */
export class ConformancePack extends Construct {
  constructor(scope: Construct, id: string, { prefix }: ConformancePackProps) {
    super(scope, id);
    new config.CfnConformancePack(this, 'Pack', {
      conformancePackName: prefix,
      templateBody: JSON.stringify({ Resources: Object.fromEntries(conformanceRules.map(toResource)) }),
    });
  }
}

function toResource({ identifier, parameters }: (typeof conformanceRules)[number]): readonly [string, object] {
  return [
    identifier
      .toLowerCase()
      .replace(/_?([a-z0-9]+)/g, (_, word: string) => word.replace(/^./, (first) => first.toUpperCase())),
    {
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ConfigRuleName: `sallyport-${identifier.toLowerCase().replaceAll('_', '-')}`,
        Source: { Owner: 'AWS', SourceIdentifier: identifier },
        ...(parameters === undefined ? {} : { InputParameters: parameters }),
      },
    },
  ];
}
