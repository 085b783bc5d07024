import { Construct } from 'constructs';
import { stateTable } from '../../../src/state/index.ts';
import { createTable, type TableProps } from './table-properties.ts';

/** The state's table: credentials, record keys, holds, the log's head and index (docs/reference/dynamodb.md). */
export class GatewayState extends Construct {
  /** By ARN. */
  readonly table: string;

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id);
    // A role of a tenant may be let at its own items: its own policy says which.
    const roles = ['gateway', 'sequencer', 'operator', 'workflow-*', 'pool-*', 'tenant-*'];
    this.table = createTable(this, 'Table', { ...props, definition: stateTable, roles }).attrArn;
  }
}
