import { randomBytes } from 'node:crypto';
import type { Config } from '../config/index.ts';
import { type CredentialStore, type KeyRing, type Model, toContentPolicy } from '../core/index.ts';
import { createAuthenticator } from '../identity/index.ts';
import { anthropicProtocol, bedrockProtocol, openaiProtocol } from '../protocols/index.ts';
import { createAssessor } from './guarding/assessor.ts';
import { createCallRate } from './guarding/call-rate.ts';
import { createGuardings } from './guarding/guardings.ts';
import { knownDetectors as detectors, guardrailParts } from './guarding/guardrail-parts.ts';
import type { GuardrailSet } from './guarding/guardrail-set.ts';
import { createPassage, type PassageOptions } from './passage/passage.ts';
import { createReasoningSeals } from './passage/reasoning-seal.ts';
import type { ReceptionOptions } from './reception.ts';
import { systemClock } from './system-clock.ts';

/** What is open of a gateway, for its front doors. */
export interface OpenRooms
  extends Pick<ReceptionOptions, 'recordState' | 'logger' | 'metrics'>,
    Pick<PassageOptions, 'authorizer' | 'journal' | 'receipts' | 'providers' | 'documents'> {
  readonly config: Config;
  readonly guardrails: GuardrailSet;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
}

/** In order of matching. */
export const protocols: ReceptionOptions['protocols'] = [bedrockProtocol, openaiProtocol, anthropicProtocol];

/** Joins every room into what a front door brings its requests to. */
export function joinRooms(rooms: OpenRooms): Omit<ReceptionOptions, 'phase' | 'loopbackOnly'> {
  const { config, authorizer, credentials, keyRing, journal, recordState, logger, metrics, guardrails } = rooms;
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
    assess: createAssessor({
      clock: systemClock,
      authorizer,
      journal,
      guardrails,
      detectors,
      classifiers: guardrailParts.classifiers,
      rate: createCallRate(limits.assessments, systemClock),
    }),
    limits,
  };
}

/** What takes a request through both doors. */
export function toPassageOptions(rooms: OpenRooms): PassageOptions {
  const { config, authorizer, keyRing, journal, receipts, providers, documents, guardrails } = rooms;
  const { limits, inspection } = config;
  const policy = toContentPolicy(inspection);
  return {
    clock: systemClock,
    authorizer,
    journal,
    models: toModels(config),
    providers,
    guardingOf: createGuardings({ authorizer, policy, guardrails, detectors, classifiers: guardrailParts.classifiers }),
    seals: createReasoningSeals(keyRing, randomBytes),
    receipts,
    documents,
    upstreamTimeoutMs: limits.upstreamTimeoutMs,
    releaseIntervalMs: config.audit.releaseIntervalMs,
  };
}

function toModels({ models }: Config): ReadonlyMap<string, Model> {
  return new Map(models.map((model) => [model.id, model]));
}
