import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  DetectorFeature,
  type DetectorFeatureConfiguration,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  type GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { createMemory, Refusal, readChoice, readText, readTexts, type Setting } from '../custom-resources/runtime.ts';

interface Wanted {
  readonly mode: 'adopt' | 'create';
  readonly memory: string;
  readonly features: readonly DetectorFeature[];
}

interface Found {
  readonly detector?: {
    readonly id: string;
    readonly isEnabled: boolean;
    readonly features: Readonly<Record<string, 'ENABLED' | 'DISABLED'>>;
    /** Account that governs it, where it is a member's. */
    readonly administrator?: string;
  };
}

export interface GuardDutyClients {
  readonly guardDuty: GuardDutyClient;
  readonly ssm: SSMClient;
}

/**
 * GuardDuty, of which an account has one detector in a Region. Adopted, it keeps what it has, and gets the features that
 * it lacks. A detector that an administrator of the organization governs is left as it is, and refused where it lacks
 * some: only there can they be switched on.
 *
 * Source: Amazon GuardDuty User Guide, "GuardDuty feature activation".
 */
export function createGuardDutySetting({ guardDuty, ssm }: GuardDutyClients): Setting<Wanted, Found> {
  async function read(): Promise<Found> {
    const { DetectorIds: [id] = [] } = await guardDuty.send(new ListDetectorsCommand());
    if (id === undefined) return {};
    const detector = await guardDuty.send(new GetDetectorCommand({ DetectorId: id }));
    const { Administrator } = await guardDuty.send(new GetAdministratorAccountCommand({ DetectorId: id }));
    const features = (detector.Features ?? []).map(({ Name = '', Status = 'DISABLED' }) => [Name, Status] as const);
    return {
      detector: {
        id,
        isEnabled: detector.Status === 'ENABLED',
        features: Object.fromEntries(features),
        ...(Administrator?.AccountId === undefined ? {} : { administrator: Administrator.AccountId }),
      },
    };
  }

  return {
    physicalId: 'sallyport-guardduty',
    parse: (properties) => ({
      mode: readChoice(properties, 'Mode', ['adopt', 'create']),
      memory: readText(properties, 'Memory'),
      features: toFeatures(readTexts(properties, 'Features')),
    }),
    memory: ({ memory }) => createMemory(ssm, memory),
    read,
    check({ detector }, { mode, features }) {
      if (mode === 'create' && detector !== undefined) {
        throw new Refusal('GuardDuty has a detector here already: take it over with `adopt`, or leave it `off`');
      }
      if (mode === 'adopt' && detector === undefined) {
        throw new Refusal('GuardDuty has no detector here to adopt: make it with `create`');
      }
      const missing = features.filter((name) => detector?.features[name] !== 'ENABLED');
      if (detector?.administrator !== undefined && (missing.length > 0 || !detector.isEnabled)) {
        throw new Refusal(
          `account ${detector.administrator} governs GuardDuty here: have it switch on ${missing.join(', ') || 'the detector'}`,
        );
      }
    },
    async apply({ features }) {
      const { detector } = await read();
      if (detector === undefined) {
        const { DetectorId = '' } = await guardDuty.send(
          new CreateDetectorCommand({ Enable: true, Features: toConfigurations(features, 'ENABLED') }),
        );
        return { DetectorId };
      }
      const isRight = detector.isEnabled && features.every((name) => detector.features[name] === 'ENABLED');
      if (!isRight) {
        await guardDuty.send(
          new UpdateDetectorCommand({
            DetectorId: detector.id,
            Enable: true,
            Features: withOthers(detector.features, features),
          }),
        );
      }
      return { DetectorId: detector.id };
    },
    async restore(found) {
      const { detector } = await read();
      if (detector === undefined) return;
      if (found.detector === undefined) {
        await guardDuty.send(new DeleteDetectorCommand({ DetectorId: detector.id }));
        return;
      }
      // A detector other than the one that was adopted is somebody's new one.
      if (found.detector.id !== detector.id || found.detector.administrator !== undefined) return;
      const { id, isEnabled, features } = found.detector;
      const Features = known(Object.keys(detector.features)).map((Name) => ({
        Name,
        Status: features[Name] ?? 'DISABLED',
      }));
      await guardDuty.send(new UpdateDetectorCommand({ DetectorId: id, Enable: isEnabled, Features }));
    },
  };
}

function toFeatures(names: readonly string[]): readonly DetectorFeature[] {
  const features = known(names);
  if (features.length !== names.length) throw new Refusal('`Features` names one that GuardDuty has not');
  return features;
}

/** What GuardDuty tells of CloudTrail, DNS and flow logs are features too, which cannot be set. */
function known(names: readonly string[]): readonly DetectorFeature[] {
  return Object.values(DetectorFeature).filter((name) => names.includes(name));
}

function toConfigurations(
  features: readonly DetectorFeature[],
  Status: 'ENABLED' | 'DISABLED',
): DetectorFeatureConfiguration[] {
  return features.map((Name) => ({ Name, Status }));
}

function withOthers(
  current: Readonly<Record<string, 'ENABLED' | 'DISABLED'>>,
  features: readonly DetectorFeature[],
): DetectorFeatureConfiguration[] {
  const others = known(Object.keys(current)).filter((name) => !features.includes(name));
  return [
    ...others.map((Name) => ({ Name, Status: current[Name] ?? ('DISABLED' as const) })),
    ...toConfigurations(features, 'ENABLED'),
  ];
}
