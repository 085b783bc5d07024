import { createSecretKey, randomBytes } from 'node:crypto';
import { createS3PlaceStore } from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import { type Caller, GatewayError, toGatewayError } from '../../core/index.ts';
import { describeCause } from '../../telemetry/index.ts';
import { protocols, toPassageOptions } from '../joined-rooms.ts';
import { type Closers, closeAll } from '../open-service.ts';
import { createSealedBox } from '../sealed-box.ts';
import { StartError } from '../start-error.ts';
import { StepEventError } from '../steps/step-event.ts';
import { createStepPlaces } from '../steps/step-places.ts';
import { createSteps, type StepResult, type Steps } from '../steps/steps.ts';
import { type FunctionOpening, openFunction } from './open-function.ts';
import { openedOnce } from './opened-once.ts';

/** A handler of AWS Lambda for one step of a workflow. */
export type StepHandler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<StepResult>;

export interface StepHandlers extends Readonly<Record<keyof Steps, StepHandler>> {
  close(): Promise<void>;
}

/** Why a step failed, by a name that a workflow can catch: `Sallyport.` and the fault's code. */
class StepError extends Error {
  override readonly name: string;

  constructor({ code, message }: GatewayError) {
    super(message);
    this.name = `Sallyport.${code}`;
  }
}

interface OpenedSteps {
  readonly steps: Steps;
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The handlers of the steps, which are opened with the first call of any. They reject with an error whose name a workflow
 * can catch. Throws a `StartError` where the configuration has no workflow.
 */
export function createStepHandlers(setup: FunctionOpening): StepHandlers {
  const { workflow } = setup.config;
  if (workflow === undefined) throw new StartError('the configuration has no `workflow`');
  const opened = openedOnce(() => openSteps(setup, workflow));
  const { logger } = setup;

  const handlerOf =
    (name: keyof Steps): StepHandler =>
    async (event, context) => {
      try {
        const { steps, refresh } = await opened();
        await refresh();
        const result = await steps[name](event, context.getRemainingTimeInMillis());
        logger.info('step', { operation: name, requestId: result.requestId });
        return result;
      } catch (cause) {
        const fault = toFault(cause);
        logger.error('step failed', { operation: name, code: fault.code, cause: describeCause(cause) });
        throw new StepError(fault);
      } finally {
        logger.flush();
      }
    };

  return {
    sanitise: handlerOf('sanitise'),
    guard: handlerOf('guard'),
    record: handlerOf('record'),
    invoke: handlerOf('invoke'),
    scan: handlerOf('scan'),
    close: async () => (await opened()).close(),
  };
}

function toFault(cause: unknown): GatewayError {
  return cause instanceof StepEventError
    ? new GatewayError('invalidRequest', { detail: cause.message, cause })
    : toGatewayError(cause);
}

type Workflow = NonNullable<Config['workflow']>;

async function openSteps(setup: FunctionOpening, { stateMachines, ...place }: Workflow): Promise<OpenedSteps> {
  const closers: Closers = [];
  try {
    const rooms = await openFunction(setup, closers);
    const objects = createS3PlaceStore(place);
    const box = createSealedBox(createSecretKey(rooms.keyRing.derive('server/steps')), randomBytes);
    const steps = createSteps({
      ...toPassageOptions(rooms),
      protocols,
      objects,
      callers: new Map(stateMachines.map((machine) => [machine.arn, toCaller(machine)])),
      places: createStepPlaces({ objects, box, random: randomBytes }),
      maxBodyBytes: setup.config.limits.maxBodyBytes,
      random: randomBytes,
      async findRecorded(id) {
        const found = await rooms.findRecords(id);
        const request = found.find(({ record }) => record.kind === 'request');
        return {
          hasResponse: found.some(({ record }) => record.kind === 'response'),
          ...(request === undefined ? {} : { request: { leafHash: request.leafHash, time: request.record.time } }),
        };
      },
    });
    return { steps, refresh: rooms.refresh, close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers).catch(() => undefined);
    throw error;
  }
}

/** The service signs for its state machines, with IAM, as every caller of AWS. */
function toCaller({ arn, tenant, principal }: Workflow['stateMachines'][number]): Caller {
  return { tenant, principal, credentialId: arn, credentialKind: 'sigv4' };
}
