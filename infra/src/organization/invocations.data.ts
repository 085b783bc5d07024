/** Actions that call a model. `Converse` has none of its own. */
export const invocations = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] as const;

/** Actions that call a model of SageMaker. */
export const sageMakerInvocations = [
  'sagemaker:InvokeEndpoint',
  'sagemaker:InvokeEndpointAsync',
  'sagemaker:InvokeEndpointWithResponseStream',
] as const;

/** Actions that put a user's words to a bot of Lex, of either version. */
export const lexInvocations = [
  'lex:PostContent',
  'lex:PostText',
  'lex:PutSession',
  'lex:RecognizeText',
  'lex:RecognizeUtterance',
  'lex:StartConversation',
] as const;
