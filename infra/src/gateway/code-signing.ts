import { CfnCodeSigningConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnSigningProfile } from 'aws-cdk-lib/aws-signer';
import { Construct } from 'constructs';

export interface CodeSigningProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  /** Months that a signature holds, 1 to 135; 135 unless told. Functions run on when it ends, and take no such code again. */
  readonly months?: number;
}

/**
 * Functions with this configuration take code and layers that the profile has signed, and nothing else: what was not, was
 * changed since, or whose signature was revoked is refused when it is deployed (AWS Lambda guide, "Using code signing").
 */
export class CodeSigning extends Construct {
  /** By ARN: what functions are given. */
  readonly configuration: string;
  /** Name of the profile, which `aws signer start-signing-job` takes. */
  readonly profileName: string;

  constructor(scope: Construct, id: string, { name, months = 135 }: CodeSigningProps) {
    super(scope, id);
    const profile = new CfnSigningProfile(this, 'Profile', {
      // A name that was once taken is taken for good, so that it is for AWS to choose.
      platformId: 'AWSLambda-SHA384-ECDSA',
      signatureValidityPeriod: { type: 'MONTHS', value: months },
    });
    const configuration = new CfnCodeSigningConfig(this, 'Configuration', {
      description: `${name}: code and layers that its profile signed, and no others`,
      allowedPublishers: { signingProfileVersionArns: [profile.attrProfileVersionArn] },
      codeSigningPolicies: { untrustedArtifactOnDeployment: 'Enforce' },
    });
    this.configuration = configuration.attrCodeSigningConfigArn;
    this.profileName = profile.attrProfileName;
  }
}
