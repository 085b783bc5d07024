import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import { toText } from '../../values.ts';

export const converseBlindFilter: Rule = {
  id: 'logs-converse-blind-filter',
  title: 'A filter of the invocation log sees Converse too',
  severity: 'high',
  standards: ['GENSEC01-BP04', 'GENSEC03-BP01', 'GENOPS02-BP02'],
  rationale:
    'The log names the operation that was called. A filter for `InvokeModel` sees nothing of Converse, by which most ' +
    'clients call today; published examples have this.',
  remediation: 'Match `InvokeModel*` and `Converse*`, or do not match the operation.',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  examine: eachResource(['AWS::Logs::MetricFilter', 'AWS::Logs::SubscriptionFilter'], ({ properties }) => {
    const pattern = toText(properties.FilterPattern);
    if (pattern === undefined) return [unassessed('FilterPattern', 'the pattern is computed')];
    const isBlind = /Invoke\w*Model|InvokeModel/.test(pattern) && !/Converse/.test(pattern);
    return isBlind ? [fail('FilterPattern', 'calls by Converse are not seen')] : [];
  }),
  guard: `let filters = Resources.*[ Type in ['AWS::Logs::MetricFilter', 'AWS::Logs::SubscriptionFilter'] ]

rule logs_converse_blind_filter when %filters !empty {
  %filters.Properties {
    when FilterPattern == /InvokeModel/ {
      FilterPattern == /Converse/ <<calls by Converse are not seen>>
    }
  }
}
`,
};
