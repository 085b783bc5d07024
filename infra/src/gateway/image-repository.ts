import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';

export interface ImageRepositoryProps {
  /** What names begin with: `sallyport-prod`. The repository is `NAME/gateway`. */
  readonly name: string;
  /** ARN of the KMS key of what is stored; it cannot be changed later. Default: AES-256 of ECR's own. */
  readonly keyArn?: string;
}

/** Images kept; a roll-back wants a few. */
const KEPT = 20;

/** Where the gateway's image is: tags that are never moved, each image scanned as it comes. */
export class ImageRepository extends Construct {
  readonly repositoryName: string;

  constructor(scope: Construct, id: string, { name, keyArn }: ImageRepositoryProps) {
    super(scope, id);
    this.repositoryName = `${name}/gateway`;
    const repository = new CfnRepository(this, 'Repository', {
      repositoryName: this.repositoryName,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration:
        keyArn === undefined ? { encryptionType: 'AES256' } : { encryptionType: 'KMS', kmsKey: keyArn },
      lifecyclePolicy: {
        lifecyclePolicyText: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: `the last ${KEPT}`,
              selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: KEPT },
              action: { type: 'expire' },
            },
          ],
        }),
      },
    });
    repository.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
