export type Language = 'python' | 'javascript';

/** Where the clients of a language are installed, or why not. */
export type Home =
  | { readonly kind: 'installed'; readonly directory: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

declare module 'vitest' {
  export interface ProvidedContext {
    readonly clients: Readonly<Record<Language, Home>>;
  }
}

/** A program of the guide and the environment that it runs in. */
export interface Documented {
  readonly name: string;
  readonly language: Language;
  /** Files of `snippets`. */
  readonly snippet: string;
  readonly environment: string;
}

/** A documented client that the tests drive further. */
export interface Driven extends Documented {
  /** A file of `drivers`, which imports the snippet. */
  readonly driver: string;
  /** How the client says why an answer ended. */
  readonly stops: { readonly blocked: string; readonly toolUse: string };
  /** The class or code of its exceptions. */
  readonly errors: Readonly<Record<Failure, string>>;
  /** Its streamed answers show no request id. */
  readonly streamsHideId?: true;
}

type Failure = 'unknownModel' | 'wrongKey' | 'throttled' | 'brokenOff';

const converse = {
  stops: { blocked: 'guardrail_intervened', toolUse: 'tool_use' },
  errors: {
    unknownModel: 'ResourceNotFoundException',
    wrongKey: 'InvalidSignatureException',
    throttled: 'ThrottlingException',
    brokenOff: 'ModelStreamErrorException',
  },
} as const;

const openai = {
  environment: 'openai.env',
  stops: { blocked: 'content_filter', toolUse: 'tool_calls' },
  errors: {
    unknownModel: 'NotFoundError',
    wrongKey: 'AuthenticationError',
    throttled: 'RateLimitError',
    brokenOff: 'APIError',
  },
} as const;

const anthropic = {
  stops: { blocked: 'refusal', toolUse: 'tool_use' },
  errors: {
    unknownModel: 'NotFoundError',
    wrongKey: 'AuthenticationError',
    throttled: 'RateLimitError',
    brokenOff: 'APIError',
  },
} as const;

const aiSdk = {
  language: 'javascript',
  stops: { blocked: 'content-filter', toolUse: 'tool-calls' },
  errors: {
    unknownModel: 'AI_APICallError',
    wrongKey: 'AI_APICallError',
    throttled: 'AI_APICallError',
    brokenOff: 'AI_StreamProviderError',
  },
} as const;

export const boto3: Driven = {
  ...converse,
  name: 'boto3',
  language: 'python',
  snippet: 'boto3_converse.py',
  environment: 'bedrock.env',
  driver: 'boto3_driver.py',
  errors: { ...converse.errors, brokenOff: 'modelStreamErrorException' },
};

/** Refuses to send a bearer token without TLS. */
export const boto3WithApiKey: Driven = {
  ...boto3,
  name: 'boto3 with an API key',
  environment: 'bedrock-bearer.env',
  errors: { ...boto3.errors, wrongKey: 'UnrecognizedClientException' },
};

const aiSdkBedrock: Driven = {
  ...aiSdk,
  name: 'the AI SDK with Amazon Bedrock',
  snippet: 'ai-sdk-bedrock.mjs',
  environment: 'bedrock.env',
  driver: 'ai-sdk-bedrock-driver.mjs',
};

/** On the routes of Amazon Bedrock, beside boto3. */
export const bedrockClients: readonly Driven[] = [
  aiSdkBedrock,
  { ...aiSdkBedrock, name: 'the AI SDK with an API key for Amazon Bedrock', environment: 'bedrock-bearer.env' },
  {
    ...converse,
    name: 'LangChain’s ChatBedrockConverse',
    language: 'javascript',
    snippet: 'langchain-aws.mjs',
    environment: 'bedrock.env',
    driver: 'langchain-aws-driver.mjs',
    streamsHideId: true,
  },
];

// Amazon Bedrock has 403 for credentials that do not verify, and these clients read the status.
const anthropicOnBedrock = { ...anthropic.errors, wrongKey: 'PermissionDeniedError' };

/** Of Anthropic, on its own routes and on those of Amazon Bedrock. */
export const anthropicClients: readonly Driven[] = [
  {
    ...anthropic,
    name: 'Anthropic in Python',
    language: 'python',
    snippet: 'anthropic_messages.py',
    environment: 'anthropic.env',
    driver: 'anthropic_messages_driver.py',
  },
  {
    ...anthropic,
    name: 'AnthropicBedrock in Python',
    language: 'python',
    snippet: 'anthropic_bedrock.py',
    environment: 'anthropic-bedrock.env',
    driver: 'anthropic_bedrock_driver.py',
    errors: anthropicOnBedrock,
  },
  {
    ...anthropic,
    name: 'AnthropicBedrock in JavaScript',
    language: 'javascript',
    snippet: 'anthropic-bedrock.mjs',
    environment: 'anthropic-bedrock.env',
    driver: 'anthropic-bedrock-driver.mjs',
    errors: anthropicOnBedrock,
  },
];

export const openaiClients: readonly Driven[] = [
  { ...openai, name: 'OpenAI in Python', language: 'python', snippet: 'openai_chat.py', driver: 'openai_driver.py' },
  {
    ...openai,
    name: 'AsyncOpenAI in Python',
    language: 'python',
    snippet: 'openai_async.py',
    driver: 'openai_async_driver.py',
  },
  {
    ...aiSdk,
    name: 'the AI SDK with OpenAI',
    snippet: 'ai-sdk-openai.mjs',
    environment: 'openai.env',
    driver: 'ai-sdk-openai-driver.mjs',
  },
  {
    ...openai,
    name: 'LangChain’s ChatOpenAI',
    language: 'javascript',
    snippet: 'langchain-openai.mjs',
    driver: 'langchain-openai-driver.mjs',
  },
];

/** Those that the tests of `test/e2e` drive; here only the programs of the guide run. */
export const drivenElsewhere: readonly Documented[] = [
  {
    name: 'the AWS SDK for JavaScript',
    language: 'javascript',
    snippet: 'aws-sdk.mjs',
    environment: 'bedrock.env',
  },
  {
    name: 'the AWS SDK for JavaScript with an API key',
    language: 'javascript',
    snippet: 'aws-sdk.mjs',
    environment: 'bedrock-bearer.env',
  },
  { name: 'OpenAI in JavaScript', language: 'javascript', snippet: 'openai-sdk.mjs', environment: 'openai.env' },
  {
    name: 'Anthropic in JavaScript',
    language: 'javascript',
    snippet: 'anthropic-sdk.mjs',
    environment: 'anthropic.env',
  },
];
