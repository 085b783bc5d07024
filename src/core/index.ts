export type {
  AccessDecision,
  AccessRequest,
  AssessmentAccessRequest,
  Authorizer,
  ReadingAuthorizer,
  ReadingRequest,
} from './access.ts';
export { type AddressReach, reachOf } from './address.ts';
export type {
  AppliedGuardrail,
  AssessedEntity,
  AssessedFilter,
  AssessedGrounding,
  AssessedRegex,
} from './assessment.ts';
export type {
  AssessedTopic,
  AssessedWord,
  GuardrailAssessment,
  GuardrailCoverage,
  GuardrailTrace,
} from './assessment.ts';
export type { GuardrailUsage } from './assessment.ts';
export {
  type AssessedText,
  type AttackCategory,
  attackCategories,
  type ChecksCall,
  type ChecksResult,
} from './assessing.ts';
export { type CheckedEntity, type ContentCategory, contentCategories, type GuardrailCall } from './assessing.ts';
export type {
  GuardrailReference,
  GuardrailResult,
  NamedGuardrail,
  ModerationCall,
  ModerationResult,
} from './assessing.ts';
export { type Qualifier, qualifiers, type ReadAssessment, type Scored } from './assessing.ts';
export type { Answer, AnswerBlock, AnswerBlockStart, AnswerEvent, Blocked, OutputGuard, Released } from './answer.ts';
export type { StopReason, Usage } from './answer.ts';
export type { Citation, CitationLocation } from './citation.ts';
export { type CitationPlaces, createCitationPlaces, documentsOf } from './cited-documents.ts';
export type { Clock } from './clock.ts';
export type { Block, CachePoint, CitedPassage, Conversation, DocumentBlock, MediaBlock } from './conversation.ts';
export type { Message, ReasoningBlock, ReasoningProof, ReferenceBlock, TextBlock, Tool } from './conversation.ts';
export type { ToolChoice, ToolResultBlock, ToolUseBlock, Uninspected } from './conversation.ts';
export type { ContentAction, ContentPolicy, Inspection, SidePolicy } from './content-policy.ts';
export { strictest, toBlocked, toContentPolicy } from './content-policy.ts';
export type { DocumentFile, DocumentReader, DocumentReading } from './document-reader.ts';
export { composeEdits, type Edit } from './edits.ts';
export { type FaultCode, faults, GatewayError, toGatewayError } from './errors.ts';
export type {
  Action,
  AssessingAction,
  Caller,
  Cleared,
  Completion,
  Embedding,
  Exchange,
  InvokingAction,
  Model,
} from './exchange.ts';
export { fileOf, type ModelRequest, type ProtocolName, type SentFile, textOf, type TokenCount } from './exchange.ts';
export { countFindings, type Finding, type FindingCounts, type FindingType, findingTypes } from './finding.ts';
export { type Found, guardrailTypes, type InspectedType, inspectedTypes, type Span } from './finding.ts';
export { type PiiEntityType, piiEntityTypes } from './finding.ts';
export { toAnswer } from './gather.ts';
export type { Authenticator, PendingCaller, RequestHead } from './identity.ts';
export { createRequestId, parseModelId, parsePrincipalId, parseRequestId, parseTenantId } from './ids.ts';
export type { ModelId, PrincipalId, RequestId, TenantId } from './ids.ts';
export type { Inference, OutputFormat, ReasoningEffort } from './inference.ts';
export { decodeUtf8, isJson, type JsonDocument, type JsonString, parseJson, readJsonString } from './json.ts';
export type { HeadStore, HoldStore, IndexedRecord, LegalHold, RecordIndex, RecordQuery } from './log.ts';
export { createPartList, type Part, type PartIndex, type PartKind, type PartList, type PartOrigin } from './part.ts';
export { assertCleared, type Decision, inspect, type Stage, type StageDecision, type Verdict } from './pipeline.ts';
export type { HeaderLookup, Protocol, ReadRequest, ReplyMeta, ReplyWriter, Route, WireReply } from './protocol.ts';
export type { Provider, ProviderAnswer } from './provider.ts';
export { type ActKind, type ActRecord, type Appended, type Disclosure, gatewayOwner, type Journal } from './record.ts';
export type { BodyView, JournalRecord, RecordedFile, RecordOwner, RequestRecord, ResponseRecord } from './record.ts';
export type { Credential, CredentialStore, KeyRing, WrappedKey, WrappedKeyStore } from './stores.ts';
export { type PlacedPart, type TextRun, textRuns } from './text-runs.ts';
