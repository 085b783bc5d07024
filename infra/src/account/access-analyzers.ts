import { aws_accessanalyzer as accessanalyzer } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface AccessAnalyzersProps {
  readonly prefix: string;
  /** Whether unused access is looked for, which costs by roles and users a month. Default: true. */
  readonly findsUnused?: boolean;
  /** Days without use after which access counts as unused. Default: 90. */
  readonly unusedDays?: number;
}

/**
 * Access Analyzer of the account: what of it others can reach, and what of its permissions nobody uses.
 *
 * Source: IAM User Guide, "Using AWS Identity and Access Management Access Analyzer".
 */
export class AccessAnalyzers extends Construct {
  constructor(scope: Construct, id: string, { prefix, findsUnused = true, unusedDays = 90 }: AccessAnalyzersProps) {
    super(scope, id);
    new accessanalyzer.CfnAnalyzer(this, 'External', { analyzerName: `${prefix}-external`, type: 'ACCOUNT' });
    if (!findsUnused) return;
    new accessanalyzer.CfnAnalyzer(this, 'Unused', {
      analyzerName: `${prefix}-unused`,
      type: 'ACCOUNT_UNUSED_ACCESS',
      analyzerConfiguration: { unusedAccessConfiguration: { unusedAccessAge: unusedDays } },
    });
  }
}
