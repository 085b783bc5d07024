/**
 * What becomes of a string, blob or document of a request.
 *
 * - `text`: inspected, as a part of kind `text` or `json`.
 * - `identifier`: a part of kind `identifier`, bounded by a pattern.
 * - `bounded`: one of a few values, or without room for a text.
 * - `media`, `reference`: goes on only where a policy lets uninspected content through.
 * - `sealed`: a token of this gateway's own, opened by the server.
 * - `guardrail`: half of the name of a guardrail of this gateway's own, bounded by a pattern; goes no further.
 * - `refused`: throws, whatever it holds.
 */
export type RequestClass =
  | 'text'
  | 'identifier'
  | 'bounded'
  | 'media'
  | 'reference'
  | 'sealed'
  | 'guardrail'
  | 'refused';

/**
 * Where a string, blob or document of an answer comes from: the model's `answer`, inspected; the gateway itself
 * (`generated`); or nowhere (`unwritten`): what a provider reads there is dropped and counted, or fails the answer.
 */
export type ResponseClass = 'answer' | 'generated' | 'unwritten';

/**
 * The class of every leaf of the Amazon Bedrock Runtime service model, by the shape it is a member of; that of a
 * structure holds for all below it. A test walks the model and tries each.
 */
export const requestClasses: Readonly<Record<string, RequestClass>> = {
  'ConverseRequest.modelId': 'bounded',
  'ConverseRequest.additionalModelRequestFields': 'bounded',
  'ConverseRequest.additionalModelResponseFieldPaths': 'bounded',
  'ConverseRequest.performanceConfig': 'refused',
  'ConverseRequest.promptVariables': 'refused',
  'ConverseRequest.serviceTier': 'refused',
  'ConverseStreamRequest.modelId': 'bounded',
  'ConverseStreamRequest.additionalModelRequestFields': 'bounded',
  'ConverseStreamRequest.additionalModelResponseFieldPaths': 'bounded',
  'ConverseStreamRequest.performanceConfig': 'refused',
  'ConverseStreamRequest.promptVariables': 'refused',
  'ConverseStreamRequest.serviceTier': 'refused',
  'CountTokensRequest.modelId': 'bounded',
  'ConverseTokensRequest.additionalModelRequestFields': 'bounded',
  'InvokeModelTokensRequest.body': 'text',
  'InvokeModelRequest.modelId': 'bounded',
  'InvokeModelRequest.body': 'text',
  'InvokeModelRequest.contentType': 'bounded',
  'InvokeModelRequest.accept': 'bounded',
  'InvokeModelRequest.trace': 'bounded',
  'InvokeModelRequest.guardrailIdentifier': 'guardrail',
  'InvokeModelRequest.guardrailVersion': 'guardrail',
  'InvokeModelRequest.performanceConfigLatency': 'refused',
  'InvokeModelRequest.serviceTier': 'refused',
  'InvokeModelRequest.requestMetadata': 'refused',
  'InvokeModelWithResponseStreamRequest.modelId': 'bounded',
  'InvokeModelWithResponseStreamRequest.body': 'text',
  'InvokeModelWithResponseStreamRequest.contentType': 'bounded',
  'InvokeModelWithResponseStreamRequest.accept': 'bounded',
  'InvokeModelWithResponseStreamRequest.trace': 'bounded',
  'InvokeModelWithResponseStreamRequest.guardrailIdentifier': 'guardrail',
  'InvokeModelWithResponseStreamRequest.guardrailVersion': 'guardrail',
  'InvokeModelWithResponseStreamRequest.performanceConfigLatency': 'refused',
  'InvokeModelWithResponseStreamRequest.serviceTier': 'refused',
  'InvokeModelWithResponseStreamRequest.requestMetadata': 'refused',

  'Message.role': 'bounded',
  'SystemContentBlock.text': 'text',
  'ContentBlock.text': 'text',
  'GuardrailConverseTextBlock.text': 'text',
  'GuardrailConverseTextBlock.qualifiers': 'bounded',
  'GuardrailConverseContentBlock.image': 'refused',
  'GuardrailConfiguration.guardrailIdentifier': 'guardrail',
  'GuardrailConfiguration.guardrailVersion': 'guardrail',
  'GuardrailConfiguration.trace': 'bounded',
  'GuardrailStreamConfiguration.guardrailIdentifier': 'guardrail',
  'GuardrailStreamConfiguration.guardrailVersion': 'guardrail',
  'GuardrailStreamConfiguration.trace': 'bounded',
  'GuardrailStreamConfiguration.streamProcessingMode': 'bounded',
  'ContentBlock.searchResult': 'refused',
  'ContentBlock.toolAddition': 'refused',
  'ContentBlock.toolRemoval': 'refused',
  'CachePointBlock.type': 'bounded',
  'CachePointBlock.ttl': 'bounded',
  'ImageBlock.format': 'bounded',
  'ImageBlock.error': 'refused',
  'ImageSource.bytes': 'media',
  'VideoBlock.format': 'bounded',
  'VideoSource.bytes': 'media',
  'AudioBlock.format': 'bounded',
  'AudioBlock.error': 'refused',
  'AudioSource.bytes': 'media',
  'S3Location.uri': 'reference',
  'S3Location.bucketOwner': 'reference',
  'DocumentBlock.format': 'bounded',
  'DocumentBlock.name': 'text',
  'DocumentBlock.context': 'text',
  'DocumentSource.bytes': 'text',
  'DocumentSource.text': 'text',
  'DocumentContentBlock.text': 'text',
  'ToolUseBlock.toolUseId': 'identifier',
  'ToolUseBlock.name': 'identifier',
  'ToolUseBlock.input': 'text',
  'ToolUseBlock.type': 'refused',
  'ToolResultBlock.toolUseId': 'identifier',
  'ToolResultBlock.status': 'bounded',
  'ToolResultBlock.type': 'refused',
  'ToolResultContentBlock.text': 'text',
  'ToolResultContentBlock.json': 'text',
  'ToolResultContentBlock.searchResult': 'refused',
  'ReasoningTextBlock.text': 'text',
  'ReasoningTextBlock.signature': 'sealed',
  'ReasoningContentBlock.redactedContent': 'sealed',
  'CitationGeneratedContent.text': 'text',
  'Citation.title': 'text',
  'Citation.source': 'text',
  'CitationSourceContent.text': 'text',
  'CitationLocation.web': 'refused',
  'CitationLocation.searchResultLocation': 'refused',

  'ToolSpecification.name': 'identifier',
  'ToolSpecification.description': 'text',
  'ToolInputSchema.json': 'text',
  'SystemTool.name': 'identifier',
  'SpecificToolChoice.name': 'identifier',

  'InferenceConfigurationStopSequencesList[]': 'text',
  'OutputConfig.effort': 'bounded',
  'OutputFormat.type': 'bounded',
  'JsonSchemaDefinition.schema': 'text',
  'JsonSchemaDefinition.name': 'text',
  'JsonSchemaDefinition.description': 'text',
  'RequestMetadata{key}': 'identifier',
  'RequestMetadata{value}': 'identifier',
};

