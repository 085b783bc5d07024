import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { aws_bedrock as bedrock } from 'aws-cdk-lib';
import type { CfnGuardrailProps } from 'aws-cdk-lib/aws-bedrock';
import { Construct } from 'constructs';
import { parseGuardrailFile, toObserving } from './guardrail-file.ts';

export interface GuardrailProps {
  /** Path of a file with the JSON of a `CreateGuardrail` request. */
  readonly file: string;
  /** What stands before the file's `name`, such as `sallyport-prod-`. */
  readonly namePrefix: string;
  /** ARN of the KMS key, unless the file names one. */
  readonly kmsKeyArn: string;
  /** Whether it only finds, and stops nothing. Default: false. */
  readonly isObserving?: boolean;
}

/**
 * A guardrail of Bedrock with a version of it. Whatever changes in the file makes a new version, and what refers to
 * `version` goes over to it; `DRAFT`, which changes under whoever uses it, is never given out.
 *
 * Throws a `GuardrailFileError` at synthesis for a file that it cannot make a guardrail of.
 */
export class Guardrail extends Construct {
  readonly arn: string;
  readonly id: string;
  /** A number, as text. */
  readonly version: string;

  constructor(scope: Construct, id: string, { file, namePrefix, kmsKeyArn, isObserving = false }: GuardrailProps) {
    super(scope, id);
    const parsed = parseGuardrailFile(readFileSync(file, 'utf8'), file);
    const properties: CfnGuardrailProps = isObserving ? toObserving(parsed) : parsed;
    const guardrail = new bedrock.CfnGuardrail(this, 'Guardrail', {
      ...properties,
      name: `${namePrefix}${properties.name}${isObserving ? '-observing' : ''}`,
      kmsKeyArn: properties.kmsKeyArn ?? kmsKeyArn,
    });
    const digest = createHash('sha256').update(JSON.stringify(properties)).digest('hex');
    // A version is a copy of what the guardrail is at that moment: another description makes another copy.
    const version = new bedrock.CfnGuardrailVersion(this, 'Version', {
      guardrailIdentifier: guardrail.attrGuardrailId,
      description: `sha256 ${digest}`,
    });
    this.arn = guardrail.attrGuardrailArn;
    this.id = guardrail.attrGuardrailId;
    this.version = version.attrVersion;
  }
}
