import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { Guardrail } from '../bedrock/guardrail.ts';
import { InvocationLogging } from '../bedrock/invocation-logging.ts';
import { bedrockCallersStatement, ServiceKey } from '../keys/service-key.ts';
import { toAccountPlace } from './account-place.ts';
import { toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** Guardrails of files, published by name, and Bedrock's own log of calls. */
export class BedrockStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'bedrock', { settings, description: 'Sallyport: guardrails, and the log of model calls' });
    const { config, deploy, prefix } = settings;
    const { guardrails, invocationLogging } = deploy;
    if (guardrails.length > 0) {
      const { keyArn } = new ServiceKey(this, 'GuardrailsKey', {
        alias: `${prefix}-guardrails`,
        description: 'Guardrails of Bedrock',
        statements: [bedrockCallersStatement()],
      });
      for (const { name, file } of guardrails) {
        const made = new Guardrail(this, `Guardrail-${name}`, { file, namePrefix: `${prefix}-`, kmsKeyArn: keyArn });
        const { arn, version } = made;
        // `identifier` is what `bedrock:GuardrailIdentifier` of a call is, and what `deploy.tenants.guardrail` reads.
        for (const [what, value] of Object.entries({ arn, version, identifier: `${arn}:${version}` })) {
          new CfnParameter(this, `Published-${name}-${what}`, {
            name: `${toParameters(settings)}/guardrails/${name}/${what}`,
            type: 'String',
            value,
          });
        }
      }
    }
    if (invocationLogging === undefined) return;
    new InvocationLogging(this, 'InvocationLogging', {
      ...toAccountPlace(this, settings),
      mode: invocationLogging.mode,
      erasureDays: config.audit.backupDays,
    });
  }
}
