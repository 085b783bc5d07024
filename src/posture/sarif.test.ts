import { describe, expect, it } from 'vitest';
import { assess, guardRules } from './assess.ts';
import { rules } from './rules/rules.ts';
import { toSarif } from './sarif.ts';
import { parseTemplate } from './template.ts';

const template = parseTemplate(
  JSON.stringify({
    Resources: {
      Guardrail: {
        Type: 'AWS::Bedrock::Guardrail',
        Properties: {
          SensitiveInformationPolicyConfig: {
            PiiEntitiesConfig: [
              { Type: 'EMAIL', Action: 'NONE' },
              { Type: 'NAME', Action: { Ref: 'P' } },
            ],
          },
        },
      },
      Machine: { Type: 'AWS::StepFunctions::StateMachine' },
    },
  }),
  'stack.template.json',
);

describe('results in SARIF', () => {
  it('have what fails as findings, what could not be assessed for review, and no pass', async () => {
    const sarif = JSON.parse(JSON.stringify(toSarif(await assess([template]), '1.2.3')));
    const [run] = sarif.runs;
    expect(run.tool.driver).toMatchObject({ name: 'sallyport', version: '1.2.3' });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['bedrock-guardrail-inert']);
    expect(run.results).toMatchObject([
      {
        ruleId: 'bedrock-guardrail-inert',
        ruleIndex: 0,
        kind: 'fail',
        level: 'error',
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'stack.template.json' }, region: { startLine: 1 } },
            logicalLocations: [
              { fullyQualifiedName: 'Guardrail.SensitiveInformationPolicyConfig.PiiEntitiesConfig.0.Action' },
            ],
          },
        ],
      },
      { kind: 'review', level: 'none', message: { text: expect.stringMatching(/^could not be assessed: /) } },
    ]);
  });
});

describe('the sources for CloudFormation Guard', () => {
  it('are named by their rules, and say a rule of that name', () => {
    const sources = guardRules();
    expect(sources.length).toBeGreaterThan(5);
    for (const { name, content } of sources) {
      expect(rules.map(({ id }) => `${id}.guard`)).toContain(name);
      expect(content).toContain(`rule ${name.replace(/\.guard$/, '').replaceAll('-', '_')} `);
    }
  });
});
