import type { Watch } from './watch.ts';

/** What of a deployment is watched. */
export interface Watched {
  /** The namespace of the gateway's own metrics; undefined where it tells none. */
  readonly namespace?: string;
  /** Names of REST APIs. */
  readonly apis: readonly string[];
  /** Full names of load balancers, `app/NAME/ID`. */
  readonly loadBalancers: readonly string[];
  /** Names of functions that serve or do steps. */
  readonly functions: readonly string[];
  /** Names of state machines, by ARN. */
  readonly stateMachines: readonly string[];
  /** Ids of models as Bedrock knows them: what its own metrics have for a dimension. */
  readonly models: readonly string[];
}

const SILENT = 'CloudWatch has no value where nothing happened';

/** The alarms of a gateway that serves; those about its record are of the record's stack. */
export function gatewayWatches({ namespace, apis, loadBalancers, ...watched }: Watched): readonly Watch[] {
  return [
    ...(namespace === undefined ? [] : ownWatches(namespace)),
    ...apis.map((ApiName) => ({
      ...counted(
        `api-${ApiName}-faults`,
        `Callers of the API ${ApiName} get faults: the function's log, or where it cannot start, the API's.`,
      ),
      metric: { namespace: 'AWS/ApiGateway', name: '5XXError', dimensions: { ApiName }, statistic: 'Sum' as const },
    })),
    ...loadBalancers.map((LoadBalancer) => ({
      ...counted(
        'load-balancer-faults',
        'Callers get faults of the container; those of tasks that cannot start are counted here alone.',
      ),
      metric: {
        namespace: 'AWS/ApplicationELB',
        name: 'HTTPCode_Target_5XX_Count',
        dimensions: { LoadBalancer },
        statistic: 'Sum' as const,
      },
    })),
    ...watched.functions.map((FunctionName) => ({
      ...counted(
        `throttled-${FunctionName}`,
        `Function ${FunctionName} has no instance left: raise what is set aside for it, or the account's quota.`,
      ),
      metric: { namespace: 'AWS/Lambda', name: 'Throttles', dimensions: { FunctionName }, statistic: 'Sum' as const },
    })),
    ...watched.stateMachines.map((StateMachineArn) => ({
      ...counted(
        `executions-failed-${StateMachineArn.split(':').at(-1)}`,
        'Executions of a workflow end without a reply: the error has the code of a fault, `Sallyport.CODE`.',
      ),
      metric: {
        namespace: 'AWS/States',
        name: 'ExecutionsFailed',
        dimensions: { StateMachineArn },
        statistic: 'Sum' as const,
      },
    })),
    ...quotaWatches(watched.models),
  ];
}

function ownWatches(namespace: string): readonly Watch[] {
  const outcome = (value: string) => ({ namespace, dimensions: { outcome: value }, statistic: 'Sum' as const });
  const all = ['complete', 'blocked', 'refused', 'failed', 'interrupted'];
  const ids = (prefix: string) => all.map((_, at) => `FILL(${prefix}${at},0)`).join(' + ');
  const of = (prefix: string, name: string) =>
    Object.fromEntries(all.map((value, at) => [`${prefix}${at}`, { ...outcome(value), name }]));
  return [
    {
      ...counted('gateway-faults', "Requests end with a fault of the gateway's own; its log lines have the code."),
      metric: { expression: ids('g'), of: of('g', 'GatewayFaults') },
    },
    {
      name: 'provider-faults',
      says: 'More than twenty requests in five minutes fail at the provider: its status, its quotas, the roles of tenants.',
      threshold: 20,
      periods: { of: 3, beyond: 2 },
      missing: 'notBreaching',
      because: SILENT,
      metric: { expression: ids('p'), of: of('p', 'ProviderFaults') },
    },
    {
      name: 'gateway-silent',
      says: 'The gateway tells no metrics: none runs, or its lines do not come to CloudWatch. Other alarms are blind then.',
      threshold: 1,
      isBelow: true,
      minutes: 15,
      periods: { of: 4, beyond: 4 },
      missing: 'breaching',
      because: 'silence is what it looks for; `RecordLag` is told by gateways and by the sequencer, each minute',
      metric: { namespace, name: 'RecordLag', dimensions: {}, statistic: 'SampleCount' },
    },
  ];
}

/** Quotas of the account, as CloudWatch counts what is used of them, and what Bedrock refused over them. */
function quotaWatches(models: readonly string[]): readonly Watch[] {
  const used = (Service: string, Resource: string, Type: 'Resource' | 'API') => ({
    namespace: 'AWS/Usage',
    name: Type === 'API' ? 'CallCount' : 'ResourceCount',
    dimensions: { Service, Resource, Type, Class: 'None' },
    statistic: Type === 'API' ? ('Sum' as const) : ('Maximum' as const),
  });
  const share = (name: string, says: string, metric: ReturnType<typeof used>, perSecond: boolean): Watch => ({
    name,
    says,
    threshold: 80,
    periods: { of: 3, beyond: 2 },
    missing: 'notBreaching',
    because: SILENT,
    metric: {
      // Calls are counted by period, and their quota is of a second.
      expression: perSecond ? '100 * (used / PERIOD(used)) / SERVICE_QUOTA(used)' : '100 * used / SERVICE_QUOTA(used)',
      of: { used: metric },
    },
  });
  return [
    share(
      'quota-lambda',
      'Functions take four fifths of the instances that the account may have at once.',
      used('Lambda', 'ConcurrentExecutions', 'Resource'),
      false,
    ),
    share(
      'quota-kms',
      'Calls of KMS come to four fifths of what the account may make in a second: record keys are opened more than usual.',
      used('KMS', 'CryptographicOperationsSymmetric', 'API'),
      true,
    ),
    ...models.map((ModelId) => ({
      ...counted(
        `quota-model-${toName(ModelId)}`,
        `Bedrock refuses calls of ${ModelId} over its quota of requests or tokens in a minute: ask for more, or spread the load.`,
      ),
      metric: {
        namespace: 'AWS/Bedrock',
        name: 'InvocationThrottles',
        dimensions: { ModelId },
        statistic: 'Sum' as const,
      },
    })),
  ];
}

function counted(name: string, says: string) {
  return { name, says, threshold: 0, missing: 'notBreaching', because: SILENT } as const;
}

function toName(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9-]+/g, '-');
}
