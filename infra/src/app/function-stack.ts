import { hash } from 'node:crypto';
import { join } from 'node:path';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src/config/index.ts';
import { ApiFirewall } from '../gateway/api-firewall.ts';
import { ApiLogsRole } from '../gateway/api-logs-role.ts';
import { GatewayFunction } from '../gateway/gateway-function.ts';
import { PrivateRestApi, type PrivateRestApiProps } from '../gateway/private-rest-api.ts';
import type { RestTransfer } from '../gateway/rest-transfer.data.ts';
import { type CodeSource, createBundle, createConfigurationLayer, toSource } from './code.ts';
import { IAM_CONFIGURATION, renderDoors } from './door-configurations.ts';
import { readPublished, readPublishedNetwork, toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

type FunctionSettings = NonNullable<Settings['deploy']['function']>;

export interface FunctionStackProps {
  readonly settings: Settings;
  readonly code: CodeSource;
  /** A directory with `sallyport.yaml` and the files that it names. */
  readonly configuration: string;
  /** Where the configuration as each front door reads it is written. */
  readonly outdir: string;
}

interface Door {
  /** What its names end with, and its parameter. */
  readonly suffix: '' | '-iam';
  readonly file: string;
  readonly transfer: RestTransfer;
  readonly iam?: NonNullable<PrivateRestApiProps['iam']>;
}

/** The function's front door: a private REST API, and another for callers who sign for it. Throws a `ConfigError` for what does not go. */
export class FunctionStack extends SallyportStack {
  constructor(scope: Construct, props: FunctionStackProps, made: FunctionSettings) {
    const { settings, configuration, outdir } = props;
    super(scope, 'function', {
      settings,
      description: 'Sallyport: the gateway as a function behind a private REST API',
    });
    refuseUnfit(props, made);
    const { prefix } = settings;
    const source = toSource(settings, props.code);
    const directory = join(outdir, 'configuration-function');
    if (source === 'assets') renderDoors(join(configuration, 'sallyport.yaml'), { directory, hasIam: made.iamApi });
    const code = createBundle(this, source, made.architecture);
    const layer = createConfigurationLayer(this, source, directory);
    const key = (of: string) => readPublished(this, settings, `keys/${of}`);
    const network = readPublishedNetwork(this, settings, 'gateway');
    const firewall = new ApiFirewall(this, 'Firewall', { name: prefix, requestsPerMinute: made.requestsPerMinute });
    const logs = made.apiLogsRole === 'create' ? new ApiLogsRole(this, 'ApiLogs', { name: prefix }) : undefined;
    for (const { suffix, file, transfer, iam } of toDoors(this, settings)) {
      const at = suffix === '' ? '' : 'Iam';
      const running = new GatewayFunction(this, `Function${at}`, {
        functionName: `${prefix}-gateway${suffix}`,
        roleName: `${prefix}-gateway`,
        code,
        layers: [layer],
        configuration: `/opt/${file}`,
        network,
        keys: { logs: key('logs'), environment: key('secrets') },
        architecture: made.architecture,
        memoryMiB: made.memoryMiB,
        transfer,
        logDays: made.logRetentionDays,
        ...(made.reservedConcurrency === undefined ? {} : { reservedConcurrency: made.reservedConcurrency }),
        ...(made.provisionedConcurrency === undefined
          ? {}
          : { provisioned: { concurrency: made.provisionedConcurrency, revision: this.#revision(made) } }),
        ...(settings.deploy.codeSigning ? { codeSigning: readPublished(this, settings, 'code-signing') } : {}),
      });
      const api = new PrivateRestApi(this, `Api${at}`, {
        name: `${prefix}${suffix}`,
        functionArn: running.invoked,
        endpointIds: [readPublished(this, settings, 'network/endpoints/execute-api')],
        transfer,
        throttle: made.throttle,
        firewall: firewall.arn,
        logKeyArn: key('logs'),
        logDays: made.logRetentionDays,
        ...(iam === undefined ? {} : { iam }),
      });
      if (logs !== undefined) api.stage.node.addDependency(logs.account);
      new CfnParameter(this, `Url${at}`, {
        name: `${toParameters(settings)}/function${suffix}/url`,
        type: 'String',
        value: api.url,
        description: 'Where applications call the gateway',
      });
    }
  }

  /** Tells one code, configuration and size of the function from another. */
  #revision(made: FunctionSettings): string {
    const assets = this.node.findAll().flatMap((one) => (one instanceof Asset ? [one.assetHash] : []));
    return hash('sha256', JSON.stringify([assets, made])).slice(0, 12);
  }
}

function toDoors(stack: FunctionStack, { config, deploy }: Settings): readonly Door[] {
  const { frontDoor } = config;
  const rest: Door = {
    suffix: '',
    file: 'sallyport.yaml',
    transfer: frontDoor.kind === 'rest' ? frontDoor.transfer : 'stream',
  };
  if (deploy.function?.iamApi !== true || frontDoor.kind !== 'rest-iam') return [rest];
  const callers = frontDoor.principals.flatMap(({ role }) =>
    'ssm' in role ? [StringParameter.valueForStringParameter(stack, role.ssm)] : [],
  );
  return [
    rest,
    {
      suffix: '-iam',
      file: IAM_CONFIGURATION,
      transfer: frontDoor.transfer,
      // Where one role is known at run time alone, API Gateway lets in whom IAM does, and the gateway refuses the others.
      iam: callers.length === frontDoor.principals.length ? { callers } : {},
    },
  ];
}

function refuseUnfit({ settings, code }: FunctionStackProps, made: FunctionSettings): void {
  const problems: string[] = [];
  if (made.iamApi && settings.config.frontDoor.kind !== 'rest-iam') {
    problems.push(
      '`deploy.function.iamApi` needs `frontDoor: { kind: rest-iam, principals: […] }`: whose sessions are who’s it says',
    );
  }
  if (made.provisionedConcurrency !== undefined && toSource(settings, code) === 'parameters') {
    problems.push(
      '`deploy.function.provisionedConcurrency` needs code that is known here: where parameters name it, another comes to no version',
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
