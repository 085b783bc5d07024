import { takes } from '../../patterns.ts';
import { permissionOf } from '../../principals.ts';
import { eachPrincipal, fail, type Problem, type Rule, unassessed } from '../../rule.ts';
import { INVOKE } from '../invoking.ts';

const TOOLS = [
  ...['bedrock:InvokeTool', 'bedrock-websearch:ExternalWebAccess'],
  ...['InvokeAgentRuntime', 'InvokeGateway', 'InvokeCodeInterpreter', 'InvokeWebSearch', 'InvokeRegistryMcp'].map(
    (name) => `bedrock-agentcore:${name}`,
  ),
];

export const thirdWayOut: Rule = {
  id: 'iam-third-way-out',
  title: 'Who calls models cannot have them reach out',
  severity: 'high',
  standards: ['GENSEC05-BP01', 'GENSEC01-BP02', 'LLM06'],
  rationale:
    'Tools that Bedrock runs itself, web search and grounding among them, take parts of the prompt out of the account, ' +
    'past every endpoint. `InvokeModel` on `*` includes `system-tool`.',
  remediation:
    'Name models, not `*`; deny `bedrock:InvokeTool`, `bedrock-websearch:*` and `bedrock-agentcore:Invoke*`.',
  source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html',
  examine: eachPrincipal((principal) => {
    const invoking = INVOKE.flatMap((action) => {
      const permission = permissionOf(principal, action);
      return permission.kind === 'yes' ? permission.statements : [];
    });
    if (invoking.length === 0) return [];
    const problems = TOOLS.flatMap((action): readonly Problem[] => {
      const permission = permissionOf(principal, action);
      if (permission.kind === 'unknown') return [unassessed('', permission.reason)];
      return permission.kind === 'yes' ? [fail('', `\`${action}\` is allowed`)] : [];
    });
    const denied = principal.policies
      .flatMap(({ statements }) => statements)
      .filter(({ effect, conditions }) => effect === 'Deny' && conditions.length === 0)
      .flatMap(({ resources }) => resources);
    const isOpen = invoking.some(({ resources }) => resources.some((arn) => takes(arn, TOOL)));
    const isDenied = denied.some((arn) => takes(arn, TOOL));
    return isOpen && !isDenied ? [...problems, fail('', 'invoking takes in the tools of the system')] : problems;
  }),
};

const TOOL = 'arn:aws:bedrock::111122223333:system-tool/nova_grounding';
