import type { ColumnType } from 'kysely';
import type { Credential, PrincipalId, TenantId } from '../core/index.ts';

/** libsql takes every array of bytes for a blob and gives it back as an `ArrayBuffer`. */
type Blob = ColumnType<ArrayBuffer | Uint8Array, Uint8Array, never>;
type Fixed<T> = ColumnType<T, T, never>;

/** The tables of the state file. Times are epoch milliseconds. */
export interface Tables {
  readonly credentials: {
    readonly id: Fixed<string>;
    readonly kind: Fixed<Credential['kind']>;
    readonly tenant: Fixed<TenantId>;
    readonly principal: Fixed<PrincipalId>;
    readonly secret: Blob;
    readonly created_at: Fixed<number>;
    readonly expires_at: Fixed<number | null>;
    readonly revoked_at: number | null;
  };
  readonly wrapped_keys: {
    readonly tenant: Fixed<string>;
    readonly subject: Fixed<string>;
    readonly key_id: Blob;
    readonly slot: number;
    readonly generation: number;
  };
  readonly wrapped_bytes: {
    readonly slot: Fixed<number>;
    readonly content: Blob;
  };
  readonly destroyed_keys: {
    readonly key_id: Blob;
    readonly destroyed_at: Fixed<number>;
  };
  /** `subject` is empty where a hold is on the whole tenant. */
  readonly legal_holds: {
    readonly tenant: Fixed<string>;
    readonly subject: Fixed<string>;
    readonly since: Fixed<number>;
  };
  readonly log_heads: {
    readonly log: Fixed<string>;
    readonly content: ColumnType<ArrayBuffer | Uint8Array, Uint8Array, Uint8Array>;
  };
  /** `findings` has a space around each type. */
  readonly record_index: {
    readonly place: Fixed<number>;
    readonly time: Fixed<number>;
    readonly type: Fixed<string>;
    readonly request_id: Fixed<string>;
    readonly tenant: Fixed<string>;
    readonly principal: Fixed<string>;
    readonly model: Fixed<string | null>;
    readonly action: Fixed<string | null>;
    readonly decision: Fixed<string | null>;
    readonly findings: Fixed<string>;
    readonly segment: Fixed<string>;
  };
  readonly record_index_position: {
    readonly id: number;
    readonly position: number;
  };
}
