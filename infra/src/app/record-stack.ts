import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src/config/index.ts';
import { AuditStore } from '../record/audit-store.ts';
import { GatewayState } from '../record/gateway-state.ts';
import { logStatements, toAccessPointArn } from '../record/log-access.ts';
import { type RecordPlaces, recordStatements } from '../record/record-access.ts';
import { RecordAlarms } from '../record/record-alarms.ts';
import { RecordJournal } from '../record/record-journal.ts';
import { RecordRole } from '../record/record-role.ts';
import { Sequencer } from '../record/sequencer.ts';
import { type CodeSource, createBundle, createConfigurationLayer, toSource } from './code.ts';
import { keysOf, readPublished, readPublishedNetwork, toParameters } from './published.ts';
import { toRecordPlaces } from './record-places.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

export interface RecordStackProps {
  readonly settings: Settings;
  readonly code: CodeSource;
  /** A directory with `sallyport.yaml` and the files that it names. */
  readonly configuration: string;
}

/** The log's bucket, both tables, the sequencer and those who read the record. Throws a `ConfigError` for what does not go. */
export class RecordStack extends SallyportStack {
  constructor(scope: Construct, { settings, code, configuration }: RecordStackProps) {
    super(scope, 'record', { settings, description: 'Sallyport: the record, its log and the state' });
    refuseUnfit(settings);
    const { config, deploy, state, store, prefix } = settings;
    const source = toSource(settings, code);
    const key = keysOf(this, settings);
    const network = readPublishedNetwork(this, settings, 'functions');
    const topic = readPublished(this, settings, 'alarms/topic');
    const { recoveryDays, replica } = deploy.record;
    const table = { prefix, key: key('state'), recoveryDays };
    const journal = new RecordJournal(this, 'Journal', { ...table, tableName: state.journalTable });
    const gatewayState = new GatewayState(this, 'State', { ...table, tableName: state.table });
    const accessPoint = toAccessPointName(store.bucket);
    const removesSegments = config.tenants.some(({ retentionDays }) => retentionDays !== undefined);
    const log = new AuditStore(this, 'Log', {
      prefix,
      bucketName:
        accessPoint === undefined ? store.bucket : (deploy.record.bucket ?? `${prefix}-log-${Aws.ACCOUNT_ID}`),
      keyPrefix: store.prefix,
      key: key('log'),
      vpc: readPublished(this, settings, 'network/vpc'),
      removesSegments,
      ...(accessPoint === undefined ? {} : { applicationAccessPoint: accessPoint }),
      ...(replica === undefined ? {} : { replica }),
    });
    const places = toRecordPlaces(settings, key, {
      state: gatewayState.table,
      journal: journal.table,
      log: { arn: log.application, prefix: store.prefix, removesSegments },
    });
    const sequencer = new Sequencer(this, 'Sequencer', {
      prefix,
      code: createBundle(this, source, 'arm64'),
      layers: [createConfigurationLayer(this, source, configuration)],
      places,
      stream: journal.stream,
      network,
      keys: { logs: key('logs'), messages: key('messages'), environment: key('secrets') },
      ...(deploy.codeSigning ? { codeSigning: readPublished(this, settings, 'code-signing') } : {}),
    });
    new RecordAlarms(this, 'Alarms', {
      prefix,
      functionName: sequencer.functionName,
      queueName: sequencer.queueName,
      tables: [state.table, state.journalTable],
      topics: [topic],
      ...(config.telemetry.emf === undefined ? {} : { namespace: config.telemetry.emf.namespace }),
    });
    this.#createRoles(settings, places);
  }

  #createRoles({ deploy, store, prefix, ...settings }: Settings, places: RecordPlaces): void {
    const { operators, auditors, security } = deploy.record;
    const readers = [
      { name: 'auditor', people: auditors, says: 'Reads and verifies the log' },
      { name: 'security', people: security, says: 'Sees names, versions and locks of the log, and no content' },
    ] as const;
    for (const { name, people, says } of readers) {
      if (people.length === 0) continue;
      const arn = toAccessPointArn(`${prefix}-log-${name}`);
      const reads = logStatements(name, { ...places.log, arn, prefix: store.prefix });
      const opens = {
        Sid: 'OpenTheLog',
        Effect: 'Allow',
        Action: ['kms:Decrypt'],
        Resource: places.keys.log,
        Condition: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
      } as const;
      new RecordRole(this, `Role-${name}`, {
        roleName: `${prefix}-${name}`,
        description: says,
        assumedBy: people,
        statements: name === 'auditor' ? [...reads, opens] : reads,
      });
    }
    if (operators.length === 0) return;
    new RecordRole(this, 'Role-operator', {
      roleName: `${prefix}-operator`,
      description: `Runs commands on ${toParameters(settings)}`,
      assumedBy: operators,
      statements: recordStatements('operator', places),
    });
  }
}

/** The name of the access point that the configuration asks at; undefined where it names the bucket. */
function toAccessPointName(bucket: string): string | undefined {
  return bucket.startsWith('arn:') ? bucket.split('/').at(-1) : undefined;
}

function refuseUnfit({ config, deploy, state, store, prefix }: Settings): void {
  const problems: string[] = [];
  const alias = `alias/${prefix}-log`;
  if (store.kmsKeyId === undefined) {
    problems.push(
      `\`audit.store.kmsKeyId\` is missing: the log's bucket takes nothing that is not under KMS; \`${alias}\``,
    );
  }
  if (deploy.record.recoveryDays > config.audit.backupDays) {
    problems.push(
      '`deploy.record.recoveryDays` is more than `audit.backupDays`: an erasure would be called complete before it is',
    );
  }
  for (const table of [state.table, state.journalTable]) {
    if (table.startsWith('arn:'))
      problems.push(`\`state\` names a table by its ARN, ${table}: one that is made has a name`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
