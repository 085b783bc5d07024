import { createHash } from 'node:crypto';
import {
  CreateClassificationJobCommand,
  type JobSummary,
  ListClassificationJobsCommand,
  type Macie2Client,
  UpdateClassificationJobCommand,
} from '@aws-sdk/client-macie2';
import { Refusal, readText, readTexts } from '../custom-resources/runtime.ts';

/** Buckets that are looked through for personal data, week by week. */
export interface MacieJob {
  readonly name: string;
  readonly buckets: readonly string[];
}

export interface MacieJobsOptions {
  readonly account: string;
  /** What names of our jobs begin with: no other job is touched. */
  readonly prefix: string;
}

export function parseMacieJobs(value: unknown): readonly MacieJob[] {
  if (!Array.isArray(value)) throw new Refusal('the property `Jobs` is no list');
  return value.map((each) => ({ name: readText(each, 'Name'), buckets: readTexts(each, 'Buckets') }));
}

/** Our jobs. Macie changes none: one that is wanted otherwise is another job, and the old one is cancelled. */
export function createMacieJobs(macie: Macie2Client, { account, prefix }: MacieJobsOptions) {
  const toName = ({ name, buckets }: MacieJob) => {
    const digest = createHash('sha256').update(JSON.stringify(buckets)).digest('hex');
    return `${prefix}-${name}-${digest.slice(0, 12)}`;
  };

  async function readOwn(): Promise<readonly JobSummary[]> {
    const jobs: JobSummary[] = [];
    let nextToken: string | undefined;
    do {
      const page = await macie.send(
        new ListClassificationJobsCommand({
          filterCriteria: { includes: [{ key: 'name', comparator: 'STARTS_WITH', values: [`${prefix}-`] }] },
          nextToken,
        }),
      );
      jobs.push(...(page.items ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return jobs.filter(({ jobStatus }) => jobStatus !== 'CANCELLED' && jobStatus !== 'COMPLETE');
  }

  return {
    /** Makes the jobs that are missing, and cancels those of ours that are not wanted. */
    async set(jobs: readonly MacieJob[]): Promise<void> {
      const own = await readOwn();
      const wanted = new Map(jobs.map((job) => [toName(job), job]));
      for (const [name, { buckets }] of wanted) {
        if (own.some((job) => job.name === name)) continue;
        await macie.send(
          new CreateClassificationJobCommand({
            name,
            jobType: 'SCHEDULED',
            scheduleFrequency: { weeklySchedule: { dayOfWeek: 'MONDAY' } },
            initialRun: true,
            managedDataIdentifierSelector: 'ALL',
            s3JobDefinition: { bucketDefinitions: [{ accountId: account, buckets: [...buckets] }] },
          }),
        );
      }
      for (const { jobId, name = '' } of own) {
        if (wanted.has(name)) continue;
        await macie.send(new UpdateClassificationJobCommand({ jobId, jobStatus: 'CANCELLED' }));
      }
    },
  };
}
