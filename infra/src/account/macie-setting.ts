import {
  DisableMacieCommand,
  EnableMacieCommand,
  GetAutomatedDiscoveryConfigurationCommand,
  GetClassificationExportConfigurationCommand,
  GetMacieSessionCommand,
  type Macie2Client,
  PutClassificationExportConfigurationCommand,
  UpdateAutomatedDiscoveryConfigurationCommand,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2';
import type { SSMClient } from '@aws-sdk/client-ssm';
import {
  createMemory,
  type Properties,
  Refusal,
  readChoice,
  readText,
  type Setting,
} from '../custom-resources/runtime.ts';
import { createMacieJobs, type MacieJob, parseMacieJobs } from './macie-jobs.ts';

interface Wanted {
  readonly mode: 'adopt' | 'create';
  readonly memory: string;
  readonly account: string;
  /** What names of our jobs begin with. */
  readonly prefix: string;
  readonly jobs: readonly MacieJob[];
  readonly resultsBucket: string;
  readonly resultsKey: string;
}

interface Found {
  readonly status: 'none' | 'ENABLED' | 'PAUSED';
  readonly isDiscovering: boolean;
  readonly hasExport: boolean;
}

export interface MacieClients {
  readonly macie: Macie2Client;
  readonly ssm: SSMClient;
}

/**
 * Macie with automated discovery, a place for its results, and a weekly job for each group of buckets. An account has one
 * session of it in a Region. A place that results go to already is left: findings of others would go astray.
 *
 * It cannot read what was encrypted before it came to S3, as bodies of the gateway's own record are.
 *
 * Source: Amazon Macie User Guide, "Discovering sensitive data".
 */
export function createMacieSetting({ macie, ssm }: MacieClients): Setting<Wanted, Found> {
  async function readStatus(): Promise<Found['status']> {
    try {
      const { status } = await macie.send(new GetMacieSessionCommand());
      return status === 'PAUSED' ? 'PAUSED' : 'ENABLED';
    } catch (error) {
      if (isNotEnabled(error)) return 'none';
      throw error;
    }
  }

  const isDiscovering = async () =>
    (await macie.send(new GetAutomatedDiscoveryConfigurationCommand())).status === 'ENABLED';
  const hasExport = async () => {
    const { configuration } = await macie.send(new GetClassificationExportConfigurationCommand());
    return configuration?.s3Destination !== undefined;
  };

  return {
    physicalId: 'sallyport-macie',
    parse,
    memory: ({ memory }) => createMemory(ssm, memory),
    async read() {
      const status = await readStatus();
      if (status === 'none') return { status, isDiscovering: false, hasExport: false };
      return { status, isDiscovering: await isDiscovering(), hasExport: await hasExport() };
    },
    check({ status }, { mode }) {
      if (mode === 'create' && status !== 'none') {
        throw new Refusal('Macie is on here already: take it over with `adopt`, or leave it `off`');
      }
      if (mode === 'adopt' && status === 'none') {
        throw new Refusal('Macie is not on here to be adopted: switch it on with `create`');
      }
    },
    async apply({ account, prefix, jobs, resultsBucket, resultsKey }, found) {
      const status = await readStatus();
      if (status === 'none') await macie.send(new EnableMacieCommand({ status: 'ENABLED' }));
      if (status === 'PAUSED') await macie.send(new UpdateMacieSessionCommand({ status: 'ENABLED' }));
      if (!found.hasExport) {
        const s3Destination = { bucketName: resultsBucket, kmsKeyArn: resultsKey, keyPrefix: 'macie' };
        await macie.send(new PutClassificationExportConfigurationCommand({ configuration: { s3Destination } }));
      }
      if (!(await isDiscovering())) {
        await macie.send(new UpdateAutomatedDiscoveryConfigurationCommand({ status: 'ENABLED' }));
      }
      await createMacieJobs(macie, { account, prefix }).set(jobs);
      return { Jobs: String(jobs.length) };
    },
    async restore(found, { account, prefix }) {
      if ((await readStatus()) === 'none') return;
      await createMacieJobs(macie, { account, prefix }).set([]);
      if (found.status === 'none') {
        await macie.send(new DisableMacieCommand());
        return;
      }
      if (!found.isDiscovering) {
        await macie.send(new UpdateAutomatedDiscoveryConfigurationCommand({ status: 'DISABLED' }));
      }
      if (found.status === 'PAUSED') await macie.send(new UpdateMacieSessionCommand({ status: 'PAUSED' }));
    },
  };
}

function parse(properties: Properties): Wanted {
  return {
    mode: readChoice(properties, 'Mode', ['adopt', 'create']),
    memory: readText(properties, 'Memory'),
    account: readText(properties, 'Account'),
    prefix: readText(properties, 'Prefix'),
    jobs: parseMacieJobs(properties['Jobs'] ?? []),
    resultsBucket: readText(properties, 'ResultsBucket'),
    resultsKey: readText(properties, 'ResultsKey'),
  };
}

/** Macie says by the same error that it is not on and that one may not ask: only its words tell. */
function isNotEnabled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ResourceNotFoundException') return true;
  return error.name === 'AccessDeniedException' && /Macie is not enabled/i.test(error.message);
}
