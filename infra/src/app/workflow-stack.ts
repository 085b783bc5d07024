import type { Construct } from 'constructs';
import { ConfigError } from '../../../src/config/index.ts';
import { recordStatements } from '../record/record-access.ts';
import { SanitizeWorkflow } from '../workflow/sanitize-workflow.ts';
import { type CodeSource, createBundle, createConfigurationLayer, toSource } from './code.ts';
import { gatewayStatements, toGatewayPlaces } from './gateway-access.ts';
import { keysOf, readPublished, readPublishedNetwork } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

type WorkflowSettings = NonNullable<Settings['config']['workflow']>;

export interface WorkflowStackProps {
  readonly settings: Settings;
  readonly code: CodeSource;
  /** A directory with `sallyport.yaml` and the files that it names. */
  readonly configuration: string;
}

/** The passage in steps. Throws a `ConfigError` for a state machine or a bucket that cannot be made here. */
export class WorkflowStack extends SallyportStack {
  constructor(scope: Construct, { settings, code, configuration }: WorkflowStackProps, workflow: WorkflowSettings) {
    super(scope, 'workflow', { settings, description: 'Sallyport: the passage as steps of a workflow' });
    const { deploy, prefix } = settings;
    refuseUnfit(settings, workflow);
    const source = toSource(settings, code);
    const key = keysOf(this, settings);
    const ofRecord = recordStatements('gateway', toGatewayPlaces(settings, key));
    new SanitizeWorkflow(this, 'Workflow', {
      prefix,
      bucket: { name: workflow.bucket, prefix: workflow.prefix, days: deploy.workflow.days },
      stateMachines: workflow.stateMachines.map(({ arn }) => arn.split(':').at(-1) ?? ''),
      code: createBundle(this, source, 'arm64'),
      layers: [createConfigurationLayer(this, source, configuration)],
      network: {
        ...readPublishedNetwork(this, settings, 'gateway'),
        vpc: readPublished(this, settings, 'network/vpc'),
      },
      keys: { workflow: key('workflow'), logs: key('logs'), environment: key('secrets') },
      statements: ofRecord,
      modelStatements: gatewayStatements(settings, key).slice(ofRecord.length),
      applications: deploy.workflow.applications,
      ...(deploy.codeSigning ? { codeSigning: readPublished(this, settings, 'code-signing') } : {}),
    });
  }
}

function refuseUnfit({ config, deploy, prefix }: Settings, workflow: WorkflowSettings): void {
  const problems = workflow.stateMachines.flatMap(({ arn }) => {
    const [, , , region, account, , name = ''] = arn.split(':');
    const isElsewhere = region !== config.region || (deploy.account !== undefined && account !== deploy.account);
    return [
      ...(isElsewhere ? [`\`workflow.stateMachines\`: ${arn} is of another account or Region`] : []),
      ...(name.startsWith(`${prefix}-`)
        ? []
        : [`\`workflow.stateMachines\`: the name of ${arn} has to begin with ${prefix}-`]),
    ];
  });
  if (workflow.bucket.startsWith('arn:')) {
    problems.push('`workflow.bucket` is an ARN: one that is made has a name');
  }
  if (workflow.region !== config.region) problems.push('`workflow.region` is not `region`, where all is made');
  if (problems.length > 0) throw new ConfigError(problems);
}
