import type { Construct } from 'constructs';
import { GatewayRole } from '../gateway/gateway-role.ts';
import { ImageRepository } from '../gateway/image-repository.ts';
import { gatewayStatements } from './gateway-access.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** What is there before the gateway runs: its role, which tenants' roles trust by its ARN, and where its image is. */
export class GatewayStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'gateway', { settings, description: "Sallyport: the gateway's role, and where its image is" });
    const { deploy, prefix } = settings;
    new GatewayRole(this, 'Role', {
      name: prefix,
      statements: gatewayStatements(this, settings).map(({ Action, Resource, Condition }) => ({
        actions: Action,
        resources: [Resource].flat(),
        ...(Condition === undefined ? {} : { conditions: Condition }),
      })),
      functions: deploy.function === undefined ? [] : [`${prefix}-gateway*`],
    });
    if (deploy.service !== undefined) new ImageRepository(this, 'Images', { name: prefix });
  }
}
