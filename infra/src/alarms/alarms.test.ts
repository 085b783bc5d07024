import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { propertyOf, resourcesOf } from '../policy/resolved.suite.ts';
import { Alarms, type AlarmsProps } from './alarms.ts';
import { CostBudget } from './cost-budget.ts';
import { gatewayWatches } from './gateway-watches.ts';
import { matches } from './log-patterns.suite.ts';
import { interventionPattern, strangerPattern } from './log-watches.ts';
import { watchedFindings } from './tenant-anomalies.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:sallyport-prod-alarms';
const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:sallyport-prod-claims';
const ROLES = ['arn:aws:sts::111122223333:assumed-role/sallyport-prod-tenant-'];

const props: AlarmsProps = {
  prefix: 'sallyport-prod',
  topics: [TOPIC],
  namespace: 'Sallyport',
  apis: ['sallyport-prod'],
  loadBalancers: ['app/sallyport-prod/0a1b'],
  functions: ['sallyport-prod-gateway'],
  stateMachines: [MACHINE],
  models: ['amazon.nova-lite-v1:0'],
  tenants: ['bank', 'clinic'],
  sequencerLog: '/aws/lambda/sallyport-prod-sequencer',
  invocations: { logGroupName: '/sallyport/prod/invocations', roles: ROLES },
  others: ['sallyport-prod-record-unavailable'],
};

function synthesize(more: Partial<AlarmsProps> = {}): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Alarms', { env: { region: 'eu-central-1' } });
  new Alarms(stack, 'Alarms', { ...props, ...more });
  return Template.fromStack(stack);
}

const allOf = (template: Template, type: string) =>
  Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);

const template = synthesize();
const alarms = allOf(template, 'AWS::CloudWatch::Alarm');
const alarmOf = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `sallyport-prod-${name}`);

describe('alarms', () => {
  it('are these, and each tells the topic both ways, says what it means, and what it is without values', () => {
    expect(alarms.map(({ AlarmName }) => String(AlarmName).replace('sallyport-prod-', ''))).toEqual([
      ...['gateway-faults', 'provider-faults', 'gateway-silent', 'api-sallyport-prod-faults', 'load-balancer-faults'],
      ...['throttled-sallyport-prod-gateway', 'executions-failed-sallyport-prod-claims'],
      ...['quota-lambda', 'quota-kms', 'quota-model-amazon-nova-lite-v1-0'],
      ...['checkpoint-not-kept', 'guardrail-interventions', 'calls-past-the-gateway'],
      ...['bank', 'clinic'].flatMap((tenant) =>
        ['requests', 'denials', 'findings', 'tokens'].map((what) => `tenant-${tenant}-${what}`),
      ),
    ]);
    for (const alarm of alarms) {
      expect([alarm['AlarmActions'], alarm['OKActions']]).toEqual([[TOPIC], [TOPIC]]);
      expect(String(alarm['AlarmDescription']).length).toBeGreaterThan(30);
      expect(alarm['TreatMissingData']).toBe(alarm === alarmOf('gateway-silent') ? 'breaching' : 'notBreaching');
    }
    for (const { because } of gatewayWatches(props)) expect(because.length).toBeGreaterThan(20);
  });

  it('count faults whatever the outcome was: metrics without dimensions there are none of these', () => {
    const queries = propertyOf<readonly { MetricStat?: { Metric: object } }[]>(alarmOf('gateway-faults'), 'Metrics');
    expect(queries.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]))).toEqual(
      ['complete', 'blocked', 'refused', 'failed', 'interrupted'].map((Value) => ({
        Namespace: 'Sallyport',
        MetricName: 'GatewayFaults',
        Dimensions: [{ Name: 'outcome', Value }],
      })),
    );
  });

  it('look for quotas by what is used of them, calls by the second', () => {
    const [expression] = propertyOf<readonly { Expression?: string }[]>(alarmOf('quota-kms'), 'Metrics');
    expect(expression?.Expression).toBe('100 * (used / PERIOD(used)) / SERVICE_QUOTA(used)');
  });

  it('have one that stands for all that mean that callers are not served', () => {
    const [composite] = allOf(template, 'AWS::CloudWatch::CompositeAlarm');
    expect(String(composite?.['AlarmRule']).split(' OR ')).toEqual(
      ['gateway-faults', 'api-sallyport-prod-faults', 'load-balancer-faults', 'record-unavailable'].map(
        (name) => `ALARM("sallyport-prod-${name}")`,
      ),
    );
  });

  it('are without those of the gateway where it tells no metrics', () => {
    const { namespace: _, ...silent } = props;
    const stack = new Stack(new App({ analyticsReporting: false }), 'Alarms');
    new Alarms(stack, 'Alarms', { ...silent, others: [] });
    const names = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(names).not.toMatch(/tenant-bank|gateway-silent/);
    expect(names).toContain('not-serving');
  });
});

