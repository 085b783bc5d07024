import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { CodeSigning } from '../gateway/code-signing.ts';
import { GatewayRole } from '../gateway/gateway-role.ts';
import { ImageRepository } from '../gateway/image-repository.ts';
import { gatewayStatements } from './gateway-access.ts';
import { keysOf, toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** What is there before the gateway runs: its role, which tenants' roles trust by its ARN, and where its image is. */
export class GatewayStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'gateway', { settings, description: "Sallyport: the gateway's role, and where its image is" });
    const { deploy, prefix } = settings;
    new GatewayRole(this, 'Role', {
      name: prefix,
      statements: gatewayStatements(settings, keysOf(this, settings)).map(({ Action, Resource, Condition }) => ({
        actions: Action,
        resources: [Resource].flat(),
        ...(Condition === undefined ? {} : { conditions: Condition }),
      })),
      functions: deploy.function === undefined ? [] : [`${prefix}-gateway*`],
    });
    if (deploy.service !== undefined) {
      new ImageRepository(this, 'Images', { name: prefix, keyArn: keysOf(this, settings)('images') });
    }
    if (deploy.codeSigning) this.#signCode(settings);
  }

  /** What signs code is there before what is of it: the profile's name is published for whoever signs. */
  #signCode(settings: Settings): void {
    const { configuration, profileName } = new CodeSigning(this, 'CodeSigning', { name: settings.prefix });
    for (const [name, value] of Object.entries({
      'code-signing': configuration,
      'code-signing/profile': profileName,
    })) {
      new CfnParameter(this, `Published-${name.replace('/', '-')}`, {
        name: `${toParameters(settings)}/${name}`,
        type: 'String',
        value,
      });
    }
  }
}
