import { eachResource, fail, type Rule, unassessed } from '../../rule.ts';
import { at, toBoolean, UNKNOWN } from '../../values.ts';

export const executionData: Rule = {
  id: 'states-execution-data',
  title: 'A workflow writes no input and output to its log',
  severity: 'high',
  standards: ['GENSEC01-BP03', 'LLM02'],
  rationale: 'With execution data the log has the input and output of every step: prompts and answers, unmasked.',
  remediation:
    'Set `IncludeExecutionData` to `false`, and pass pointers between steps: the history keeps what is passed.',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html',
  examine: eachResource(['AWS::StepFunctions::StateMachine'], ({ properties }) => {
    const path = 'LoggingConfiguration.IncludeExecutionData';
    const value = toBoolean(at(properties, 'LoggingConfiguration', 'IncludeExecutionData'));
    if (value === UNKNOWN) return [unassessed(path, 'it is only known at deployment')];
    return value === true ? [fail(path, 'the data of every step is logged')] : [];
  }),
  guard: `let machines = Resources.*[ Type == 'AWS::StepFunctions::StateMachine' ]

rule states_execution_data when %machines !empty {
  %machines.Properties {
    when LoggingConfiguration.IncludeExecutionData exists {
      LoggingConfiguration.IncludeExecutionData == false <<the data of every step is logged>>
    }
  }
}
`,
};
