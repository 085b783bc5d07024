/**
 * Ways to a model that no guardrail, log or policy of ours is on: batches and agents call models where nobody sees it, the
 * mantle endpoint is logged nowhere and knows no guardrail, bearer tokens carry no session, tools and web search leave the
 * network. Denied to every tenant, whatever else is permitted.
 */
export const deniedActions = [
  'bedrock:AgenticRetrieveStream',
  'bedrock:CallWithBearerToken',
  'bedrock:CreateModelInvocationJob',
  'bedrock:GenerateQuery',
  'bedrock:InvokeAgent',
  'bedrock:InvokeAutomatedReasoningPolicy',
  'bedrock:InvokeBlueprintOptimizationAsync',
  'bedrock:InvokeBlueprintRecommendationAsync',
  'bedrock:InvokeBuilder',
  'bedrock:InvokeDataAutomation',
  'bedrock:InvokeDataAutomationAsync',
  'bedrock:InvokeDataAutomationLibraryIngestionJob',
  'bedrock:InvokeFlow',
  'bedrock:InvokeInlineAgent',
  'bedrock:InvokeTool',
  'bedrock:OptimizePrompt',
  'bedrock:Retrieve',
  'bedrock:RetrieveAndGenerate',
  'bedrock:StartFlowExecution',
  'bedrock-agentcore:Invoke*',
  'bedrock-mantle:*',
  'bedrock-websearch:*',
];

/** Of a partition, after `arn:PARTITION:`: tools that a model calls by itself, as a resource of its own call. */
export const SYSTEM_TOOLS = 'bedrock:*:*:system-tool/*';