/** The classes of answers, in the same way. */
export const responseClasses: Readonly<Record<string, ResponseClass>> = {
  'ConverseResponse.stopReason': 'generated',
  'ConverseResponse.additionalModelResponseFields': 'answer',
  'ConverseResponse.performanceConfig': 'unwritten',
  'ConverseResponse.serviceTier': 'unwritten',
  'ConverseResponse.trace': 'unwritten',
  'InvokeModelResponse.body': 'answer',
  'InvokeModelResponse.contentType': 'generated',
  'InvokeModelResponse.performanceConfigLatency': 'unwritten',
  'InvokeModelResponse.serviceTier': 'unwritten',
  'InvokeModelWithResponseStreamResponse.contentType': 'generated',
  'InvokeModelWithResponseStreamResponse.performanceConfigLatency': 'unwritten',
  'InvokeModelWithResponseStreamResponse.serviceTier': 'unwritten',
  'PayloadPart.bytes': 'answer',

  'Message.role': 'generated',
  'ContentBlock.text': 'answer',
  'ContentBlock.audio': 'unwritten',
  'ContentBlock.cachePoint': 'unwritten',
  'ContentBlock.document': 'unwritten',
  'ContentBlock.guardContent': 'unwritten',
  'ContentBlock.image': 'unwritten',
  'ContentBlock.searchResult': 'unwritten',
  'ContentBlock.toolAddition': 'unwritten',
  'ContentBlock.toolRemoval': 'unwritten',
  'ContentBlock.toolResult': 'unwritten',
  'ContentBlock.video': 'unwritten',
  'ToolUseBlock.toolUseId': 'answer',
  'ToolUseBlock.name': 'answer',
  'ToolUseBlock.input': 'answer',
  'ToolUseBlock.type': 'unwritten',
  'ReasoningTextBlock.text': 'answer',
  'ReasoningTextBlock.signature': 'generated',
  'ReasoningContentBlock.redactedContent': 'generated',
  'CitationGeneratedContent.text': 'answer',
  'Citation.title': 'answer',
  'Citation.source': 'answer',
  'CitationSourceContent.text': 'answer',
  'CitationLocation.web': 'unwritten',
  'CacheDetail.ttl': 'unwritten',

  'MessageStartEvent.role': 'generated',
  'ContentBlockStart.image': 'unwritten',
  'ContentBlockStart.toolResult': 'unwritten',
  'ToolUseBlockStart.toolUseId': 'answer',
  'ToolUseBlockStart.name': 'answer',
  'ToolUseBlockStart.type': 'unwritten',
  'ContentBlockDelta.text': 'answer',
  'ContentBlockDelta.image': 'unwritten',
  'ContentBlockDelta.toolResult': 'unwritten',
  'ToolUseBlockDelta.input': 'answer',
  'ReasoningContentBlockDelta.text': 'answer',
  'ReasoningContentBlockDelta.signature': 'generated',
  'ReasoningContentBlockDelta.redactedContent': 'generated',
  'CitationsDelta.title': 'answer',
  'CitationsDelta.source': 'answer',
  'CitationSourceContentDelta.text': 'answer',
  'MessageStopEvent.stopReason': 'generated',
  'MessageStopEvent.additionalModelResponseFields': 'answer',
  'ConverseStreamMetadataEvent.performanceConfig': 'unwritten',
  'ConverseStreamMetadataEvent.serviceTier': 'unwritten',
  'ConverseStreamMetadataEvent.trace': 'unwritten',
  'InternalServerException.message': 'generated',
  'ModelStreamErrorException.message': 'generated',
  'ModelStreamErrorException.originalMessage': 'unwritten',
  'ModelTimeoutException.message': 'generated',
  'ServiceUnavailableException.message': 'generated',
  'ThrottlingException.message': 'generated',
  'ValidationException.message': 'generated',
};
