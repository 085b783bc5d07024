export type { AccessDecision, AccessRequest, Authorizer } from './access.ts';
export type { Answer, AnswerBlock, AnswerBlockStart, AnswerEvent, Blocked } from './answer.ts';
export { type OutputGuard, type Released, type StopReason, toAnswer, type Usage } from './answer.ts';
export type { Brand } from './brand.ts';
export type { Clock } from './clock.ts';
export type { ContentAction, ContentPolicy } from './content-policy.ts';
export { type FaultCode, faults, GatewayError, toGatewayError } from './errors.ts';
export type {
  Action,
  Block,
  Caller,
  Cleared,
  Conversation,
  Embedding,
  Exchange,
  Inference,
  Tool,
  ToolChoice,
} from './exchange.ts';
export { type Message, type Model, type ModelRequest, type ProtocolName, textOf } from './exchange.ts';
export {
  countFindings,
  type Finding,
  type FindingCounts,
  type FindingType,
  findingTypes,
  type Span,
} from './finding.ts';
export type { Authenticator, PendingCaller, RequestHead } from './identity.ts';
export {
  createRequestId,
  type ModelId,
  type PrincipalId,
  parseModelId,
  parsePrincipalId,
  parseRequestId,
  parseTenantId,
  type RequestId,
  type TenantId,
} from './ids.ts';
export { decodeUtf8, type JsonDocument, type JsonString, parseJson, readJsonString } from './json.ts';
export type { KeyRing } from './key-ring.ts';
export { createPartList, type Part, type PartIndex, type PartKind, type PartList, type PartOrigin } from './part.ts';
export { assertCleared, inspect } from './pipeline.ts';
export type { HeaderLookup, Protocol, ReadRequest, ReplyMeta, ReplyWriter, Route, WireReply } from './protocol.ts';
export type { Provider, ProviderAnswer } from './provider.ts';
export type {
  Journal,
  JournalReader,
  JournalRecord,
  ReleaseRecord,
  RequestRecord,
  ResponseRecord,
  ResponseStatus,
} from './record.ts';
export type { Credential, CredentialStore, WrappedKey, WrappedKeyStore } from './stores.ts';
export type { Decision, Stage, StageDecision, Verdict } from './verdict.ts';
