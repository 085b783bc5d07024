/** Who uses a key of ours, by the ends of roles' names (`PREFIX-gateway`), through which service. */
export interface ServiceUse {
  readonly service: 's3' | 'dynamodb' | 'sqs' | 'secretsmanager' | 'ssm' | 'aoss' | 'ecr' | 'lambda' | 'states';
  readonly writers: readonly string[];
  readonly readers?: readonly string[];
}

interface DataClassEntry {
  readonly says: string;
  readonly uses: readonly ServiceUse[];
}

const SECRET_READERS = ['gateway', 'sequencer', 'operator', 'workflow-*'];

/** What there is a key for: data whose loss or disclosure is a matter of its own. */
export const dataClasses = {
  record: { says: 'record keys, which prompts and answers are encrypted under', uses: [] },
  log: {
    says: 'objects of the log',
    uses: [
      {
        service: 's3',
        writers: ['gateway', 'sequencer', 'operator', 'workflow-*'],
        readers: ['auditor', 'replication'],
      },
    ],
  },
  state: {
    says: 'the tables of state and journal',
    uses: [
      {
        service: 'dynamodb',
        writers: ['gateway', 'sequencer', 'operator', 'workflow-*'],
        // Their own policies say whether, and of which items.
        readers: ['pool-*', 'tenant-*'],
      },
    ],
  },
  logs: { says: 'log groups', uses: [] },
  secrets: {
    says: 'secrets, parameters and environments of functions',
    uses: [
      { service: 'secretsmanager', writers: [], readers: SECRET_READERS },
      { service: 'ssm', writers: [], readers: SECRET_READERS },
      // Environments of functions, by a grant that Lambda keeps for each.
      { service: 'lambda', writers: [] },
    ],
  },
  messages: { says: 'dead letters and alarms', uses: [{ service: 'sqs', writers: ['sequencer'] }] },
  vectors: { says: 'vector collections', uses: [] },
  workflow: {
    says: 'what lies between steps of a workflow',
    uses: [
      { service: 's3', writers: ['workflow-*', 'application', 'pool-*', 'tenant-*'] },
      { service: 'states', writers: ['states', 'application'] },
    ],
  },
  // By a grant that ECR keeps for the repository: who pulls or pushes needs nothing of the key.
  images: { says: 'images of the gateway', uses: [{ service: 'ecr', writers: [] }] },
} as const satisfies Readonly<Record<string, DataClassEntry>>;

export type DataClass = keyof typeof dataClasses;
