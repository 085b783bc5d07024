import type { Construct } from 'constructs';
import { Keys } from '../keys/keys.ts';
import { toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** Keys by class of data, and who is told when one is to go. */
export class KeysStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'keys', { settings, description: 'Sallyport: a key for each class of data' });
    const { config, deploy, prefix } = settings;
    new Keys(this, 'Keys', {
      prefix,
      parameters: toParameters(settings),
      // Records of a tenant that is no more are read on.
      tenants: [...new Set([...config.tenants.map(({ name }) => name), ...deploy.record.formerTenants])],
      isMultiRegion: deploy.keys.multiRegion,
    });
  }
}
