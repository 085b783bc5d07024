import { eachResource, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import type { Resource } from '../../template.ts';
import { at, listAt, toBoolean, UNKNOWN } from '../../values.ts';

export const dataTrace: Rule = {
  id: 'apigateway-data-trace',
  title: 'An API writes no bodies to its log',
  severity: 'high',
  standards: ['GENSEC01-BP03', 'LLM02'],
  rationale: 'The data trace logs requests and responses whole: prompts, answers and credentials, in clear.',
  remediation: 'Leave `DataTraceEnabled` off; have an access log with fields that hold no content.',
  source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html',
  examine: eachResource(
    ['AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage', 'AWS::ApiGateway::Deployment'],
    (resource) =>
      settingsOf(resource).flatMap(({ path, value }): readonly Problem[] => {
        const isOn = value === UNKNOWN ? UNKNOWN : toBoolean(at(value, 'DataTraceEnabled'));
        if (isOn === UNKNOWN) return [unassessed(path, 'it is only known at deployment')];
        return isOn === true ? [fail(`${path}.DataTraceEnabled`, 'bodies are logged')] : [];
      }),
  ),
  guard: `let stages = Resources.*[ Type == 'AWS::ApiGateway::Stage' ]

rule apigateway_data_trace when %stages !empty {
  %stages.Properties {
    when MethodSettings exists {
      MethodSettings[*] {
        DataTraceEnabled not exists or DataTraceEnabled == false <<bodies are logged>>
      }
    }
  }
}
`,
};

function settingsOf({ type, properties }: Resource): readonly { readonly path: string; readonly value: unknown }[] {
  if (type === 'AWS::ApiGatewayV2::Stage') {
    return [{ path: 'DefaultRouteSettings', value: at(properties, 'DefaultRouteSettings') }];
  }
  const above = type === 'AWS::ApiGateway::Stage' ? properties : at(properties, 'StageDescription');
  const path = type === 'AWS::ApiGateway::Stage' ? 'MethodSettings' : 'StageDescription.MethodSettings';
  const settings = listAt(above, 'MethodSettings');
  if (settings === UNKNOWN) return [{ path, value: UNKNOWN }];
  return settings.map((value, index) => ({ path: `${path}.${index}`, value }));
}
