import { Construct } from 'constructs';
import { journalTable } from '../../../src/audit/index.ts';
import { createTable, type TableProps } from './table-properties.ts';

/** The journal's table, with its stream: what is durable and not in the log yet (docs/reference/dynamodb-journal.md). */
export class RecordJournal extends Construct {
  /** By ARN. */
  readonly table: string;
  /** The stream that wakes the sequencer, by ARN. */
  readonly stream: string;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    const roles = ['gateway', 'sequencer', 'operator', 'workflow-*'];
    const table = createTable(this, 'Table', { ...props, definition: journalTable, roles });
    this.table = table.attrArn;
    this.stream = table.attrStreamArn;
  }
}