describe('what is unusual of a tenant', () => {
  it('is learnt by a detector with the very queries of the alarm, ten metrics at most', () => {
    const detectors = allOf(template, 'AWS::CloudWatch::AnomalyDetector');
    expect(detectors).toHaveLength(8);
    const learnt = detectors.map((one) =>
      JSON.stringify(propertyOf<{ MetricDataQueries: object }>(one, 'MetricMathAnomalyDetector').MetricDataQueries),
    );
    const unusual = alarms.filter(({ ThresholdMetricId }) => ThresholdMetricId === 'usual');
    expect(unusual).toHaveLength(8);
    for (const alarm of unusual) {
      const metrics = propertyOf<readonly { Id: string; MetricStat?: object }[]>(alarm, 'Metrics');
      expect(learnt).toContain(JSON.stringify(metrics.filter(({ Id }) => Id !== 'usual')));
      expect(metrics.filter(({ MetricStat }) => MetricStat !== undefined).length).toBeLessThanOrEqual(10);
      expect(alarm['ComparisonOperator']).toBe('GreaterThanUpperThreshold');
    }
  });

  it('counts what is found that is personal, by request', () => {
    const metrics = JSON.stringify(propertyOf(alarmOf('tenant-bank-findings'), 'Metrics'));
    for (const type of watchedFindings) expect(metrics).toContain(`Findings.${type}"`);
  });
});

/** Lines of Bedrock's log of calls, by operation (Amazon Bedrock guide, "Model invocation logging"). */
const line = (operation: string, outputBodyJson: object | readonly object[], arn = `${ROLES[0]}bank/gateway`) =>
  ({ schemaType: 'ModelInvocationLog', operation, identity: { arn }, output: { outputBodyJson } }) as never;

describe('the count of interventions', () => {
  it.each([
    ['InvokeModel', { 'amazon-bedrock-guardrailAction': 'INTERVENED' }],
    ['InvokeModelWithResponseStream', [{}, { 'amazon-bedrock-guardrailAction': 'INTERVENED' }]],
    ['Converse', { stopReason: 'guardrail_intervened' }],
    ['ConverseStream', [{ contentBlockDelta: {} }, { messageStop: { stopReason: 'guardrail_intervened' } }]],
  ])('sees those of %s', (operation, output) => {
    expect(matches(interventionPattern, line(operation, output))).toBe(true);
  });

  it.each([
    ['Converse', { stopReason: 'end_turn' }],
    ['ConverseStream', [{ messageStop: { stopReason: 'end_turn' } }]],
    ['InvokeModel', { 'amazon-bedrock-guardrailAction': 'NONE' }],
  ])('sees none where there was none, of %s', (operation, output) => {
    expect(matches(interventionPattern, line(operation, output))).toBe(false);
  });
});

describe('the count of calls past the gateway', () => {
  const pattern = strangerPattern(ROLES);

  it('sees a call of any operation by another role, and none of ours', () => {
    const by = (arn: string, operation = 'Converse') => matches(pattern, line(operation, {}, arn));
    expect(by('arn:aws:sts::111122223333:assumed-role/Developer/me')).toBe(true);
    expect(by('arn:aws:iam::111122223333:user/BedrockAPIKey-1', 'ConverseStream')).toBe(true);
    expect(by(`${ROLES[0]}bank/0a1b`)).toBe(false);
    const both = strangerPattern([...ROLES, 'arn:aws:sts::111122223333:assumed-role/sallyport-prod-gateway/']);
    const own = 'arn:aws:sts::111122223333:assumed-role/sallyport-prod-gateway/f';
    expect([matches(pattern, line('Converse', {}, own)), matches(both, line('Converse', {}, own))]).toEqual([
      true,
      false,
    ]);
  });

  it('is of the log groups that it names', () => {
    expect(allOf(template, 'AWS::Logs::MetricFilter').map(({ LogGroupName }) => LogGroupName)).toEqual([
      '/aws/lambda/sallyport-prod-sequencer',
      '/sallyport/prod/invocations',
      '/sallyport/prod/invocations',
    ]);
  });
});

describe('the budget', () => {
  it('is of the whole account, and told before it is spent', () => {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Budget');
    new CostBudget(stack, 'Budget', { name: 'sallyport-prod', monthlyUsd: 5_000, topic: TOPIC });
    const [budget] = allOf(Template.fromStack(stack), 'AWS::Budgets::Budget');
    expect(budget?.['Budget']).toEqual({
      BudgetName: 'sallyport-prod-eu-central-1',
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 5_000, Unit: 'USD' },
    });
    const told = propertyOf<readonly { Notification: { NotificationType: string; Threshold: number } }[]>(
      budget,
      'NotificationsWithSubscribers',
    );
    expect(told.map(({ Notification: { NotificationType, Threshold } }) => [NotificationType, Threshold])).toEqual([
      ['ACTUAL', 80],
      ['ACTUAL', 100],
      ['FORECASTED', 100],
    ]);
  });
});
