import { Annotations, Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src/config/index.ts';
import { Alarms } from '../alarms/alarms.ts';
import { CostBudget } from '../alarms/cost-budget.ts';
import { steps } from '../workflow/definition.ts';
import { ownModelStatements } from './gateway-access.ts';
import { readPublished, toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** Above so many tenants nobody would look at alarms of each, and a stack would not take them. */
const MOST_TENANTS = 50;

/** What people are woken by, through the topic of alarms. Throws a `ConfigError` for tenants that there are not. */
export class AlarmsStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, 'alarms', { settings, description: 'Sallyport: what people are woken by' });
    const { config, deploy, prefix } = settings;
    const { emf } = config.telemetry;
    if (emf === undefined) {
      Annotations.of(this).addWarningV2(
        'sallyport:no-metrics',
        '`telemetry.emf` is missing: the gateway tells CloudWatch no metrics, and nothing is watched by tenant.',
      );
    }
    const topic = readPublished(this, settings, 'alarms/topic');
    const bedrock = config.providers.flatMap(({ name, kind }) => (kind === 'bedrock' ? [name] : []));
    const { iamApi } = deploy.function ?? {};
    const apis = deploy.function === undefined ? [] : [prefix, ...(iamApi === true ? [`${prefix}-iam`] : [])];
    new Alarms(this, 'Alarms', {
      prefix,
      topics: [topic],
      ...(emf === undefined ? {} : { namespace: emf.namespace }),
      apis,
      loadBalancers: deploy.service === undefined ? [] : [readPublished(this, settings, 'service/load-balancer')],
      functions: [
        ...apis.map((api) => api.replace(prefix, `${prefix}-gateway`)),
        ...(config.workflow === undefined ? [] : steps.map((step) => `${prefix}-workflow-${step}`)),
      ],
      stateMachines: config.workflow?.stateMachines.map(({ arn }) => arn) ?? [],
      models: config.models.flatMap(({ provider, providerModelId }) =>
        bedrock.includes(provider) ? [providerModelId] : [],
      ),
      tenants: toTenants(settings),
      sequencerLog: `/aws/lambda/${prefix}-sequencer`,
      ...(deploy.invocationLogging?.mode === 'create'
        ? { invocations: { logGroupName: `${toParameters(settings)}/invocations`, roles: toCallers(settings) } }
        : {}),
      others: emf === undefined ? [] : [`${prefix}-record-unavailable`],
    });
    const { monthlyUsd } = deploy.alarms;
    if (monthlyUsd !== undefined) new CostBudget(this, 'Budget', { name: prefix, monthlyUsd, topic });
  }
}

/** What the ARNs of sessions that call models begin with. */
function toCallers(settings: Settings): readonly string[] {
  const { prefix } = settings;
  const own = ownModelStatements(settings).length === 0 ? [] : ['gateway/', 'workflow-invoke/'];
  return ['tenant-', 'pool-', ...own].map(
    (role) => `arn:${Aws.PARTITION}:sts::${Aws.ACCOUNT_ID}:assumed-role/${prefix}-${role}`,
  );
}

function toTenants({ config, deploy }: Settings): readonly string[] {
  const known = config.tenants.map(({ name }) => name);
  const { tenants = known } = deploy.alarms;
  const strangers = tenants.filter((name) => !known.some((one) => one === name));
  const problems = strangers.map((name) => `\`deploy.alarms.tenants\`: there is no tenant \`${name}\``);
  if (tenants.length > MOST_TENANTS) {
    problems.push(
      `${tenants.length} tenants, of which ${MOST_TENANTS} can be watched: name them in \`deploy.alarms.tenants\``,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return tenants;
}
