export type { AccessDecision, AccessRequest, Authorizer, Uninspected } from './access.ts';
export { type AddressReach, reachOf } from './address.ts';
export type { Answer, AnswerBlock, AnswerBlockStart, AnswerEvent, Blocked, OutputGuard, Released } from './answer.ts';
export type { StopReason, Usage } from './answer.ts';
export type { Citation, CitationLocation } from './citation.ts';
export { type CitationPlaces, createCitationPlaces, documentsOf } from './cited-documents.ts';
export type { Clock } from './clock.ts';
export type { Block, CachePoint, CitedPassage, Conversation, DocumentBlock, MediaBlock } from './conversation.ts';
export type { Message, ReasoningBlock, ReasoningProof, ReferenceBlock, TextBlock, Tool } from './conversation.ts';
export type { ToolChoice, ToolResultBlock, ToolUseBlock } from './conversation.ts';
export type { DocumentFile, DocumentReader, DocumentReading } from './document-reader.ts';
export { composeEdits, type Edit } from './edits.ts';
export { type FaultCode, faults, GatewayError, toGatewayError } from './errors.ts';
export type { Action, Caller, Cleared, Completion, Embedding, Exchange, InvokingAction, Model } from './exchange.ts';
export { fileOf, type ModelRequest, type ProtocolName, type SentFile, textOf, type TokenCount } from './exchange.ts';
export { type ContentAction, type ContentPolicy, countFindings, type Finding, type FindingCounts } from './finding.ts';
export { type FindingType, findingTypes, type Span } from './finding.ts';
export { toAnswer } from './gather.ts';
export type { Authenticator, PendingCaller, RequestHead } from './identity.ts';
export { createRequestId, parseModelId, parsePrincipalId, parseRequestId, parseTenantId } from './ids.ts';
export type { ModelId, PrincipalId, RequestId, TenantId } from './ids.ts';
export type { Inference, OutputFormat, ReasoningEffort } from './inference.ts';
export { decodeUtf8, isJson, type JsonDocument, type JsonString, parseJson, readJsonString } from './json.ts';
export type { HeadStore, IndexedRecord, RecordIndex, RecordQuery } from './log.ts';
export { createPartList, type Part, type PartIndex, type PartKind, type PartList, type PartOrigin } from './part.ts';
export { assertCleared, type Decision, inspect, type Stage, type StageDecision, type Verdict } from './pipeline.ts';
export type { HeaderLookup, Protocol, ReadRequest, ReplyMeta, ReplyWriter, Route, WireReply } from './protocol.ts';
export type { Provider, ProviderAnswer } from './provider.ts';
export { type ActKind, type ActRecord, type Appended, type Disclosure, gatewayOwner, type Journal } from './record.ts';
export type { JournalRecord, RecordedFile, RecordOwner, RequestRecord, ResponseRecord } from './record.ts';
export type {
  Credential,
  CredentialStore,
  HoldStore,
  KeyRing,
  LegalHold,
  WrappedKey,
  WrappedKeyStore,
} from './stores.ts';
export { type PlacedPart, type TextRun, textRuns } from './text-runs.ts';
