import { randomBytes } from 'node:crypto';
import type { Config } from '../config/index.ts';
import {
  type Authorizer,
  type ContentPolicy,
  type CredentialStore,
  type KeyRing,
  type Model,
  type Stage,
  toContentPolicy,
} from '../core/index.ts';
import { maskStage, maskText } from '../deidentify/index.ts';
import { detectors as detectorTable } from '../detectors/index.ts';
import { createOutputGuards, detectStage, guardInputStage } from '../guardrails/index.ts';
import { createAuthenticator } from '../identity/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../protocols/index.ts';
import { createPassage, type PassageOptions } from './passage/passage.ts';
import { createReasoningSeals } from './passage/reasoning-seal.ts';
import { contentAccessStage } from './passage/stages.ts';
import type { ReceptionOptions } from './reception.ts';
import { systemClock } from './system-clock.ts';

/** What is open of a gateway, for its front doors. */
export interface OpenRooms
  extends Pick<ReceptionOptions, 'recordState' | 'logger' | 'metrics'>,
    Pick<PassageOptions, 'authorizer' | 'journal' | 'receipts' | 'providers' | 'documents'> {
  readonly config: Config;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
}

/** In order of matching. */
export const protocols: ReceptionOptions['protocols'] = [bedrockProtocol, openaiProtocol, anthropicProtocol];

/** Joins every room into what a front door brings its requests to. */
export function joinRooms(rooms: OpenRooms): Omit<ReceptionOptions, 'phase' | 'loopbackOnly'> {
  const { config, authorizer, credentials, keyRing, journal, recordState, logger, metrics } = rooms;
  const { limits, region } = config;
  const passing = toPassageOptions(rooms);
  return {
    clock: systemClock,
    logger,
    metrics,
    recordState,
    authenticator: createAuthenticator({ credentials, keyRing, clock: systemClock, service: 'bedrock', region }),
    authorizer,
    journal,
    models: passing.models,
    protocols,
    pass: createPassage(passing),
    limits,
  };
}

/** What takes a request through both doors. */
export function toPassageOptions(rooms: OpenRooms): PassageOptions {
  const { config, authorizer, keyRing, journal, receipts, providers, documents } = rooms;
  const { limits, inspection } = config;
  const policy = toContentPolicy(inspection);
  return {
    clock: systemClock,
    authorizer,
    journal,
    models: toModels(config),
    providers,
    stages: createStages(authorizer, policy),
    createOutputGuard: createOutputGuards({ detectors, policy, mask: maskText }),
    seals: createReasoningSeals(keyRing, randomBytes),
    receipts,
    documents,
    upstreamTimeoutMs: limits.upstreamTimeoutMs,
    releaseIntervalMs: config.audit.releaseIntervalMs,
  };
}

const detectors = Object.values(detectorTable);

/** The input side in its order; the passage adds the record stage. */
function createStages(authorizer: Authorizer, policy: ContentPolicy): readonly Stage[] {
  return [
    detectStage(detectors, policy),
    guardInputStage(policy),
    maskStage(detectors, policy),
    contentAccessStage(authorizer, policy),
  ];
}

function toModels({ models }: Config): ReadonlyMap<string, Model> {
  return new Map(models.map((model) => [model.id, model]));
}
